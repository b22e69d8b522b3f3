"""The officer's first page in words. It names nobody and tells no figure of a person, so nothing is noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.selectors.off_labels import off_labels
from people.selectors import team_names
from web.shared import moments
from web.shared.contracts import contract_reminder
from web.shared.moments import due, moment
from web.shared.off_labels import OffPart, off_part
from web.shared.reminders import review_reminder
from wellbeing.officer.selectors.contest import OpenQuestion, open_questions
from wellbeing.officer.selectors.record import (
    FollowUp,
    OpenCount,
    follow_ups,
    open_count,
    people_short_of_breaks,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something with a date, and whether that date has come."""

    id: UUID
    about: str
    due: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class TeamRow:
    """How many of a team had breaks cut short."""

    team: str
    told: str


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What waits for an officer."""

    questions: list[Waiting]
    follow_ups: list[Waiting]
    flags: str
    has_flags: bool
    teams: list[TeamRow]
    off: OffPart
    review: str
    review_is_due: bool
    contract: str


def first_page(at: datetime) -> FirstPage:
    """Return what waits at *at*; dates on the reader's clock."""
    today, count = localdate(at), open_count()
    reminder = review_reminder(today)
    return FirstPage(
        questions=_questions(open_questions(at)),
        follow_ups=[_follow_up(line) for line in follow_ups(today=today)],
        flags=_flags(count),
        has_flags=count.all > 0,
        teams=_teams(at),
        off=off_part(off_labels(at=at), at),
        review=reminder.sentence,
        review_is_due=reminder.is_due,
        contract=contract_reminder(today),
    )


def _questions(lines: Sequence[OpenQuestion]) -> list[Waiting]:
    """Overdue ones come first: they are sorted by when they are due."""
    return [
        Waiting(
            line.id,
            _("Asked %(moment)s") % {"moment": moment(line.asked_at)},
            due(line.due_at, is_overdue=line.is_overdue),
            line.is_overdue,
        )
        for line in lines
    ]


def _follow_up(line: FollowUp) -> Waiting:
    return Waiting(line.flag_id, _("A load flag to look at again"), moments.day(line.on), line.is_due)


def _flags(count: OpenCount) -> str:
    if not count.all:
        return _("No load flag is open.")
    told = ngettext("%(count)d load flag is open.", "%(count)d load flags are open.", count.all)
    red = ngettext("%(count)d is red.", "%(count)d are red.", count.red)
    sentences = [told % {"count": count.all}, *([red % {"count": count.red}] if count.red else [])]
    return " ".join(sentences)


def _teams(at: datetime) -> list[TeamRow]:
    rows = [(name, people_short_of_breaks(team, at=at)) for team, name in team_names()]
    return [TeamRow(name, _short(people)) for name, people in rows]


def _short(people: int | None) -> str:
    if people is None:
        return _("fewer than 5 people, so not told")
    return _("about %(count)d people") % {"count": people} if people else _("fewer than 3 people, or nobody")
