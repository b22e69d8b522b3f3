"""Under which local dates a quarter of an hour counts: its own, that of the night, that of the last hour of a shift.

Nights and shifts are whole quarters, so each stretch of the ledger, which never crosses one, lies in exactly one of each.
Source: WELLBEING.md 'Load flags'.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from people.rules.zones import ZonePeriod
from wellbeing.core.rules.caps import NIGHT_BEGINS, NIGHT_ENDS
from wellbeing.core.rules.days import day_of, local_time
from wellbeing.core.rules.limits import Spent
from wellbeing.core.rules.parts import Shift

LAST_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Dates:
    """``on``: the local date. ``night``: on which the night began that holds the quarter; None by day.

    ``late``: on which the last hour of a planned shift began that holds it; None outside.
    """

    on: date
    night: date | None
    late: date | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What is added to the sums of one local date and severity; below zero where it is taken away."""

    shown_ms: int = 0
    cases: int = 0
    load_units: int = 0
    units_at_one: int = 0
    night_ms: int = 0
    late_ms: int = 0

    @property
    def spent(self) -> Spent:
        """What of it a quarter of an hour has too."""
        return Spent(self.shown_ms, self.cases, self.load_units, self.units_at_one)

    def plus(self, other: "Moved") -> "Moved":
        """Return the sum of two."""
        return Moved(
            self.shown_ms + other.shown_ms,
            self.cases + other.cases,
            self.load_units + other.load_units,
            self.units_at_one + other.units_at_one,
            self.night_ms + other.night_ms,
            self.late_ms + other.late_ms,
        )


def dates_of(zones: Sequence[ZonePeriod], shifts: Iterable[Shift], quarter_at: datetime) -> Dates:
    """Return the dates of the quarter that starts at *quarter_at*."""
    day = day_of(zones, quarter_at)
    night = None
    if quarter_at >= local_time(day, minute=NIGHT_BEGINS):
        night = day.date
    elif quarter_at < local_time(day, minute=NIGHT_ENDS):
        night = day.date - timedelta(days=1)
    return Dates(day.date, night, _late(zones, shifts, quarter_at))


def _last_of_their_days(zones: Sequence[ZonePeriod], shifts: Iterable[Shift]) -> list[Shift]:
    """Return of each date the part that ends last: only its last hour is that of a shift."""
    last: dict[date, Shift] = {}
    for shift in shifts:
        on = day_of(zones, shift.starts_at).date
        if on not in last or last[on].ends_at < shift.ends_at:
            last[on] = shift
    return list(last.values())


def _late(zones: Sequence[ZonePeriod], shifts: Iterable[Shift], quarter_at: datetime) -> date | None:
    """Return the date on which that last hour began: a shift that ends after midnight is late once and not twice."""
    for shift in _last_of_their_days(zones, shifts):
        begins_at = max(shift.ends_at - LAST_HOUR, shift.starts_at)
        if begins_at <= quarter_at < shift.ends_at:
            return day_of(zones, begins_at).date
    return None
