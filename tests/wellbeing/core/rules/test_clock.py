"""A clock that never goes back, what a stretch counts, and ticks of at most ten seconds."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import T0
from wellbeing.core.rules import clock
from wellbeing.core.rules.clock import Counted, Moment, Reading, Second, advance, count, read, tick

pytestmark = pytest.mark.any_database

S = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        (0, 0),
        (1, 1),
        (7200, 7200),  # forward, as far as it likes
        (-1, 0),  # waited for the lock
        (-30, 0),
        (-31, 0),  # jumped back: the clock stands
        (-7200, 0),
    ],
)
def test_the_clock_is_the_later_of_both(wall: int, expected: int) -> None:
    now = advance(Reading(T0, T0), at=T0 + wall * S, is_active=True)
    assert now.clock_at == T0 + expected * S


def test_after_a_jump_back_the_clock_flows_on_while_something_is_open() -> None:
    back = advance(Reading(T0, T0), at=T0 - 7200 * S, is_active=True)
    on = advance(back, at=T0 - 7200 * S + 60 * S, is_active=True)
    assert on.clock_at == T0 + 60 * S


def test_after_a_jump_back_the_clock_stands_while_nothing_is_open() -> None:
    back = advance(Reading(T0, T0), at=T0 - 7200 * S, is_active=False)
    assert advance(back, at=T0 - 7100 * S, is_active=False).clock_at == T0
    assert advance(back, at=T0 + 5 * S, is_active=False).clock_at == T0 + 5 * S


def test_reading_gives_what_advancing_would() -> None:
    before = Reading(T0, T0)
    assert read(before, at=T0 + 5 * S) == T0 + 5 * S
    assert read(before, at=T0 - 5 * S) == T0
    assert read(before, at=T0 - 31 * S) is None


@given(st.lists(st.integers(-7_300_000, 7_300_000), max_size=60))
def test_the_clock_never_goes_back(steps: list[int]) -> None:
    now, wall = Reading(T0, T0), T0
    for step in steps:
        wall += timedelta(milliseconds=step)
        after = advance(now, at=wall, is_active=True)
        assert after.clock_at >= max(now.clock_at, wall)
        now = after


@pytest.mark.parametrize(
    ("beating", "since", "covers", "until", "heard", "is_late", "is_over"),
    [
        (True, 5, None, 5, 15, False, False),
        (True, 15, None, 15, 15, False, False),  # ten seconds late
        (True, 16, None, 16, 15, True, False),  # more than ten: it counts on
        (True, 240, None, 240, 15, True, False),
        (True, 599, None, 599, 15, True, False),
        (True, 600, None, 600, 15, True, True),  # and at most ten minutes
        (True, 9000, None, 600, 15, True, True),
        (True, 14, 3, 14, 8, False, False),  # told to cover at 3: it counts on, heard of for a beat more
        (True, 14, -3, 14, 5, False, False),  # told to cover before it was last heard of
        (False, 599, None, 599, 600, False, False),
        (False, 600, None, 600, 600, False, True),
        (False, 900, 60, 600, 65, False, True),
    ],
)
def test_what_a_stretch_counts(
    beating: bool, since: int, covers: int | None, until: int, heard: int, is_late: bool, is_over: bool
) -> None:
    counted = count(
        last_beat_at=T0,
        at=T0 + since * S,
        beating=beating,
        covers_at=None if covers is None else T0 + covers * S,
    )
    assert counted == Counted(T0 + until * S, T0 + heard * S, is_over=is_over, is_late=is_late)


@pytest.mark.parametrize(
    ("beating", "silent", "served"),
    [(True, 9, True), (True, 10, False), (False, 599, True), (False, 600, False)],
)
def test_for_how_long_a_silent_page_is_served(beating: bool, silent: int, served: bool) -> None:
    assert clock.may_be_served(last_beat_at=T0, at=T0 + silent * S, beating=beating) is served


@pytest.mark.parametrize(
    ("counted", "covered", "believed"),
    [
        (300, 10, 290),
        (300, 200, 100),
        (300, 3, 290),  # never below ten seconds after the last sign
        (300, -4000, 290),
        (300, 300, 0),
        (300, 400, 0),
        (8, 2, 0),
    ],
)
def test_how_much_silence_a_page_disclaims(counted: int, covered: int, believed: int) -> None:
    found = clock.believed(last_beat_at=T0, counted_until=T0 + counted * S, covered_at=T0 + covered * S)
    assert found == believed * S


HOUR = 3_600_000


@pytest.mark.parametrize(
    ("wall", "source", "second", "passed"),
    [
        (8, "one boot", 8 + 5, 8),  # both
        (8, "one boot", 5, 0),  # the wall alone: it was set
        (8, "one boot", 5 + 3, 3),
        (3, "one boot", 5 + 8, 3),
        (-8, "one boot", 5 + 8, 0),
        (8, "one boot", 4, 0),
        (8, "another boot", 1, 8),  # the wall tells what was before the machine started
        (0, "another boot", 2, 2),  # since it started, at least
        (-5, "another boot", 2, 2),
        (8, "database", 500_000, 8),  # moved to another database: nothing to compare with
    ],
)
def test_absence_is_the_smaller_of_two_clocks(wall: int, source: str, second: int, passed: int) -> None:
    before = Moment(T0, Second("one boot", 5 * HOUR))
    now = Moment(T0 + wall * 3600 * S, Second(source, second * HOUR))
    assert clock.passed(before, now) == passed * 3600 * S


@pytest.mark.parametrize(
    ("gap", "served"),
    [(-7200, 0), (0, 0), (5, 5), (10, 10), (11, 10), (30, 10), (31, 0), (7200, 0)],
)
def test_a_tick_serves_at_most_ten_seconds_and_nothing_across_a_jump(gap: int, served: int) -> None:
    assert tick(ticked_at=T0, at=T0 + gap * S) == served * S


def test_instants_are_cut_to_whole_milliseconds() -> None:
    assert clock.whole(datetime(2026, 1, 1, microsecond=999_999, tzinfo=T0.tzinfo)).microsecond == 999_000
