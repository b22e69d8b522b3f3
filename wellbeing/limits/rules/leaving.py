"""What limits leave to do at a severity and above, on a day and in a week: of the limits alone, of nothing anybody was shown.

It is the most that a person with these limits could be shown, of an ordinary week: five days of eight hours at the desk.

* a day: the least of the minutes of the day, of what the breaks and a milder end of the shift leave, of the time until a
  stop, and of the load that a day may hold;
* a week: so many such days as the limits over days leave, the weeks off shared out, within the load of 7 and 28 days.

An example, as it is shipped: severity 4 for 30 min on a day, on 4 days of seven, in 3 weeks of 4: 90 min a week.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from wellbeing.core.rules.load import SHIPPED_WEIGHTS

DAY_AT_THE_DESK: Final = 8 * 3600
DAYS_OF_WORK: Final = 5
WEEKS_OF_A_MONTH: Final = 4
SEVERE, EXTREME = 3, 4
LEVELS: Final = (1, SEVERE, EXTREME)
"""The severities from which limits of minutes count."""

Limits = Mapping[str, int]
"""Limit → value in seconds, cases, days, weeks, points or minutes after midnight."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """At most so much of *severity* and above for each person. ``cases``: on a day at exactly this one, None: not limited."""

    severity: int
    day_seconds: int
    week_seconds: int
    cases: int | None


def leaves(limits: Limits, *, severity: int, weights: Mapping[int, int] = SHIPPED_WEIGHTS) -> Leaves:
    """Return what *limits* leave at *severity* (one of ``LEVELS``) and above; *weights*: severity → hundredths."""
    days = _days_a_week(limits, severity)
    day = min(_of_a_day(limits, severity, weights)) if days else Fraction(0)
    week = min(day * days, *_of_load(limits, severity, weights))
    return Leaves(severity, int(day), int(week), limits.get(f"cases_{severity}"))


def _of_a_day(limits: Limits, severity: int, weights: Mapping[int, int]) -> Iterator[Fraction]:
    yield from (Fraction(limits[f"seconds_{level}"]) for level in LEVELS if level <= severity)
    yield from (
        _between_rests(limits, cause, severity) for cause, least in _CAUSES.items() if least <= severity
    )
    yield Fraction(limits["stop_minute"] * 60)
    yield _shown_in(limits["load_day_red"], severity, weights)
    # Cases at 3 close 3 and 4, cases at 4 close 4: where none may be shown, no minute is left.
    yield from (
        Fraction(0) for level in (SEVERE, EXTREME) if level <= severity and not limits[f"cases_{level}"]
    )


_CAUSES: Final = {"work": 0, "severe": SEVERE, "extreme": EXTREME}
"""Which break → from which severity its time counts."""


def _between_rests(limits: Limits, cause: str, severity: int) -> Fraction:
    """Return what a day at the desk leaves between rests, without a milder end of the shift."""
    work, rest = limits[f"{cause}_seconds"], limits[f"{cause}_rest_seconds"]
    milder = limits["late_seconds"] if limits["late_severity"] < severity else 0
    return Fraction(max(DAY_AT_THE_DESK - milder, 0) * work, work + rest)


def _days_a_week(limits: Limits, severity: int) -> Fraction:
    """Return on how many days of a week it may be shown, the weeks off shared out."""
    if severity < SEVERE:
        return Fraction(DAYS_OF_WORK)
    in_row, of_seven = limits["severe_days_run"], limits["severe_days_7"]
    days = min(Fraction(DAYS_OF_WORK), Fraction(of_seven), Fraction(7 * in_row, in_row + 1))
    if severity < EXTREME:
        return days
    weeks = limits["extreme_weeks"]
    return days * Fraction(weeks, weeks + 1)


def _of_load(limits: Limits, severity: int, weights: Mapping[int, int]) -> tuple[Fraction, Fraction]:
    """Return what the load of 7 and of 28 days leaves in a week."""
    month = _shown_in(limits["load_month_red"], severity, weights) / WEEKS_OF_A_MONTH
    return _shown_in(limits["load_week_red"], severity, weights), month


def _shown_in(points: int, severity: int, weights: Mapping[int, int]) -> Fraction:
    """Return after how many seconds of one long case at P = 1 so many points of load are reached."""
    weight = weights[severity]
    return Fraction(points * 60 * 100, weight) if weight else Fraction(7 * 24 * 3600)
