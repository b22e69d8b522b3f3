"""When the limits are reviewed again. Seen red without the shorter month."""

from datetime import date

import pytest

from wellbeing.limits.rules.reviews import due_after, stage


@pytest.mark.parametrize(
    ("held_on", "due_on"),
    [
        (date(2026, 1, 15), date(2026, 7, 15)),
        # Over the turn of the year, both ways round December.
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 7, 1), date(2027, 1, 1)),
        (date(2026, 12, 24), date(2027, 6, 24)),
        # A month that is shorter: its last day, in a leap year and in another.
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 3, 31), date(2026, 9, 30)),
    ],
)
def test_a_review_is_due_six_months_after_the_last(held_on: date, due_on: date) -> None:
    assert due_after(held_on) == due_on


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 7, 16), "later"),  # fifteen days ahead
        (date(2026, 7, 17), "soon"),  # two weeks ahead
        (date(2026, 7, 31), "soon"),  # the day itself
        (date(2026, 8, 1), "overdue"),  # the day after
    ],
)
def test_reminded_two_weeks_ahead_and_when_overdue(today: date, expected: str) -> None:
    assert stage(date(2026, 7, 31), today=today) == expected
