"""What belongs to which working day: the parts of a shift by the date on which each begins, and what was done without a plan.

Work is what was shown, by whole quarters of an hour. Source: WELLBEING.md 'Limits', the row on planned parts.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from wellbeing.core.rules.days import QUARTER, Day, midnight

REST = timedelta(hours=11)
WITHOUT_A_PLAN = timedelta(hours=8)
"""How long a shift is that nobody planned, from the first work after ``REST`` without any."""


@dataclass(frozen=True)
class Shift:
    """A planned part: from when to when."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class PlannedDay:
    """All parts that begin on one local date, in their order."""

    on: date
    parts: tuple[Shift, ...]

    @property
    def first(self) -> Shift:
        """The part that begins first."""
        return self.parts[0]

    @property
    def last(self) -> Shift:
        """The part that ends last."""
        return max(self.parts, key=lambda part: part.ends_at)

    def holds(self, at: datetime) -> bool:
        """Say whether *at* lies in one of them."""
        return any(part.starts_at <= at < part.ends_at for part in self.parts)


def planned_days(parts: Iterable[Shift], zone: ZoneInfo) -> list[PlannedDay]:
    """Return the working days that are planned, by the date on which each part begins."""
    by_date: dict[date, list[Shift]] = {}
    for part in sorted(parts, key=lambda one: one.starts_at):
        by_date.setdefault(part.starts_at.astimezone(zone).date(), []).append(part)
    return [PlannedDay(on, tuple(by_date[on])) for on in sorted(by_date)]


def gaps(
    begins_at: datetime, ends_at: datetime, parts: Sequence[Shift]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield what lies between *begins_at* and *ends_at* outside all parts."""
    now = begins_at
    for part in sorted(parts, key=lambda one: one.starts_at):
        if now < min(part.starts_at, ends_at):
            yield now, min(part.starts_at, ends_at)
        now = max(now, part.ends_at)
    if now < ends_at:
        yield now, ends_at


def last_shown_before(quarters: Iterable[datetime], at: datetime) -> datetime | None:
    """Return when the last quarter of an hour before *at* was over in which anything was shown."""
    return max((quarter + QUARTER for quarter in quarters if quarter < at), default=None)


def worked_until(quarters: Collection[datetime], before: datetime) -> datetime | None:
    """Return when the work begun *before* an instant, a midnight, was over, where it went on then without a pause."""
    over_at = last_shown_before(quarters, before)
    while over_at is not None and over_at >= before and over_at in quarters:
        over_at += QUARTER
    return over_at


def began_at(quarters: Iterable[datetime], at: datetime) -> datetime | None:
    """Return when the work began that goes on at *at*: the first after ``REST`` without any; None where none goes on."""
    begun = None
    following = at
    for quarter in sorted((one for one in quarters if one <= at), reverse=True):
        if following - (quarter + QUARTER) >= REST:
            break
        begun = following = quarter
    return begun


def shift_began_at(
    quarters: Collection[datetime], at: datetime, *, day: Day, parts: Iterable[Shift]
) -> datetime | None:
    """Return when the shift began to which *at* belongs; None where no work goes on. *day* holds *at*.

    A date with a planned part is one shift, whatever lies between it and the work before; without a plan: ``began_at``.
    """
    begun = began_at(quarters, at)
    planned = planned_days(parts, ZoneInfo(day.zone))
    starts = [start for start in _starts_of_days(planned, quarters, day) if start <= at]
    if not starts:
        return begun
    own = planned[len(starts) - 1]
    if own.on == day.date or own.holds(at):
        return starts[-1]
    return None if begun is None else max(begun, starts[-1])


def _starts_of_days(
    planned: Sequence[PlannedDay], quarters: Collection[datetime], day: Day
) -> Iterator[datetime]:
    """Yield from when on work belongs to each day: its midnight, or the end of the day before and of what went on after it."""
    over_at = None
    for one in planned:
        begins_at = midnight(day, (one.on - day.date).days)
        begins_at = begins_at if over_at is None else max(begins_at, over_at)
        worked = worked_until(quarters, begins_at) or begins_at
        yield max(begins_at, min(worked, one.first.starts_at))
        over_at = one.last.ends_at
