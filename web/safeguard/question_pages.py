"""A question to the officer, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.shared import limits
from web.shared.asked_about import subject_matter
from web.shared.moments import due, moment
from web.shared.names import Names
from wellbeing.officer.selectors.contest import AboutLimit, OpenQuestion, QuestionLine

WHOSE: Final = {
    "ceiling": gettext_lazy("What the organisation allows"),
    "team": gettext_lazy("A limit of the team"),
    "person": gettext_lazy("A value that a lead set for this person"),
}

ASKED: Final = {
    "limit": gettext_lazy("A question about a limit, asked %(moment)s"),
    "refusal": gettext_lazy("A question about something that was refused, asked %(moment)s"),
    "flag": gettext_lazy("A question about a load flag, asked %(moment)s"),
}


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One line of the list."""

    id: UUID
    about: str
    due: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question whole."""

    id: UUID
    name: str
    about: str
    facts: list[str]
    words: str
    due: str
    answer: str
    answered: str


def open_rows(lines: Sequence[OpenQuestion]) -> list[OpenRow]:
    """Return what waits, what is due first at the top."""
    return [
        OpenRow(line.id, _asked(line), due(line.due_at, is_overdue=line.is_overdue), line.is_overdue)
        for line in lines
    ]


def question_page(line: QuestionLine, *, at: datetime) -> QuestionPage:
    """Return one question in words; one query, for names. ``due`` is empty once it is answered."""
    named = [str(line.subject), line.answered_by, line.limit.set_by if line.limit else ""]
    names = Names(named)
    return QuestionPage(
        id=line.id,
        name=names.of(str(line.subject)),
        about=str(WHOSE.get(line.limit.scope, "")) if line.limit else subject_matter(line),
        facts=_facts(line.limit, names) if line.limit else [],
        words=line.words,
        due=due(line.due_at, is_overdue=line.due_at < at) if line.answered_at is None else "",
        answer=line.answer,
        answered=_answered(line, names),
    )


def _facts(limit: AboutLimit, names: Names) -> list[str]:
    value = _("%(label)s: %(amount)s") % {
        "label": limits.label(limit.name),
        "amount": limits.amount(limit.name, limit.value),
    }
    who = _("Set by %(name)s, %(moment)s.") % {"name": names.of(limit.set_by), "moment": moment(limit.set_at)}
    return [value, who, *([f"“{limit.reason}”"] if limit.reason else [])]


def _asked(line: OpenQuestion) -> str:
    return str(ASKED[line.about]) % {"moment": moment(line.asked_at)}


def _answered(line: QuestionLine, names: Names) -> str:
    if line.answered_at is None:
        return ""
    return _("%(name)s, %(moment)s") % {
        "name": names.of(line.answered_by),
        "moment": moment(line.answered_at),
    }
