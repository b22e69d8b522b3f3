"""Load flags in words, with their arithmetic from daily sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from people.access import Member
from web.officer import wording
from web.shared import moments
from web.shared.flags import arithmetic
from web.shared.names import Names
from wellbeing.officer.selectors.record import MeasureLine, OfficerFlag


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One load flag. ``person_id`` is None for somebody whose link was cut."""

    id: UUID
    name: str
    person_id: int | None
    what: str
    about: str
    level: str
    is_red: bool
    day: str
    arithmetic: str
    state: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One thing that was done. ``may_end``: it has days left after today."""

    id: UUID
    what: str
    who: str
    words: str
    ended: str
    may_end: bool


def flag_rows(lines: Sequence[OfficerFlag], people: Mapping[UUID, Member]) -> list[FlagRow]:
    """Return flags in words; *people* by subject."""
    return [flag_row(line, people.get(line.subject)) for line in lines]


def flag_row(line: OfficerFlag, person: Member | None) -> FlagRow:
    """Return one flag in words."""
    return FlagRow(
        id=line.id,
        name=person.name if person else _("somebody who has left"),
        person_id=person.id if person else None,
        what=wording.flag(line.code),
        about=str(wording.ABOUT.get(line.code, "")),
        level=wording.level(line.level),
        is_red=line.level == "red",
        day=moments.day(line.local_date),
        arithmetic=arithmetic(line.code, line.figures),
        state=_state(line),
    )


def measure_rows(lines: Sequence[MeasureLine], names: Names) -> list[MeasureRow]:
    """Return what was done, in words."""
    return [
        MeasureRow(
            id=line.id,
            what=wording.measure(line),
            who=wording.by(names, line.set_by, line.set_at),
            words=line.words,
            ended=_("Ended by %(who)s") % {"who": wording.by(names, line.ended_by, line.ended_at)}
            if line.ended_at
            else "",
            may_end=line.may_end,
        )
        for line in lines
    ]


def people_in(lines: Sequence[MeasureLine]) -> list[str]:
    """Return who is named in what was done."""
    return [subject for line in lines for subject in (line.set_by, line.ended_by) if subject]


def _state(line: OfficerFlag) -> str:
    if line.closed_at is not None:
        return _("done with")
    if line.follow_up_on is not None:
        return _("look again %(day)s") % {"day": moments.short_day(line.follow_up_on)}
    return _("open") if not line.fold else _("open, something was done")
