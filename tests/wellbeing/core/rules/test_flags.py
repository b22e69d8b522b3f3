"""Each load flag one below, at and one above its edge, by the words of WELLBEING.md 'Load flags'.

Seen red without: the smallest load in ``rapid_rise``, the ten days before, the 'and on that very date' of ``night`` and
``late_severe``, the strictness of 'more than' in ``rapid_rise``, the window of 7 days in ``_within``.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import T0
from wellbeing.core.rules import flags
from wellbeing.core.rules.flags import Days, Raised, Reveals
from wellbeing.core.rules.limits import Spent
from wellbeing.core.rules.load import UNITS_PER_POINT
from wellbeing.core.rules.names import KINDS
from wellbeing.models import FlagCode, FlagLevel

pytestmark = pytest.mark.any_database

TODAY = T0.date()
BY = {name: kind.shipped for name, kind in KINDS.items() if kind.is_threshold}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def level(raised: Raised | None) -> str | None:
    return None if raised is None else raised.level


def test_the_words_are_those_of_the_table() -> None:
    stored = {flags.RAPID_RISE, flags.HEAVY_STREAK, flags.SEV4_STREAK, flags.BREAKS_SHORT, flags.NIGHT}
    assert stored | {flags.LATE_SEVERE, flags.REPEAT_VIEW} == {code.value for code in FlagCode}
    assert {level.value for level in FlagLevel} == set(flags.LEVELS)


POINT = UNITS_PER_POINT


def days(loads: dict[int, float], *, severe: float = 1, **more: Any) -> Days:
    """Return worked days of (days ago → points), all of them, or so much of each, from severity 3 and up."""
    units = {ago(n): round(points * POINT) for n, points in loads.items()}
    return Days(units, {day: round(one * severe) for day, one in units.items()}, **more)


def rising(lately: float, before: float, *, gap: int = 0, count: int = 10, **more: Any) -> str | None:
    """Return the level of a rise: 5 worked days of *lately* points, *gap* days off, and *count* before of *before* each."""
    loads = dict.fromkeys(range(5), lately) | {5 + gap + n: before for n in range(count)}
    return level(flags.rapid_rise(days(loads, **more), on=TODAY, by=BY))


@pytest.mark.parametrize(
    ("lately", "before", "expected"),
    [
        (60, 40, None),  # 60 > 1.5 × 40 is false: exactly one and a half times
        (60.01, 40, "amber"),
        (60, 39.99, "amber"),
        (60, 30, "amber"),  # 60 > 2 × 30 is false
        (60.01, 30, "red"),
        (60, 0, "red"),  # ten worked days without any load
        (47.99, 0, None),  # below 240 in 7 days nothing is raised, however it rose
        (48, 0, "red"),
        (0, 0, None),
    ],
)
def test_rapid_rise(lately: float, before: float, expected: str | None) -> None:
    assert rising(lately, before) == expected


@pytest.mark.parametrize(
    ("gap", "count", "expected"),
    [
        (0, 9, None),  # of fewer than ten worked days there is no mean
        (0, 10, "red"),
        (32, 10, "red"),  # the last of the ten lies 42 days before the first of the five
        (33, 10, None),
    ],
)
def test_what_a_rise_is_measured_against(gap: int, count: int, expected: str | None) -> None:
    assert rising(100, 10, gap=gap, count=count) == expected


def test_a_holiday_raises_nothing() -> None:
    """Seen red with dates in place of worked days: three weeks off made an ordinary week a rise."""
    assert rising(60, 60, gap=21) is None


def test_a_week_of_five_days_is_no_other_than_one_with_two_days_off_in_it() -> None:
    loads = dict.fromkeys((0, 1, 4, 5, 6), 60.0) | dict.fromkeys(range(10, 20), 20.0)
    assert level(flags.rapid_rise(days(loads), on=TODAY, by=BY)) == "red"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"began_on": ago(71)}, "red"),  # the ramp's last day lies before all ten
        ({"began_on": ago(70)}, None),  # one of the ten is of the ramp, and no measure of what is usual
        ({"began_on": ago(55)}, None),  # the ramp's last day
        ({"returned_on": ago(29)}, "red"),
        ({"returned_on": ago(28)}, None),
        ({"returned_on": ago(13)}, None),
        ({"returned_on": ago(200)}, "red"),
    ],
)
def test_a_share_that_grows_explains_a_rise(more: dict[str, Any], expected: str | None) -> None:
    assert rising(100, 10, gap=1, **more) == expected


def test_nobody_is_flagged_on_a_day_off() -> None:
    assert rising(100, 10) == "red"
    loads = dict.fromkeys(range(1, 6), 100.0) | dict.fromkeys(range(6, 16), 10.0)
    assert flags.rapid_rise(days(loads), on=TODAY, by=BY) is None
    nights = {ago(n): 2 * 3600_000 for n in (1, 2, 3)}
    assert flags.night(nights, on=TODAY, by=BY) is None
    assert flags.late_severe({ago(1), ago(2)}, on=TODAY, by=BY) is None
    assert flags.breaks_short({ago(1): 6}, on=TODAY, by=BY) is None


# (points by days ago, level)
STREAKS: list[tuple[dict[int, float], str | None]] = [
    ({0: 200, 1: 200}, None),  # two days
    ({0: 200, 1: 200, 2: 200}, "amber"),  # three at the edge
    ({0: 200, 1: 200, 2: 199.99}, None),  # one just below
    ({0: 200, 1: 200, 2: 200, 3: 200}, "red"),
    ({0: 200, 1: 200, 2: 200, 3: 199.99}, "amber"),
    ({0: 200, 1: 200, 2: 0, 3: 200, 4: 200}, None),  # a worked day between begins anew
    ({0: 200, 3: 200, 4: 200}, "amber"),  # a weekend does not
    ({0: 0, 1: 200, 2: 200, 3: 200}, None),  # today is no heavy day
    ({1: 200, 2: 200, 3: 200}, None),  # today is off
]


@pytest.mark.parametrize(("points", "expected"), STREAKS)
def test_heavy_streak(points: dict[int, float], expected: str | None) -> None:
    assert level(flags.heavy_streak(days(points), on=TODAY, by=BY)) == expected


@pytest.mark.parametrize(("severe", "expected"), [(0.3, "amber"), (0.2999, None)])
def test_a_heavy_day_has_60_points_from_severity_3_and_up(severe: float, expected: str | None) -> None:
    found = flags.heavy_streak(days({0: 200, 1: 200, 2: 200}, severe=severe), on=TODAY, by=BY)
    assert level(found) == expected


@pytest.mark.parametrize(
    ("extreme", "worked", "expected"),
    [
        (range(5), range(20), None),
        (range(6), range(20), "amber"),
        ((0, 2, 4, 6, 8, 9), range(20), "amber"),
        ((0, 1, 2, 3, 4, 10), range(20), None),  # the eleventh worked day
        ((0, 7, 14, 21, 28, 35), range(0, 70, 7), "amber"),  # one day a week
        ((1, 2, 3, 4, 5, 6), range(20), None),  # none today
    ],
)
def test_severity_4_on_six_of_the_last_ten_worked_days(
    extreme: Sequence[int], worked: Sequence[int], expected: str | None
) -> None:
    """Seen red with dates in place of worked days."""
    found = days(dict.fromkeys(worked, 1.0), extreme_on={ago(n) for n in extreme})
    assert level(flags.extreme_streak(found, on=TODAY, by=BY)) == expected


def test_days_are_made_of_what_was_shown() -> None:
    shown = {
        (TODAY, 2): Spent(60_000, 1, 4, 5),
        (TODAY, 4): Spent(1, 0, 6, 7),
        (ago(1), 3): Spent(),  # only its night was long, under this date: no worked day
        (ago(2), 0): Spent(9, 1),
    }
    found = flags.days_of(shown)
    assert (found.loads, found.severe, found.extreme_on) == ({TODAY: 12, ago(2): 0}, {TODAY: 7}, {TODAY})


# (postponed today, on each of the 6 days before, 7 days ago, level)
PUT_OFF = [
    (1, [0, 0, 0, 0, 0, 0], 0, None),
    (2, [0, 0, 0, 0, 0, 0], 0, "info"),  # two in a day
    (1, [1, 1, 1, 0, 0, 0], 5, None),  # four in 7 days; the eighth day does not count
    (1, [1, 1, 1, 0, 0, 1], 0, "info"),  # five in 7 days
    (0, [2, 2, 2, 0, 0, 0], 0, None),  # none today
]


@pytest.mark.parametrize(("today", "before", "older", "expected"), PUT_OFF)
def test_breaks_short(today: int, before: list[int], older: int, expected: str | None) -> None:
    counts = {TODAY: today, ago(7): older} | {ago(n + 1): count for n, count in enumerate(before)}
    assert level(flags.breaks_short(counts, on=TODAY, by=BY)) == expected


TWO_HOURS = 2 * 3600_000


@pytest.mark.parametrize(
    ("nights", "expected"),
    [
        ({0: TWO_HOURS, 3: TWO_HOURS}, None),  # two nights
        ({0: TWO_HOURS, 3: TWO_HOURS, 6: TWO_HOURS}, "amber"),  # three of seven
        ({0: TWO_HOURS, 3: TWO_HOURS, 7: TWO_HOURS}, None),  # the third is the eighth night
        ({0: TWO_HOURS, 3: TWO_HOURS, 6: TWO_HOURS - 1}, None),  # one is a millisecond short
        ({0: TWO_HOURS - 1, 1: TWO_HOURS, 3: TWO_HOURS, 6: TWO_HOURS}, None),  # tonight is short
    ],
)
def test_night(nights: dict[int, int], expected: str | None) -> None:
    found = flags.night({ago(n): shown_ms for n, shown_ms in nights.items()}, on=TODAY, by=BY)
    assert level(found) == expected


@pytest.mark.parametrize(("days", "expected"), [((0,), None), ((0, 6), "amber"), ((0, 7), None)])
def test_late_severe(days: tuple[int, ...], expected: str | None) -> None:
    assert level(flags.late_severe({ago(n) for n in days}, on=TODAY, by=BY)) == expected


@pytest.mark.parametrize(("times", "expected"), [(2, None), (3, "info"), (4, "info")])
def test_repeat_view(times: int, expected: str | None) -> None:
    assert level(flags.repeat_view(times, by=BY)) == expected


@pytest.mark.parametrize(
    ("lately", "before", "expected"),
    [
        (Reveals(30, 15), Reveals(100, 30), "info"),  # 50 % against 30 %: twenty points
        (Reveals(100, 49), Reveals(100, 30), None),  # nineteen
        (Reveals(29, 29), Reveals(100, 0), None),  # too few cases
        (Reveals(30, 30), Reveals(0, 0), None),  # nothing to compare with
        (Reveals(0, 0), Reveals(100, 30), None),
    ],
)
def test_reveal_up(lately: Reveals, before: Reveals, expected: str | None) -> None:
    assert level(flags.reveal_up(lately, before, by=BY)) == expected


def test_the_figures_are_those_of_the_sum() -> None:
    loads = dict.fromkeys(range(5), 82.4) | {5 + n: 48.0 for n in range(10)}
    found = flags.rapid_rise(days(loads), on=TODAY, by=BY)
    assert found is not None
    assert found.figures == {"lately": "82.4", "usual": "48", "percent": 150, "week": "508", "least": 240}
    streak = flags.heavy_streak(days({0: 200, 1: 211.25, 2: 240.5}), on=TODAY, by=BY)
    assert streak is not None
    assert streak.figures == {"days": 3, "least": 200, "severe": 60, "loads": "240.5, 211.25, 200"}


def test_a_level_only_rises() -> None:
    assert flags.is_higher("red", "amber")
    assert flags.is_higher("amber", "info")
    assert not flags.is_higher("amber", "red")
    assert not flags.is_higher("red", "red")
