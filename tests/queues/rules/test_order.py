from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queues.rules.leases import lease_until, reserved_until
from queues.rules.order import LATE_WAITS, has_become_late, late_waits_ms, sort_key
from tests.cast import T0

pytestmark = pytest.mark.any_database

MINUTE = timedelta(minutes=1)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PRIORITIES = st.integers(0, 100)


def key(*, priority: int = 0, due_at: datetime | None = None, created_at: datetime = T0) -> int:
    return sort_key(created_at=created_at, due_at=due_at, target_seconds=24 * 3600, priority=priority)


def test_without_a_due_time_the_queues_target_counts() -> None:
    assert key() == int((T0 + timedelta(days=1)).timestamp() * 1000)


def test_a_due_time_counts_instead_of_the_target() -> None:
    assert key(due_at=T0 + MINUTE) == int((T0 + MINUTE).timestamp() * 1000)


def test_one_step_of_priority_is_worth_a_quarter_of_an_hour() -> None:
    assert key() - key(priority=1) == 15 * 60 * 1000


@given(INSTANTS, INSTANTS, PRIORITIES)
def test_among_equals_the_earlier_goes_first(one: datetime, other: datetime, priority: int) -> None:
    earlier, later = sorted([one, other])
    assert key(created_at=earlier, priority=priority) <= key(created_at=later, priority=priority)


@given(INSTANTS, PRIORITIES)
def test_nothing_starves_because_priority_is_worth_at_most_25_hours(
    created_at: datetime, priority: int
) -> None:
    much_later = created_at + timedelta(hours=25, milliseconds=1)
    assert key(created_at=created_at) < key(created_at=much_later, priority=priority)


@pytest.mark.parametrize(
    ("due_at", "at", "goes_back"),
    [
        (T0, T0, False),  # due now is not late yet
        (T0, T0 + MINUTE, True),
        (T0, T0 + LATE_WAITS, True),
        (T0, T0 + LATE_WAITS + MINUTE, False),  # nobody swept in time: it keeps its place
        (None, T0 + 48 * 60 * MINUTE, False),
    ],
)
def test_what_becomes_late_goes_back(due_at: datetime | None, at: datetime, goes_back: bool) -> None:
    place = sort_key(created_at=T0, due_at=due_at, target_seconds=0, priority=0)
    assert has_become_late(sort_key=place, due_at=due_at, at=at) is goes_back


@given(PRIORITIES, st.integers(1, 60 * 24 * 3))
def test_it_goes_back_a_bounded_way_and_then_its_place_stands(priority: int, minutes: int) -> None:
    """Swept every minute: in the end it stands at most twice eight hours behind its due time."""
    place = sort_key(created_at=T0, due_at=T0, target_seconds=0, priority=priority)
    for minute in range(minutes):
        if has_become_late(sort_key=place, due_at=T0, at=T0 + minute * MINUTE):
            place += late_waits_ms()
    assert place <= int((T0 + 2 * LATE_WAITS).timestamp() * 1000)


def test_a_grip_runs_out_ten_minutes_after_a_sign_of_life() -> None:
    assert lease_until(T0) == T0 + 10 * MINUTE


@pytest.mark.parametrize(
    ("due_at", "kept_until"),
    [
        (None, T0 + 20 * MINUTE),
        (T0 + 60 * MINUTE, T0 + 20 * MINUTE),
        (T0 + 5 * MINUTE, T0 + 5 * MINUTE),
        (T0 - MINUTE, T0 - MINUTE),
    ],
)
def test_a_parked_case_is_kept_until_ten_minutes_after_the_break_or_its_due_time(
    due_at: datetime | None, kept_until: datetime
) -> None:
    assert reserved_until(break_ends_at=T0 + 10 * MINUTE, due_at=due_at) == kept_until
