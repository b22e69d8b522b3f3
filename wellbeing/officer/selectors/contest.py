"""Questions to the wellbeing officer: what a person may ask about, what waits for an answer, and what was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from people.selectors import team_of
from wellbeing.core.rules.names import unit_of
from wellbeing.models import LimitRow, LimitScope, LoadFlag, Question
from wellbeing.officer.rules.refusals import REFUSALS

LIMIT, REFUSAL, FLAG = "limit", "refusal", "flag"
REVEAL_UP = "REVEAL_UP"
"""The flag that is stored nowhere: its name is all there is to ask about."""
ANSWERED_SHOWN = 20
LONGEST_KEY = 18


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
    """One question, with its words and its answer if there is one.

    ``limit`` or ``flag`` (a code) is what it is about; of a refusal ``about_ref`` is the rule's name.
    """

    id: UUID
    subject: UUID
    about: str
    about_ref: str
    limit: AboutLimit | None
    flag: str
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
    """Say whether this is about this person: a limit that binds them, a rule that can refuse, or a flag of theirs."""
    if about == LIMIT:
        return _is_key(about_ref) and limit_about(subject, int(about_ref), at=at) is not None
    if about == REFUSAL:
        return about_ref in REFUSALS
    return about == FLAG and bool(flag_about(subject, about_ref))


def flag_about(subject: UUID, about_ref: str) -> str:
    """Return the code of this person's flag; empty if it is none of theirs."""
    if about_ref == REVEAL_UP:
        return REVEAL_UP
    return _code_of(about_ref, LoadFlag.objects.filter(subject=subject))


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
    return lines_of(Question.objects.filter(subject=subject).order_by("-asked_at")[:ANSWERED_SHOWN])


def line_of(question: Question) -> QuestionLine:
    """Describe one question whole."""
    (line,) = lines_of([question])
    return line


def lines_of(questions: Iterable[Question]) -> list[QuestionLine]:
    """Describe questions whole, in three queries however many they are."""
    asked = list(questions)
    about = {kind: [one.about_ref for one in asked if one.about == kind] for kind in (LIMIT, FLAG)}
    limits = LimitRow.objects.in_bulk([int(ref) for ref in about[LIMIT]]) if about[LIMIT] else {}
    flags = LoadFlag.objects.in_bulk([UUID(ref) for ref in about[FLAG] if ref != REVEAL_UP])
    return [_line(one, limits, flags) for one in asked]


def _line(question: Question, limits: Mapping[int, LimitRow], flags: Mapping[UUID, LoadFlag]) -> QuestionLine:
    return QuestionLine(
        id=question.pk,
        subject=question.subject,
        about=question.about,
        about_ref=question.about_ref,
        limit=_limit(question, limits),
        flag=_flag(question, flags),
        words=question.words,
        asked_at=question.asked_at,
        due_at=question.due_at,
        answer=question.answer,
        answered_by=question.answered_by,
        answered_at=question.answered_at,
    )


def _limit(question: Question, limits: Mapping[int, LimitRow]) -> AboutLimit | None:
    row = limits.get(int(question.about_ref)) if question.about == LIMIT else None
    return None if row is None else _about(row)


def _flag(question: Question, flags: Mapping[UUID, LoadFlag]) -> str:
    if question.about != FLAG:
        return ""
    if question.about_ref == REVEAL_UP:
        return REVEAL_UP
    flag = flags.get(UUID(question.about_ref))
    return flag.code if flag is not None and flag.subject == question.subject else ""


def _code_of(about_ref: str, flags: QuerySet[LoadFlag]) -> str:
    try:
        return flags.filter(pk=UUID(about_ref)).values_list("code", flat=True).first() or ""
    except ValueError:
        return ""


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


def _about(row: LimitRow) -> AboutLimit:
    return AboutLimit(row.name, row.value, unit_of(row.name), row.scope, row.set_by, row.set_at, row.reason)
