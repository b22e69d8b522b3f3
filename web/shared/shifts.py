"""Shifts in words: when one is, and who planned it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from web.shared.moments import day, day_and_time
from web.shared.names import Names
from wellbeing.shifts.rules import Planned
from wellbeing.shifts.selectors import ShiftLine


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


def planned_sentence(count: int) -> str:
    """Return what is said when so many shifts were planned."""
    return ngettext("Planned.", "%(count)d shifts are planned.", count) % {"count": count}


def span(shift: Planned, zone: ZoneInfo | None) -> str:
    """Return 'Monday 23 November, 09:00 to 17:00' on the clock of *zone*."""
    begins, ends = localtime(shift.starts_at, zone), localtime(shift.ends_at, zone)
    until = f"{ends:%H:%M}" if begins.date() == ends.date() else day_and_time(ends, zone)
    return _("%(begins)s to %(ends)s") % {"begins": day_and_time(begins, zone), "ends": until}


def hours(length: timedelta) -> str:
    """Return '8 hours', '8:15 hours' or '30 minutes'."""
    whole, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if minutes and not whole:
        return _("%(minutes)d minutes") % {"minutes": minutes}
    if minutes:
        return _("%(hours)d:%(minutes)02d hours") % {"hours": whole, "minutes": minutes}
    return ngettext("%(count)d hour", "%(count)d hours", whole) % {"count": whole}


def _row(line: ShiftLine, names: Names, zone: ZoneInfo, name: str) -> ShiftRow:
    begins, ends = line.starts_at.astimezone(zone), line.ends_at.astimezone(zone)
    return ShiftRow(
        id=line.id,
        day=day(begins),
        begins=f"{begins:%H:%M}",
        ends=f"{ends:%H:%M}",
        until_day="" if begins.date() == ends.date() else day(ends),
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
