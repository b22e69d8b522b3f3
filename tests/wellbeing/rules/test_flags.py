"""Each load flag one below, at and one above its edge, by the words of WELLBEING.md 'Load flags'.

Seen red without: the smallest load in ``rapid_rise``, its 'known since', the 'and on that very date' of ``night`` and
``late_severe``, the strictness of 'more than' in ``rapid_rise``, the window of 7 days in ``_within``.
"""

from datetime import date, timedelta

import pytest

from tests.cast import T0
from wellbeing.models import FlagCode, FlagLevel
from wellbeing.rules import flags
from wellbeing.rules.flags import Raised, Reveals
from wellbeing.rules.load import UNITS_PER_POINT
from wellbeing.rules.names import KINDS

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


# (units of the last 7 dates on the last of them, units of the three weeks before, level)
POINT = UNITS_PER_POINT
RISES = [
    (240 * POINT, 480 * POINT, None),  # 240 > 1.5 × 160 is false: exactly one and a half times
    (240 * POINT + 1, 480 * POINT, "amber"),  # a unit more
    (240 * POINT, 480 * POINT - 1, "amber"),  # a unit less before
    (240 * POINT - 1, 300 * POINT, None),  # below 240 nothing is raised, however it rose
    (240 * POINT, 300 * POINT, "red"),  # 240 > 2 × 100
    (240 * POINT, 360 * POINT, "amber"),  # 240 > 2 × 120 is false
    (240 * POINT + 1, 360 * POINT, "red"),
    (240 * POINT, 0, "red"),  # three known weeks without any load, and then 240
    (0, 0, None),
]


@pytest.mark.parametrize(("week", "before", "expected"), RISES)
def test_rapid_rise(week: int, before: int, expected: str | None) -> None:
    loads = {TODAY: week, ago(7): before}
    assert level(flags.rapid_rise(loads, on=TODAY, known_since=None, by=BY)) == expected


def test_the_windows_of_a_rise_are_7_and_21_dates() -> None:
    day = 240 * POINT
    inside = {TODAY: 1, ago(6): day, ago(27): 3 * day}
    assert flags.rapid_rise(inside, on=TODAY, known_since=None, by=BY) is None
    older = {TODAY: 1, ago(6): day, ago(28): 3 * day}
    assert level(flags.rapid_rise(older, on=TODAY, known_since=None, by=BY)) == "red"
    last_week = {TODAY: 1, ago(7): day}
    assert flags.rapid_rise(last_week, on=TODAY, known_since=None, by=BY) is None


@pytest.mark.parametrize(("first_day", "expected"), [(ago(27), "red"), (ago(26), None), (TODAY, None)])
def test_nothing_rises_before_three_weeks_are_known(first_day: date, expected: str | None) -> None:
    found = flags.rapid_rise({TODAY: 300 * POINT}, on=TODAY, known_since=first_day, by=BY)
    assert level(found) == expected


def test_nobody_is_flagged_on_a_day_off() -> None:
    assert flags.rapid_rise({ago(1): 300 * POINT}, on=TODAY, known_since=None, by=BY) is None
    nights = {ago(n): 2 * 3600_000 for n in (1, 2, 3)}
    assert flags.night(nights, on=TODAY, by=BY) is None
    assert flags.late_severe({ago(1), ago(2)}, on=TODAY, by=BY) is None
    assert flags.breaks_short({ago(1): 6}, on=TODAY, by=BY) is None


# (loads in points of today, yesterday, the day before …, level)
STREAKS: list[tuple[list[float], str | None]] = [
    ([160, 160], None),  # two days
    ([160, 160, 160], "amber"),  # three at the edge
    ([160, 160, 159.99], None),  # one just below
    ([160, 160, 160, 160], "red"),
    ([160, 160, 160, 159.99], "amber"),
    ([160, 160, 0, 160, 160], None),  # a day between begins anew
    ([0, 160, 160, 160, 160], None),  # today is no heavy day
]


@pytest.mark.parametrize(("points", "expected"), STREAKS)
def test_heavy_streak(points: list[float], expected: str | None) -> None:
    loads = {ago(n): round(one * POINT) for n, one in enumerate(points)}
    assert level(flags.heavy_streak(loads, on=TODAY, by=BY)) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [((0, 1), None), ((0, 1, 2), "amber"), ((1, 2, 3), None), ((0, 1, 3), None), ((0, 1, 2, 3), "amber")],
)
def test_severity_4_on_days_in_a_row(days: tuple[int, ...], expected: str | None) -> None:
    assert level(flags.extreme_streak({ago(n) for n in days}, on=TODAY, by=BY)) == expected


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
    found = flags.rapid_rise({TODAY: 412 * POINT, ago(7): 720 * POINT}, on=TODAY, known_since=None, by=BY)
    assert found is not None
    assert found.figures == {"week": "412", "mean": "240", "percent": 150, "least": 240}
    streak = flags.heavy_streak(
        {ago(n): round(load * POINT) for n, load in enumerate((160, 171.25, 200.5))}, on=TODAY, by=BY
    )
    assert streak is not None
    assert streak.figures == {"days": 3, "least": 160, "loads": "200.5, 171.25, 160"}


def test_a_level_only_rises() -> None:
    assert flags.is_higher("red", "amber")
    assert flags.is_higher("amber", "info")
    assert not flags.is_higher("amber", "red")
    assert not flags.is_higher("red", "red")
