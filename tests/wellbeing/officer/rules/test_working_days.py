"""An answer in writing is due two working days later, on the person's own clock.

Seen red with ``<=`` for ``<`` SATURDAY (Saturday counted as a working day) and without the person's zone.
"""

from datetime import UTC, datetime

import pytest

from wellbeing.officer.rules.working_days import answer_due_at

pytestmark = pytest.mark.any_database


def day(number: int, hour: int = 10, month: int = 11) -> datetime:
    """Of November 2026, whose 23rd is a Monday."""
    return datetime(2026, month, number, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (day(23), day(25)),  # Monday → Wednesday
        (day(24), day(26)),
        (day(25), day(27)),  # Wednesday → Friday
        (day(26), day(30)),  # Thursday → Monday
        (day(27), day(1, month=12)),  # Friday → Tuesday
        (day(28), day(1, month=12)),  # Saturday → Tuesday
        (day(29), day(1, month=12)),  # Sunday → Tuesday
    ],
)
def test_two_working_days_later(asked: datetime, due: datetime) -> None:
    assert answer_due_at(asked, zone="UTC") == due


def test_the_week_is_that_of_the_person() -> None:
    friday_late = day(27, 23)  # Saturday in Auckland
    assert answer_due_at(friday_late, zone="Pacific/Auckland") == day(30, 23)  # Tuesday in Auckland
    assert answer_due_at(friday_late, zone="UTC") == day(1, 23, month=12)


def test_the_clock_time_stays_when_the_clocks_change() -> None:
    friday = datetime(2026, 10, 23, 8, tzinfo=UTC)  # 10:00 in Brussels, before the change of the 25th
    assert answer_due_at(friday, zone="Europe/Brussels") == datetime(2026, 10, 27, 9, tzinfo=UTC)
