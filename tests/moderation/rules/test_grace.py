"""When an answer leaves, and what is told of its time. Seen red without the full minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.rules.grace import MINUTE, came_later, takes_effect_at, to_the_minute

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("decided", "grace", "after"),
    [
        # on the minute: its length
        (0, 60, 60),
        (0, 300, 300),
        # else until the next full one
        (1, 60, 120),
        (59, 60, 120),
        (30, 90, 120),
        (31, 90, 180),
        # without a grace at once
        (17, 0, 17),
    ],
)
def test_a_grace_ends_at_a_full_minute(decided: int, grace: int, after: int) -> None:
    at = takes_effect_at(decided_at=NINE + decided * SECOND, grace_seconds=grace)
    assert at == NINE + after * SECOND


@given(st.integers(0, 10**9), st.integers(1, 86_400))
def test_never_before_its_length_and_never_a_minute_after(microseconds: int, grace: int) -> None:
    decided_at = NINE + timedelta(microseconds=microseconds)
    at = takes_effect_at(decided_at=decided_at, grace_seconds=grace)
    assert at == to_the_minute(at)
    assert timedelta(0) <= at - decided_at - grace * SECOND < MINUTE


@pytest.mark.parametrize(("second", "later"), [(0, False), (20, False), (59, False), (60, True)])
def test_what_came_after_a_decision_is_told_apart_by_the_minute(second: int, later: bool) -> None:
    created_at = NINE + second * SECOND
    assert came_later(created_at=created_at, decided_at=NINE + 20 * SECOND) is later
