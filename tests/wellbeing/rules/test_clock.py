"""A clock that never goes back, what a stretch counts, and ticks of at most ten seconds."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import T0
from wellbeing.rules import clock
from wellbeing.rules.clock import Reading, advance, count, read, tick

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
    ("beating", "since", "is_sign", "covers", "until", "is_over"),
    [
        (True, 5, True, None, 5, False),
        (True, 15, True, None, 15, False),  # ten seconds late
        (True, 16, True, None, 5, True),  # more than ten
        (True, 3, False, None, 3, False),  # the sweep looks: a beat is taken for granted
        (True, 12, False, None, 5, False),  # … and no more
        (True, 16, False, None, 5, True),
        (True, 15, True, 3, 8, True),  # told to cover at 3: at most a beat later counts
        (True, 7, True, 3, 7, True),
        (True, 2, True, 3, 2, False),
        (False, 599, True, None, 599, False),
        (False, 600, True, None, 600, True),
        (False, 900, False, None, 600, True),
        (False, 900, False, 60, 65, True),
    ],
)
def test_what_a_stretch_counts(
    beating: bool, since: int, is_sign: bool, covers: int | None, until: int, is_over: bool
) -> None:
    counted = count(
        last_beat_at=T0,
        at=T0 + since * S,
        beating=beating,
        covers_at=None if covers is None else T0 + covers * S,
        is_sign=is_sign,
    )
    assert (counted.until, counted.is_over) == (T0 + until * S, is_over)


@pytest.mark.parametrize(
    ("gap", "served"),
    [(-7200, 0), (0, 0), (5, 5), (10, 10), (11, 10), (30, 10), (31, 0), (7200, 0)],
)
def test_a_tick_serves_at_most_ten_seconds_and_nothing_across_a_jump(gap: int, served: int) -> None:
    assert tick(ticked_at=T0, at=T0 + gap * S) == served * S


def test_instants_are_cut_to_whole_milliseconds() -> None:
    assert clock.whole(datetime(2026, 1, 1, microsecond=999_999, tzinfo=T0.tzinfo)).microsecond == 999_000
