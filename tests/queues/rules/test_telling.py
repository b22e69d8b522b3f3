"""Seen red without FEWEST, without the whole quarter since the last, without the full quarter, and without LATE."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queues.rules.telling import FEWEST, LATE, STEP, is_late, may_be_told, step_of

pytestmark = pytest.mark.any_database

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
AT_NINE = step_of(NINE)


@pytest.mark.parametrize(
    ("after", "steps"),
    [
        (timedelta(0), 0),
        (5 * MINUTE - SECOND, 0),
        (5 * MINUTE, 1),
        (15 * MINUTE, 3),
    ],
)
def test_a_step_is_five_full_minutes(after: timedelta, steps: int) -> None:
    assert step_of(NINE + after) - AT_NINE == steps


@pytest.mark.parametrize(
    ("after", "late"), [(timedelta(0), False), (LATE - SECOND, False), (LATE, True), (STEP, False)]
)
def test_a_count_is_made_in_the_first_minute_of_a_step(after: timedelta, late: bool) -> None:
    assert is_late(NINE + after) is late


@pytest.mark.parametrize(
    ("step", "told", "people", "may"),
    [
        # the first one of all, whenever it is
        (1, None, 0, True),
        # five people decided since the last that was told
        (1, 0, 5, True),
        (1, 0, 4, False),
        (2, 0, 4, False),
        # fewer: a full quarter of an hour, and a whole one since the last
        (3, 0, 0, True),
        (3, 0, 1, True),
        (3, 1, 4, False),
        (4, 1, 4, False),
        (6, 1, 4, True),
        # after a night in which nothing was counted
        (4, -90, 1, False),
        (6, -90, 1, True),
    ],
)
def test_which_count_may_be_told(step: int, told: int | None, people: int, may: bool) -> None:
    before = None if told is None else AT_NINE + told
    assert may_be_told(AT_NINE + step, told=before, people=people) is may


@given(st.lists(st.sets(st.integers(0, 7), max_size=7), min_size=1, max_size=40), st.integers(0, 2))
def test_between_two_that_are_told_five_people_decided_or_a_quarter_passed(
    deciders: list[set[int]], begin: int
) -> None:
    told: int | None = None
    since: set[int] = set()
    seen: list[tuple[int, int]] = []
    for step, people in enumerate(deciders, start=begin):
        since |= people
        if may_be_told(step, told=told, people=len(since)):
            seen.append((step, len(since)))
            told, since = step, set()
    for (earlier, _), (later, people_between) in pairwise(seen):
        assert people_between >= FEWEST or later - earlier >= 3


@given(st.lists(st.sets(st.integers(0, 3), max_size=4), min_size=3, max_size=40))
def test_with_four_people_only_full_quarters_are_told_after_the_first(deciders: list[set[int]]) -> None:
    told: int | None = None
    for step, people in enumerate(deciders, start=1):
        if may_be_told(step, told=told, people=len(people)):
            assert told is None or step % 3 == 0
            told = step
