"""Shifts in words: when one is, who planned it, and what is said about one that cannot be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from web.shared.names import Names
from wellbeing.exceptions import NotFound, Refused
from wellbeing.rules import shifts as rules
from wellbeing.rules.shifts import Planned
from wellbeing.selectors.shifts import ShiftLine

DAY, DAY_AND_TIME = "l j F Y", "l j F, H:i"
SENTENCES: Final[dict[type[Refused], str | Promise]] = {
    rules.NotOnAQuarter: gettext_lazy(
        "A shift begins and ends at a whole quarter of an hour, like 09:00 or 17:15."
    ),
    rules.ShiftEndsBeforeItBegins: gettext_lazy("A shift ends after it begins."),
    rules.NothingPlanned: gettext_lazy("No day was chosen, so nothing was planned."),
    rules.TooManyShifts: gettext_lazy("That is more than eight weeks of days. Plan fewer at a time."),
    NotFound: gettext_lazy("That shift is not there any more. This page shows what is planned."),
}


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """One shift: its day, from when to when, a remark about who planned or cancelled it, and whether it can be cancelled.

    ``name``: of whom it is, on a lead's page; ``until_day`` is empty where it ends on the day on which it begins.
    """

    id: UUID
    day: str
    begins: str
    ends: str
    until_day: str
    name: str
    remark: str
    may_cancel: bool
    is_cancelled: bool


def shift_rows(
    lines: Sequence[ShiftLine],
    names: Names,
    zone_of: Callable[[UUID], ZoneInfo],
    called: Callable[[UUID], str] = lambda _subject: "",
) -> list[ShiftRow]:
    """Return the rows, each on the clock of who works it; *called*: what a lead calls them."""
    return [_row(line, names, zone_of(line.subject), called(line.subject)) for line in lines]


def sentence(refusal: Refused, zone: ZoneInfo, *, name: str = "") -> str:
    """Return what is said about *refusal*: what is in the way, and what would do. *name*: of whom, on a lead's page."""
    match refusal:
        case rules.NoSuchTime(typed=typed, next_at=next_at):
            return _("The clocks leave out %(typed)s on %(day)s. Write %(next)s or later.") % {
                "typed": date_format(typed, "H:i"),
                "day": date_format(typed, "j F Y"),
                "next": date_format(next_at, "H:i"),
            }
        case rules.ShiftTooLong(shift=Planned() as shift):
            return _("%(shift)s is %(length)s long. A shift is at most 12 hours.") % {
                "shift": span(shift, zone),
                "length": hours(shift.ends_at - shift.starts_at),
            }
        case rules.ShiftHasBegun(shift=Planned() as shift):
            return _("%(shift)s lies behind, or has begun. What has begun stays as it is.") % {
                "shift": span(shift, zone)
            }
        case rules.TooFarAhead(latest=latest):
            return _("Shifts are planned at most eight weeks ahead: until %(day)s.") % {
                "day": date_format(latest.astimezone(zone), DAY)
            }
        case rules.ShiftsOverlap(shift=Planned() as shift, other=other):
            return _(
                "%(shift)s lies in the same time as %(other)s. Cancel that one first, or choose another time."
            ) % {"shift": span(shift, zone), "other": span(other, zone)}
        case rules.TooLittleRest():
            return _too_little_rest(refusal, zone)
        case rules.NightIsTheirs(shift=Planned() as shift):
            return _("%(shift)s touches the night, from 22:00 to 06:00. Only %(name)s plans that.") % {
                "shift": span(shift, zone),
                "name": name,
            }
    return str(SENTENCES.get(type(refusal), _("That is not possible now. This page shows what is planned.")))


def planned_sentence(count: int) -> str:
    """Return what is said when so many shifts were planned."""
    return ngettext("Planned.", "%(count)d shifts are planned.", count) % {"count": count}


def span(shift: Planned, zone: ZoneInfo) -> str:
    """Return 'Monday 23 November, 09:00 to 17:00' on the clock of *zone*."""
    begins, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    until = date_format(ends, "H:i" if begins.date() == ends.date() else DAY_AND_TIME)
    return _("%(begins)s to %(ends)s") % {"begins": date_format(begins, DAY_AND_TIME), "ends": until}


def hours(length: timedelta) -> str:
    """Return '8 hours', '8:15 hours' or '30 minutes'."""
    whole, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if minutes and not whole:
        return _("%(minutes)d minutes") % {"minutes": minutes}
    if minutes:
        return _("%(hours)d:%(minutes)02d hours") % {"hours": whole, "minutes": minutes}
    return ngettext("%(count)d hour", "%(count)d hours", whole) % {"count": whole}


def _too_little_rest(refusal: rules.TooLittleRest, zone: ZoneInfo) -> str:
    facts = {"rest": hours(refusal.rest), "other": span(refusal.other, zone)}
    if refusal.earliest is not None:
        words = _(
            "Only %(rest)s of rest would lie after %(other)s. It takes 11 hours: begin on %(earliest)s or later."
        )
        return words % {**facts, "earliest": _moment(refusal.earliest, zone)}
    if refusal.latest is None:
        raise AssertionError("too little rest is told from one of the two sides")
    words = _(
        "Only %(rest)s of rest would lie before %(other)s. It takes 11 hours: end on %(latest)s or sooner."
    )
    return words % {**facts, "latest": _moment(refusal.latest, zone)}


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone), DAY_AND_TIME)


def _row(line: ShiftLine, names: Names, zone: ZoneInfo, name: str) -> ShiftRow:
    begins, ends = line.starts_at.astimezone(zone), line.ends_at.astimezone(zone)
    return ShiftRow(
        id=line.id,
        day=date_format(begins, DAY),
        begins=date_format(begins, "H:i"),
        ends=date_format(ends, "H:i"),
        until_day="" if begins.date() == ends.date() else date_format(ends, DAY),
        name=name,
        remark=_remark(line, names),
        may_cancel=not (line.has_begun or line.cancelled_by),
        is_cancelled=bool(line.cancelled_by),
    )


def _remark(line: ShiftLine, names: Names) -> str:
    if line.cancelled_by:
        return _("cancelled by %(name)s") % {"name": names.of(line.cancelled_by)}
    if line.is_by_other:
        return _("planned by %(name)s") % {"name": names.of(line.planned_by)}
    return ""
