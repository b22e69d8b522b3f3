"""Questions to the wellbeing officer: what a person may ask about, what waits for an answer, and what was answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from people.selectors import team_of
from wellbeing.models import LimitRow, LimitScope, Question
from wellbeing.rules.names import unit_of

LIMIT = "limit"
ANSWERED_SHOWN = 20


@dataclass(frozen=True)
class AboutLimit:
    """The limit that a question is about, as somebody set it."""

    name: str
    value: int
    unit: str
    scope: str
    set_by: str
    set_at: datetime
    reason: str


@dataclass(frozen=True)
class QuestionLine:
    """One question, with its words and its answer if there is one. ``limit`` is what it is about."""

    id: UUID
    subject: UUID
    about: str
    about_ref: str
    limit: AboutLimit | None
    words: str
    asked_at: datetime
    due_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True)
class OpenQuestion:
    """That somebody asked, and by when an answer is due. The words are read one by one (``questions.read``)."""

    id: UUID
    subject: UUID
    about: str
    asked_at: datetime
    due_at: datetime
    is_overdue: bool


def may_ask_about(subject: UUID, about: str, about_ref: str, *, at: datetime) -> bool:
    """Say whether this is about this person: a limit of the organisation, of their team, or set for them."""
    if about != LIMIT or not (about_ref.isascii() and about_ref.isdigit() and len(about_ref) <= 18):
        return False
    return limit_about(subject, int(about_ref), at=at) is not None


def limit_about(subject: UUID, row: int, *, at: datetime) -> AboutLimit | None:
    """Return the limit that a row set, if it concerns this person; their own values are nobody's to look at."""
    mine = Q(scope=LimitScope.CEILING) | Q(scope=LimitScope.PERSON, scope_ref=str(subject))
    mine |= Q(scope=LimitScope.TEAM, scope_ref=str(team_of(subject, at=at)))
    found = LimitRow.objects.filter(mine, pk=row).first()
    return None if found is None else _about(found)


def open_questions(at: datetime) -> list[OpenQuestion]:
    """Return the officer's list, what is due first at the top; without words, so that nothing is read by listing it."""
    rows = Question.objects.filter(answered_at__isnull=True).order_by("due_at", "id")
    return [
        OpenQuestion(row.pk, row.subject, row.about, row.asked_at, row.due_at, row.due_at < at)
        for row in rows
    ]


def questions_of(subject: UUID) -> list[QuestionLine]:
    """Return a person's own questions, newest first, with the answers."""
    return [
        line_of(row)
        for row in Question.objects.filter(subject=subject).order_by("-asked_at")[:ANSWERED_SHOWN]
    ]


def line_of(question: Question) -> QuestionLine:
    """Describe one question whole."""
    return QuestionLine(
        id=question.pk,
        subject=question.subject,
        about=question.about,
        about_ref=question.about_ref,
        limit=_limit(question),
        words=question.words,
        asked_at=question.asked_at,
        due_at=question.due_at,
        answer=question.answer,
        answered_by=question.answered_by,
        answered_at=question.answered_at,
    )


def _limit(question: Question) -> AboutLimit | None:
    row = LimitRow.objects.filter(pk=int(question.about_ref)).first() if question.about == LIMIT else None
    return None if row is None else _about(row)


def _about(row: LimitRow) -> AboutLimit:
    return AboutLimit(row.name, row.value, unit_of(row.name), row.scope, row.set_by, row.set_at, row.reason)
