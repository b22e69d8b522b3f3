"""'My day' over 7 or 28 days, and one day of the past with what held then; for the person it is about alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from queues.selectors.taken import limits_versions
from web.desk import my_day_charts, wording
from web.desk.charts import Chart
from web.desk.my_day_pages import Flag, my_flags
from web.desk.my_day_words import (
    Row,
    break_rows,
    day_name,
    lasted,
    load_rows,
    minutes,
    moment,
    presence_rows,
    short_day,
    unheard_row,
    whose,
)
from web.desk.pages import DeskVisit
from web.shared.limits import amount, label
from wellbeing.core.rules.days import MINUTES_OF_DAY, local_time
from wellbeing.core.rules.scopes import InForce
from wellbeing.my_day.selectors.one_day import OneDay, day_on, limits_at, one_day
from wellbeing.my_day.selectors.periods import DaySums, Part, Period, period

SPANS: Final = (7, 28)
CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
KEPT_AT_MOST: Final = timedelta(days=50 * 365)
"""Nobody has days further back; a date before them is a slip of the hand."""


class Unreadable(Exception):
    """What was typed is no day or time that can be told; the message says how one is written."""


@dataclass(frozen=True, slots=True)
class PeriodPage:
    """7 or 28 days: a row per day, the newest first, and all together."""

    span: int
    minutes_chart: Chart
    load_chart: Chart
    minutes: list[Row]
    minutes_together: Row
    load: list[Row]
    load_together: str
    load_limits: str
    flags: list[Flag]


@dataclass(frozen=True, slots=True)
class DayPage:
    """One day: its lines, and the limits that held at ``held_at`` of it."""

    day: str
    iso: str
    zone: str
    working: str
    minutes_chart: Chart
    severities: list[Row]
    unheard: list[Row]
    load: list[Row]
    load_points: str
    breaks: list[Row]
    presence: list[Row]
    held_at: str
    held: list[Row]
    versions: str


def period_page(visit: DeskVisit, *, span: int) -> PeriodPage:
    """Return the last 7 or 28 days of the person in *seat*."""
    found = period(visit.subject, days=span, at=visit.at)
    first = found.days[0].date
    return PeriodPage(
        span=span,
        minutes_chart=my_day_charts.minutes_by_day(found),
        load_chart=my_day_charts.load_by_day(found),
        minutes=[_minutes_row(day) for day in reversed(found.days)],
        minutes_together=Row(_("Together"), [*_cells(found.parts), str(found.cases), _breaks(found.days)]),
        load=[_load_row(day) for day in reversed(found.days)],
        load_together=found.arithmetic or "0",
        load_limits=_load_limits(found),
        flags=[flag for flag in my_flags(visit) if flag.on >= first],
    )


def day_page(visit: DeskVisit, *, on: date, held_at: datetime) -> DayPage:
    """Return one day of the person in *seat*, and what held at an instant of it."""
    found = one_day(visit.subject, on=on, at=visit.at)
    parts = _parts(found)
    held = limits_at(visit.subject, at=held_at)
    return DayPage(
        day=day_name(on),
        iso=on.isoformat(),
        zone=found.day.zone,
        working=lasted(found.working),
        minutes_chart=my_day_charts.minutes_by_severity(
            [(severity, span) for severity, span in parts.items() if severity > 0],
            title=_("Minutes, by severity"),
        ),
        severities=[
            Row(wording.severity(severity), [lasted(span)]) for severity, span in parts.items() if span
        ],
        unheard=[unheard_row(line, visit) for line in found.unheard],
        load=load_rows(found.load, visit),
        load_points=f"{found.load_points:.2f}",
        breaks=break_rows(found.breaks, visit),
        presence=presence_rows(found.presence, visit),
        held_at=wording.clock(held_at, visit.zone),
        held=[_held(limit, visit) for limit in held.limits],
        versions=_versions(held.version, {*found.versions, *limits_versions(visit.subject, found.claims)}),
    )


def read_day(text: str, visit: DeskVisit) -> date:
    """Return the day that *text* names; today for nothing.

    Raises:
        Unreadable: it is no day, or none that has been.
    """
    today = visit.at.astimezone(visit.zone).date()
    try:
        on = date.fromisoformat(text) if text else today
    except ValueError:
        raise Unreadable(_("Write a day like %(day)s.") % {"day": today.isoformat()}) from None
    if on > today:
        raise Unreadable(_("That day is yet to come."))
    if on < today - KEPT_AT_MOST:
        raise Unreadable(_("Nothing is kept from that day."))
    return on


def read_time(text: str, *, on: date, visit: DeskVisit) -> datetime:
    """Return the instant of *on* that *text* names as a clock time; for nothing the end of the day, or now.

    Raises:
        Unreadable: it is no time of day.
    """
    day = day_on(visit.subject, on, at=visit.at)
    minute = MINUTES_OF_DAY - 1
    if text:
        clock = CLOCK.fullmatch(text)
        if clock is None:
            raise Unreadable(_("Write a time like 14:20."))
        minute = int(clock[1]) * 60 + int(clock[2])
    return min(local_time(day, minute=minute), visit.at)


def _minutes_row(day: DaySums) -> Row:
    return Row(
        short_day(day.date),
        [*_cells(day.parts), str(day.cases), _breaks([day])],
        href=_address(day.date),
        quiet=not day.cases,
    )


def _load_row(day: DaySums) -> Row:
    return Row(
        short_day(day.date),
        [day.arithmetic, f"{day.load:.2f}"],
        href=_address(day.date),
        quiet=not day.load,
    )


def _cells(parts: tuple[Part, ...]) -> list[str]:
    """Return the minutes of each severity; a dash for none, so that a table of days stays quiet."""
    return [minutes(part.lasted) for part in parts]


def _breaks(days: Sequence[DaySums]) -> str:
    """Return '3', or '3 (1 put off)'."""
    breaks, postponed = sum(day.breaks for day in days), sum(day.postponed for day in days)
    if not postponed:
        return str(breaks)
    return _("%(breaks)d (%(postponed)d put off)") % {"breaks": breaks, "postponed": postponed}


def _load_limits(found: Period) -> str:
    return _(
        "For these %(days)d days together, from %(amber)d it is amber: said; from %(red)d red: enough."
    ) % {
        "days": len(found.days),
        "amber": found.amber,
        "red": found.red,
    }


def _parts(found: OneDay) -> dict[int, timedelta]:
    """Return severity → time, of the severities from 1 on and of 0 where there was any."""
    spans = dict.fromkeys(range(5), timedelta(0))
    for line in found.load:
        spans[line.severity] += timedelta(seconds=line.seconds)
    return {severity: span for severity, span in spans.items() if severity or span}


def _held(limit: InForce, visit: DeskVisit) -> Row:
    since = moment(limit.since, visit) if limit.since else _("as shipped")
    return Row(label(limit.name), [amount(limit.name, limit.value), whose(limit.scope), since])


def _versions(held: int, used: set[int]) -> str:
    """Return under which versions of the limits the day's cases were taken and shown."""
    if not used:
        return _("Version %(held)d of the limits.") % {"held": held}
    return ngettext(
        "Version %(held)d of the limits. What was taken and shown on this day was so under version %(used)s.",
        "Version %(held)d of the limits. What was taken and shown on this day was so under versions %(used)s.",
        len(used),
    ) % {"held": held, "used": ", ".join(map(str, sorted(used)))}


def _address(on: date) -> str:
    return f"{reverse('desk:my_day_on')}?day={on.isoformat()}"
