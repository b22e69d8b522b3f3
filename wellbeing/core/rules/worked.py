"""Which local dates and weeks count, of what was shown on each. Source: WELLBEING.md 'Limits' and 'Load flags'.

A worked day is one on which anything was shown; days off are no zeros.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Protocol

SEVERE, EXTREME = 3, 4
SEVERE_DAY_MS, SEVERE_DAY_CASES = 2 * 60_000, 3
"""A date counts as one with severity 3 and up from so much, or so many cases."""
EXTREME_WEEK_MS, EXTREME_WEEK_CASES = 5 * 60_000, 5
"""A week, Monday to Sunday, counts as one with severity 4 from so much; less is an off week."""


class Shown(Protocol):
    """What was shown: milliseconds, and cases."""

    @property
    def shown_ms(self) -> int: ...

    @property
    def cases(self) -> int: ...


Dates = Mapping[tuple[date, int], Shown]
"""(local date, severity) → what was shown then."""


def worked_dates(dates: Dates) -> frozenset[date]:
    """Return the dates on which anything was shown."""
    return frozenset(on for (on, _), shown in dates.items() if shown.shown_ms or shown.cases)


def severe_dates(dates: Dates) -> frozenset[date]:
    """Return the dates that count as ones with severity 3 and up."""
    sums = _sums(dates, least=SEVERE, key=lambda on: on)
    return _reaching(sums, SEVERE_DAY_MS, SEVERE_DAY_CASES)


def extreme_weeks(dates: Dates) -> frozenset[date]:
    """Return the Mondays of the weeks that count as ones with severity 4."""
    sums = _sums(dates, least=EXTREME, key=monday_of)
    return _reaching(sums, EXTREME_WEEK_MS, EXTREME_WEEK_CASES)


def monday_of(on: date) -> date:
    """Return the Monday of the week that holds a date."""
    return on - timedelta(days=on.weekday())


def first_worked_after(on: date, worked: frozenset[date], *, today: date) -> date:
    """Return the first worked date after *on*; today, or the date after *on*, where there is none yet."""
    return min((day for day in worked if day > on), default=max(today, on + timedelta(days=1)))


def _sums(dates: Dates, *, least: int, key: Callable[[date], date]) -> dict[date, tuple[int, int]]:
    sums: dict[date, tuple[int, int]] = {}
    for (on, severity), shown in dates.items():
        if severity >= least:
            shown_ms, cases = sums.get(key(on), (0, 0))
            sums[key(on)] = shown_ms + shown.shown_ms, cases + shown.cases
    return sums


def _reaching(sums: Mapping[date, tuple[int, int]], least_ms: int, least_cases: int) -> frozenset[date]:
    return frozenset(on for on, (shown, cases) in sums.items() if shown >= least_ms or cases >= least_cases)
