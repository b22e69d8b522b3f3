"""Caps: at most which severity, from when to when, because of the hour, the shift, the days before, or an agreement.

A cap counts nothing; it opens and closes by the clock. Source: WELLBEING.md 'Limits', 'Load flags' and 'Breaks'.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from wellbeing.core.rules import ramp
from wellbeing.core.rules.days import Day, local_time, midnight
from wellbeing.core.rules.parts import (
    REST,
    WITHOUT_A_PLAN,
    PlannedDay,
    Shift,
    began_at,
    gaps,
    last_shown_before,
    planned_days,
    worked_until,
)
from wellbeing.core.rules.scopes import InForce
from wellbeing.core.rules.worked import first_worked_after, monday_of
from wellbeing.exceptions import Reached

NOTHING_AT_ALL = -1
LIGHT = 1
NIGHT_BEGINS, NIGHT_ENDS = 22 * 60, 6 * 60
REST_BETWEEN_SHIFTS = REST
"""After the end of a working day work counts as beyond it until the next one, or until a whole daily rest has passed."""
DAYS_LOOKED_BACK = 35
SEVERE, EXTREME = 3, 4


@dataclass(frozen=True)
class Cap:
    """At most severity *most* from ``begins_at`` until ``ends_at`` (None: until something else changes).

    ``value`` is what the rule was set to; ``scope``, ``scope_ref``, ``since`` and ``set_by`` say whose rule it is.
    """

    name: str
    most: int
    begins_at: datetime
    ends_at: datetime | None
    value: int = 0
    scope: str = "rule"
    scope_ref: str = ""
    since: datetime | None = None
    set_by: str = ""

    def holds(self, at: datetime) -> bool:
        """Say whether it holds at *at*."""
        return self.begins_at <= at and (self.ends_at is None or at < self.ends_at)

    def reached(self) -> Reached:
        """Describe it as a refusal does."""
        return Reached(
            self.name,
            self.value,
            self.scope,
            self.ends_at,
            scope_ref=self.scope_ref,
            since=self.since,
            set_by=self.set_by,
            most=self.most,
        )


@dataclass(frozen=True)
class Ordered:
    """What an officer ordered for one person, from the first to the last local date, both included."""

    kind: str
    from_on: date
    until_on: date
    set_at: datetime
    set_by: str


@dataclass(frozen=True)
class Circumstances:
    """What caps are made of. ``shifts``: planned parts; ``shown_in``: the quarters of an hour, of a day and more, in which
    anything was shown. ``severe_on``, ``extreme_weeks``: the local dates that count as ones with
    severity ≥ 3, and the Mondays of the weeks that count as ones with 4; ``worked_on``: the dates on which anything was
    shown (``core.rules.worked``).

    ``is_known``: there is a person behind the subject; of nobody no ramp, agreement or walk is asked.
    ``began_on``: since when they do this work; ``is_starter``: since they came here. ``heavy_red_on``: the last date with a
    red HEAVY_STREAK.
    """

    day: Day
    at: datetime
    is_known: bool = False
    began_on: date | None = None
    is_starter: bool = False
    is_introduced: bool = True
    agreed_at: datetime | None = None
    severe_on: frozenset[date] = frozenset()
    extreme_weeks: frozenset[date] = frozenset()
    worked_on: frozenset[date] = frozenset()
    shifts: Sequence[Shift] = ()
    shown_in: Sequence[datetime] = ()
    ordered: Sequence[Ordered] = ()
    heavy_red_on: date | None = None


Limits = Mapping[str, InForce]


def caps_of(who: Circumstances, limits: Limits) -> list[Cap]:
    """Return the caps that hold now or will begin within about a day, in the order in which they are told."""
    return [
        *_orders(who),
        *_of_starters(who),
        *_agreement(who),
        *_after_a_red_streak(who),
        *_heavy_days(who, limits),
        *_nights(who, limits["night_severity"]),
        *_outside_parts(who, limits["overtime_severity"]),
        *_ends_of_days(who, limits),
        *_without_a_plan(who, limits),
        *_stop(who, limits["stop_minute"]),
    ]


def closing(caps: Iterable[Cap], *, severity: int, at: datetime) -> Cap | None:
    """Return the cap that keeps this severity away at *at*: of several the one that leaves least, then the longest."""
    found = [cap for cap in caps if cap.most < severity and cap.holds(at)]
    return min(found, key=lambda cap: (cap.most, cap.ends_at is not None, -_end(cap)), default=None)


def time_until(caps: Iterable[Cap], *, severity: int, at: datetime) -> timedelta | None:
    """Return how long from *at* until a cap closes this severity; None when none is coming."""
    coming = [cap.begins_at - at for cap in caps if cap.most < severity and cap.begins_at > at]
    return min(coming, default=None)


def _end(cap: Cap) -> float:
    return cap.ends_at.timestamp() if cap.ends_at else 0.0


def _by(limit: InForce, name: str, most: int, begins_at: datetime, ends_at: datetime | None) -> Cap:
    return Cap(
        name,
        most,
        begins_at,
        ends_at,
        value=limit.value,
        scope=limit.scope,
        scope_ref=limit.scope_ref,
        since=limit.since,
        set_by=limit.set_by,
    )


def _orders(who: Circumstances) -> Iterator[Cap]:
    """A rest day and a lighter queue hold for whole local dates."""
    for order in who.ordered:
        begins_at = _date_begins(who.day, order.from_on)
        ends_at = _date_begins(who.day, order.until_on + timedelta(days=1))
        if ends_at > who.at:
            most = NOTHING_AT_ALL if order.kind == "rest_day" else LIGHT
            yield Cap(
                order.kind,
                most,
                max(begins_at, order.set_at),
                ends_at,
                scope="officer",
                since=order.set_at,
                set_by=order.set_by,
            )


def _of_starters(who: Circumstances) -> Iterator[Cap]:
    if not who.is_known:
        return
    if who.is_starter and not who.is_introduced:
        yield Cap("introduction", NOTHING_AT_ALL, who.day.start, None)
    began_on = who.began_on or who.day.date
    week = ramp.week_of(began_on, on=who.day.date)
    if (most := ramp.most_in_week(week)) is not None:
        ends_at = _date_begins(who.day, began_on + timedelta(weeks=ramp.last_week_of(week)))
        yield Cap("starter", most, who.day.start, ends_at, value=week, since=_date_begins(who.day, began_on))


def _agreement(who: Circumstances) -> Iterator[Cap]:
    if who.is_known and (who.agreed_at is None or who.agreed_at > who.at):
        yield Cap("agreement", EXTREME - 1, who.day.start, None)


def _after_a_red_streak(who: Circumstances) -> Iterator[Cap]:
    """The next worked day after a red HEAVY_STREAK is a light one."""
    if who.heavy_red_on is not None:
        light_on = first_worked_after(who.heavy_red_on, who.worked_on, today=who.day.date)
        begins_at = _date_begins(who.day, who.heavy_red_on + timedelta(days=1))
        ends_at = _date_begins(who.day, light_on + timedelta(days=1))
        if ends_at > who.at:
            yield Cap("heavy_streak", LIGHT, begins_at, ends_at, scope="red_flag", since=begins_at)


def _heavy_days(who: Circumstances, limits: Limits) -> Iterator[Cap]:
    """Days with severity ≥ 3: so many of any seven, so many in a row; and weeks with severity 4."""
    day, severe = who.day, who.severe_on
    of_seven, in_row, weeks = (limits[name] for name in ("severe_days_7", "severe_days_run", "extreme_weeks"))
    before = [day.date - timedelta(days=n) for n in range(1, 7)]
    if sum(one in severe for one in before) >= of_seven.value:
        yield _by(of_seven, "severe_days_7", SEVERE - 1, day.start, _lifts(day, severe, of_seven.value))
    if all(one in severe for one in before[: in_row.value]) and in_row.value <= len(before):
        yield _by(in_row, "severe_days_run", SEVERE - 1, day.start, day.end)
    if weeks_in_row(who.extreme_weeks, day.date) >= weeks.value:
        monday = day.date + timedelta(days=7 - day.date.weekday())
        yield _by(weeks, "extreme_weeks", EXTREME - 1, day.start, _date_begins(day, monday))


def _lifts(day: Day, severe: frozenset[date], most: int) -> datetime | None:
    """Return the first midnight at which fewer than *most* of the six days before are severe; None if never (0)."""
    for ahead in range(1, 8):
        on = day.date + timedelta(days=ahead)
        if sum(on - timedelta(days=n) in severe for n in range(1, 7)) < most:
            return midnight(day, ahead)
    return None


def weeks_in_row(extreme_weeks: frozenset[date], today: date) -> int:
    """Return how many whole weeks (Monday to Sunday) without a gap before this one count as ones with severity 4."""
    monday, count = monday_of(today), 0
    while monday - timedelta(weeks=count + 1) in extreme_weeks:
        count += 1
    return count


def _nights(who: Circumstances, limit: InForce) -> Iterator[Cap]:
    for ahead in (-1, 0, 1):
        begins_at = local_time(who.day, minute=NIGHT_BEGINS, ahead=ahead)
        ends_at = local_time(who.day, minute=NIGHT_ENDS, ahead=ahead + 1)
        if ends_at > who.at:
            yield _by(limit, "night", limit.value, begins_at, ends_at)


def _planned(who: Circumstances) -> list[PlannedDay]:
    return planned_days(who.shifts, ZoneInfo(who.day.zone))


def _outside_parts(who: Circumstances, limit: InForce) -> Iterator[Cap]:
    """On a date with a planned part: what lies before the first one, and between two; after the last: ``_ends_of_days``."""
    for planned in _planned(who):
        begins_at = _date_begins(who.day, planned.on)
        for since, until in gaps(begins_at, planned.last.ends_at, who.shifts):
            yield _by(limit, "overtime", limit.value, since, until)


def _ends_of_days(who: Circumstances, limits: Limits) -> Iterator[Cap]:
    """The last hour of a day's last part; what is beyond it; and the next day's beginning where it comes too soon."""
    late, mild, beyond = (limits[name] for name in ("late_seconds", "late_severity", "overtime_severity"))
    days = _planned(who)
    for number, planned in enumerate(days):
        last = planned.last
        begins_at = max(last.ends_at - timedelta(seconds=late.value), last.starts_at)
        yield _by(mild, "late", mild.value, begins_at, last.ends_at)
        next_at = days[number + 1].first.starts_at if number + 1 < len(days) else None
        over_at = max(
            last.ends_at + REST_BETWEEN_SHIFTS, _date_begins(who.day, planned.on + timedelta(days=1))
        )
        yield _by(beyond, "overtime", beyond.value, last.ends_at, min(over_at, next_at or over_at))
        yield from _too_soon(who, planned, days[number - 1] if number else None, beyond)


def _too_soon(
    who: Circumstances, planned: PlannedDay, before: PlannedDay | None, limit: InForce
) -> Iterator[Cap]:
    """Until 11 hours have passed since the working day before, as it was planned or as work went on after it."""
    starts_at = planned.first.starts_at
    worked = worked_until(who.shown_in, _date_begins(who.day, planned.on))
    ends = [] if worked is None else [min(worked, starts_at)]
    ends += [] if before is None else [before.last.ends_at]
    rested_at = max(ends, default=starts_at - REST) + REST
    if starts_at < rested_at:
        yield _by(limit, "daily_rest", limit.value, starts_at, rested_at)


def _without_a_plan(who: Circumstances, limits: Limits) -> Iterator[Cap]:
    """On a date without a part: eight hours from the first work after 11 hours without any; midnight ends nothing.

    What began in a planned part is beyond it until there were 11 hours without any.
    """
    days, since = _planned(who), began_at(who.shown_in, who.at)
    worked = last_shown_before(who.shown_in, who.at)
    if since is None or worked is None or any(planned.on == who.day.date for planned in days):
        return
    late, mild, beyond = (limits[name] for name in ("late_seconds", "late_severity", "overtime_severity"))
    planned = next((one for one in days if one.holds(since)), None)
    ends_at = since + WITHOUT_A_PLAN if planned is None else planned.last.ends_at
    if planned is None:
        yield _by(mild, "late", mild.value, ends_at - timedelta(seconds=late.value), ends_at)
    yield _by(beyond, "overtime", beyond.value, ends_at, max(worked, ends_at) + REST)


def _stop(who: Circumstances, limit: InForce) -> Iterator[Cap]:
    """From the hard stop to midnight only what weighs nothing is left."""
    stops_at = local_time(who.day, minute=limit.value)
    if stops_at < who.day.end:
        yield _by(limit, "stop", 0, stops_at, who.day.end)


def _date_begins(day: Day, on: date) -> datetime:
    return midnight(day, (on - day.date).days)
