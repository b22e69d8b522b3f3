"""What is used up, what may be shown, what may be taken: a second and a case each side of every limit."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import T0
from wellbeing.core.rules.days import QUARTER, day_of
from wellbeing.core.rules.limits import (
    CLOSES,
    DAY_CASES,
    DAY_LIMITS,
    DEFAULT_PRESET,
    LOAD_LIMITS,
    SEVERITIES,
    Counters,
    Ledger,
    Spent,
    closes,
    forbids_look,
    is_reached,
    time_left,
    what_fits,
)
from wellbeing.core.rules.load import UNITS_PER_POINT
from wellbeing.core.rules.scopes import InForce

pytestmark = pytest.mark.any_database

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def limits(**values: int) -> dict[str, InForce]:
    return {
        name: InForce(name, values.get(name, default), "team") for name, default in DEFAULT_PRESET.items()
    }


def ledger(*spent: tuple[int, float, int], at: datetime = T0, quarter: datetime | None = None) -> Ledger:
    """Make a ledger of (severity, seconds, cases), all in the quarter of *at* unless told."""
    found = Ledger(day_of([], at))
    for severity, seconds, cases in spent:
        add(found, quarter or found.day.quarter_at, severity, Spent(round(seconds * 1000), cases))
    return found


def add(found: Ledger, quarter_at: datetime, severity: int, by: Spent) -> None:
    found.spent[quarter_at, severity] = found.spent.get((quarter_at, severity), Spent()).plus(by)


def test_the_preset_is_that_of_the_written_rules() -> None:
    assert DEFAULT_PRESET == {
        "seconds_1": 240 * 60,
        "seconds_3": 120 * 60,
        "seconds_4": 30 * 60,
        "cases_3": 150,
        "cases_4": 60,
        "work_seconds": 50 * 60,
        "severe_seconds": 25 * 60,
        "extreme_seconds": 10 * 60,
        "work_rest_seconds": 10 * 60,
        "severe_rest_seconds": 10 * 60,
        "extreme_rest_seconds": 10 * 60,
        "long_rest_seconds": 15 * 60,
        "colour_rest_seconds": 3 * 60,
        "cluster_rest_seconds": 15 * 60,
        "severe_days_7": 4,
        "severe_days_run": 3,
        "extreme_weeks": 3,
        "late_seconds": 60 * 60,
        "late_severity": 2,
        "night_severity": 2,
        "overtime_severity": 1,
        "stop_minute": 24 * 60,
        "load_block_amber": 35,
        "load_block_red": 50,
        "load_day_amber": 200,
        "load_day_red": 600,
        "load_week_amber": 850,
        "load_week_red": 2500,
        "load_month_amber": 3000,
        "load_month_red": 10000,
        "run_cases": 20,
        "spacing_cases": 2,
        "wellness_seconds": 45 * 60,
        "rapid_rise_amber": 150,
        "rapid_rise_red": 200,
        "rapid_rise_least": 240,
        "heavy_day_load": 200,
        "heavy_days_amber": 3,
        "heavy_days_red": 4,
        "extreme_days": 6,
        "postponed_day": 2,
        "postponed_week": 5,
        "night_work_seconds": 2 * 3600,
        "nights": 3,
        "late_days": 2,
        "repeat_views": 3,
        "reveal_up_points": 20,
        "reveal_up_cases": 30,
    }


@pytest.mark.parametrize(
    ("name", "severity"),
    [(name, severity) for name in DAY_LIMITS for severity in sorted(SEVERITIES[name])],
)
def test_a_unit_each_side_of_every_limit(name: str, severity: int) -> None:
    value = DEFAULT_PRESET[name]

    def spent(amount: float) -> Ledger:
        return ledger((severity, 0, int(amount)) if name in DAY_CASES else (severity, amount, 0))

    only = {other: 10**9 for other in DAY_LIMITS if other != name}
    one = 1 if name in DAY_CASES else 0.001
    assert not is_reached(limits(**only)[name], spent(value - one))
    assert is_reached(limits(**only)[name], spent(value))
    reached = closes(limits(**only), spent(value), severity=severity, at=T0)
    assert reached is not None
    assert (reached.name, reached.value, reached.scope) == (name, value, "team")
    assert closes(limits(**only), spent(value - one), severity=severity, at=T0) is None


@pytest.mark.parametrize(
    ("name", "counts", "does_not"),
    [
        ("seconds_1", (1, 2, 3, 4), (0,)),
        ("seconds_3", (3, 4), (0, 1, 2)),
        ("seconds_4", (4,), (0, 1, 2, 3)),
        ("cases_3", (3,), (0, 1, 2, 4)),
        ("cases_4", (4,), (0, 1, 2, 3)),
    ],
)
def test_what_counts_towards_a_limit(name: str, counts: tuple[int, ...], does_not: tuple[int, ...]) -> None:
    for severity in counts:
        assert ledger((severity, 5, 5)).used(name) == (5 if name in DAY_CASES else 5000)
    for severity in does_not:
        assert ledger((severity, 5, 5)).used(name) == 0


@pytest.mark.parametrize(
    ("used", "was_counted", "forbidden"),
    [
        (59, False, False),
        (60, False, True),  # a sixty-first case is not shown
        (60, True, False),  # the sixtieth goes on
        (61, True, True),  # the limit was set below what was counted
    ],
)
def test_cases_are_used_up_for_the_next_case(used: int, was_counted: bool, forbidden: bool) -> None:
    found = forbids_look(limits(), ledger((4, 0, used)), severity=4, was_counted=was_counted, at=T0)
    assert (found is not None) is forbidden


@pytest.mark.parametrize("value", [0, 5])
@pytest.mark.parametrize(
    ("name", "shown_at", "closed"),
    [
        ("seconds_1", 2, {1, 2, 3, 4}),
        ("seconds_3", 3, {3, 4}),
        ("seconds_4", 4, {4}),
        ("cases_3", 3, {3, 4}),  # what is worse as well
        ("cases_4", 4, {4}),
    ],
)
def test_a_reached_limit_closes_what_counts_and_what_is_worse_whatever_its_value(
    name: str, shown_at: int, closed: set[int], value: int
) -> None:
    """Seen red with what counts in place of what is closed, and with a limit of 0 left aside."""
    locked, used = limits(**{name: value}), ledger((shown_at, value, value))
    found = what_fits(locked, used, Counters(), at=T0)
    assert set(found.closed_by) == closed
    assert set(found.fit) == {0, 1, 2, 3, 4} - closed
    assert (found.mild_only is not None) is (name == "seconds_1")
    for severity in range(5):
        off = forbids_look(locked, used, severity=severity, was_counted=False, at=T0)
        assert (off is not None) is (severity in closed)


@pytest.mark.parametrize("name", ["load_day_red", "load_week_red", "load_month_red"])
def test_a_red_load_closes_everything_above_0(name: str) -> None:
    day = day_of([], T0)
    used = Ledger(day, {(day.quarter_at, 1): Spent(units_at_one=UNITS_PER_POINT)}, block_load=UNITS_PER_POINT)
    found = what_fits(limits(**{name: 1}), used, Counters(), at=T0)
    assert set(found.fit) == {0}
    assert found.mild_only is not None
    assert found.mild_only.name == name


def test_a_red_load_since_the_last_break_closes_nothing_and_leaves_no_time_before_the_break() -> None:
    """The load of a block is none of the limits that close: whoever was on it was told 'until you have rested'."""
    used = Ledger(day_of([], T0), block_load=UNITS_PER_POINT)
    locked = limits(load_block_red=1)
    found = what_fits(locked, used, Counters(), at=T0)
    assert (set(found.fit), dict(found.closed_by), found.mild_only) == ({0, 1, 2, 3, 4}, {}, None)
    assert found.fit[2] == timedelta(0)
    assert forbids_look(locked, used, severity=4, was_counted=False, at=T0) is None
    assert what_fits(locked, used, Counters(), at=T0, with_breaks=False).fit[2] == 240 * MINUTE


def test_a_limit_of_0_is_closed_for_good() -> None:
    found = what_fits(limits(seconds_4=0), ledger(), Counters(), at=T0)
    assert found.closed_by[4].is_closed
    assert found.closed_by[4].until is None


@pytest.mark.parametrize(
    ("used", "severity", "was_counted", "forbidden"),
    [
        (149, 4, False, False),
        (150, 4, False, True),  # a new case of severity 4 is worse than what counts
        (150, 4, True, False),  # one in hand goes on
        (151, 4, True, True),  # the limit was set below what was counted
        (150, 2, False, False),
    ],
)
def test_cases_of_severity_3_close_severity_4_too(
    used: int, severity: int, was_counted: bool, forbidden: bool
) -> None:
    found = forbids_look(limits(), ledger((3, 0, used)), severity=severity, was_counted=was_counted, at=T0)
    assert (found is not None) is forbidden


def test_what_a_limit_closes_is_all_that_counts_and_all_above_it() -> None:
    for name, closed in CLOSES.items():
        assert SEVERITIES[name] <= closed
        assert closed == {severity for severity in range(5) if severity >= min(SEVERITIES[name])}


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (0, 30 * 60),  # the work break
        (1, 30 * 60),
        (2, 30 * 60),
        (3, 5 * 60),  # 25 min less 20
        (4, 2 * 60),  # 10 min less 8
    ],
)
def test_what_fits_is_the_time_to_the_next_break(severity: int, expected: int) -> None:
    counters = Counters(work_ms=20 * 60_000, severe_ms=20 * 60_000, extreme_ms=8 * 60_000)
    assert time_left(limits(), ledger(), counters, severity=severity, at=T0) == timedelta(seconds=expected)


def test_what_fits_is_the_time_to_the_nearest_limit() -> None:
    found = what_fits(limits(), ledger((4, 29 * 60, 1)), Counters(), at=T0)
    assert found.fit[4] == MINUTE
    assert found.fit[3] == 25 * MINUTE


@pytest.mark.parametrize(
    ("name", "expected"),
    [("load_block_red", 200), ("load_day_red", 100), ("load_week_red", 100), ("load_month_red", 100)],
)
def test_a_day_is_counted_in_full_and_a_block_as_it_is_shown(name: str, expected: int) -> None:
    """Of 100 s of severity 2 that are left of one load, at a factor of 0.5."""
    wide = dict.fromkeys(("seconds_1", "work_seconds", *LOAD_LIMITS), 10**6)
    day, left = day_of([], T0), round((1_000 - 100 / 60) * UNITS_PER_POINT)
    used = Ledger(day, {(day.quarter_at, 2): Spent(units_at_one=left)}, block_load=left)
    locked = limits(**(wide | {name: 1_000}))
    found = time_left(locked, used, Counters(), severity=2, at=T0, factor=50, at_one=100)
    assert found == timedelta(seconds=expected)


def test_while_a_break_is_postponed_what_fits_is_until_it_binds() -> None:
    counters = Counters(work_ms=50 * 60_000)
    left = time_left(limits(), ledger(), counters, severity=2, at=T0, postponed=4 * MINUTE)
    assert left == 4 * MINUTE
    nearly = Counters(work_ms=50 * 60_000, extreme_ms=9 * 60_000)
    assert time_left(limits(), ledger(), nearly, severity=4, at=T0, postponed=4 * MINUTE) == MINUTE


def test_the_tighter_of_both_days_wins() -> None:
    late = T0.replace(hour=0, minute=20)  # 20 minutes after midnight
    yesterday = ledger((4, 30 * 60, 0), at=late, quarter=late.replace(minute=0) - QUARTER)
    assert yesterday.today(4).shown_ms == 0
    assert is_reached(limits()["seconds_4"], yesterday)
    long_day = ledger((4, 30 * 60, 0), at=late, quarter=late.replace(minute=15) - 97 * QUARTER)
    assert not is_reached(limits()["seconds_4"], long_day)


@pytest.mark.parametrize(("quarters", "is_in"), [(0, True), (96, True), (97, False)])
def test_the_96_quarters_before_count_and_no_earlier_one(quarters: int, is_in: bool) -> None:
    start = T0.replace(hour=0)
    found = ledger((4, 60, 0), at=start, quarter=start - quarters * QUARTER)
    assert (found.used("seconds_4") == 60_000) is is_in


def test_a_limit_says_when_it_lifts() -> None:
    at = T0.replace(hour=21)
    evening = ledger((4, 30 * 60, 0), at=at)
    reached = closes(limits(), evening, severity=4, at=at)
    assert reached is not None
    assert reached.until == at + 97 * QUARTER  # not at midnight: the quarters still hold
    morning = ledger((4, 30 * 60, 0), at=T0, quarter=T0.replace(hour=0))
    lifts = closes(limits(), morning, severity=4, at=T0)
    assert lifts is not None
    assert lifts.until == T0.replace(hour=0) + 97 * QUARTER


spent = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 4), st.integers(0, 900_000), st.integers(0, 30)),
    max_size=40,
)


@given(spent, st.dictionaries(st.sampled_from(DAY_LIMITS), st.integers(0, 200)))
def test_whatever_fits_is_not_forbidden_and_lifting_frees_it(
    rows: list[tuple[int, int, int, int]], values: dict[str, int]
) -> None:
    found = Ledger(day_of([], T0))
    for quarters, severity, shown_ms, cases in rows:
        add(found, found.day.quarter_at - quarters * QUARTER, severity, Spent(shown_ms, cases))
    fits = what_fits(limits(**values), found, Counters(), at=T0)
    for severity in fits.fit:
        assert forbids_look(limits(**values), found, severity=severity, was_counted=False, at=T0) is None
    for severity, reached in fits.closed_by.items():
        assert severity not in fits.fit
        _check_lift(found, reached)


def _check_lift(found: Ledger, reached: Any) -> None:
    if reached.is_closed:
        assert reached.until is None
        return
    unit = 1 if reached.name in DAY_CASES else 1000
    at = reached.until
    later = Ledger(day_of([], at), found.spent)
    assert later.used(reached.name) < reached.value * unit
    before = Ledger(day_of([], at - timedelta(seconds=1)), found.spent)
    assert before.used(reached.name) >= reached.value * unit


def _shown_over(*spent: tuple[int, int, datetime]) -> Ledger:
    """Make a ledger at T0 of (severity, seconds, quarter)."""
    found = Ledger(day_of([], T0))
    for severity, seconds, quarter_at in spent:
        add(found, quarter_at, severity, Spent(seconds * 1000))
    return found


@pytest.mark.parametrize("severity", [3, 4])
def test_of_several_that_close_the_one_is_told_that_lifts_last(severity: int) -> None:
    yesterday = T0 - DAY + 4 * QUARTER
    # Of the minutes at 3 and up most was yesterday evening; what was of severity 4 was a little ago.
    found = _shown_over((3, 60, yesterday), (4, 30, T0 - QUARTER))
    in_force = limits(seconds_3=90, seconds_4=30)
    told = closes(in_force, found, severity=severity, at=T0)
    assert told is not None
    assert told.name == {3: "seconds_3", 4: "seconds_4"}[severity]
    looked = forbids_look(in_force, found, severity=severity, was_counted=True, at=T0)
    assert looked is not None
    assert looked.name == told.name


def test_what_never_lifts_by_itself_is_told_before_what_does_and_what_a_break_takes_away_closes_nothing() -> (
    None
):
    found = replace(ledger((3, 60, 1)), block_load=50 * UNITS_PER_POINT)
    never = closes(limits(seconds_3=60, seconds_4=0), found, severity=4, at=T0)
    by_the_clock = closes(limits(seconds_3=60), found, severity=3, at=T0)
    by_a_break = closes(limits(), found, severity=3, at=T0)
    assert [one.name for one in (never, by_the_clock, by_a_break) if one] == ["seconds_4", "seconds_3"]


def test_a_severity_is_open_when_what_was_told_has_lifted() -> None:
    found = _shown_over((3, 60, T0 - DAY + 4 * QUARTER), (4, 30, T0 - QUARTER))
    in_force = limits(seconds_3=90, seconds_4=30)
    told = closes(in_force, found, severity=4, at=T0)
    assert told is not None
    assert told.until is not None
    later = Ledger(day_of([], told.until), dict(found.spent))
    assert closes(in_force, later, severity=4, at=told.until) is None
