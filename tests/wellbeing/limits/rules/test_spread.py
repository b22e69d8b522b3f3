"""Above how much severe work of the day somebody is put back. Seen red without the rounding, and with the mean."""

import pytest

from wellbeing.limits.rules.spread import left_to_count, most_of

pytestmark = pytest.mark.any_database

MINUTE = 60_000


@pytest.mark.parametrize(
    ("minutes", "most"),
    [
        ([10, 10], None),  # of two nothing is evened out
        ([0, 0, 0], 3),
        ([0, 20, 90], 28),  # 1.25 × 20 + 3
        ([0, 10, 30, 90], 28),  # the mean of the two in the middle
        ([0, 16, 90], 28),  # 16 is rounded up to 20
        ([0, 20.01, 90], 34.25),
    ],
)
def test_the_median_and_a_quarter_and_three_minutes(minutes: list[float], most: float | None) -> None:
    found = most_of([round(one * MINUTE) for one in minutes])
    assert found == (None if most is None else most * MINUTE)


@pytest.mark.parametrize(("expected", "shown", "left"), [(60, 0, 60), (60, 20, 40), (60, 90, 0)])
def test_what_was_shown_of_a_case_is_no_part_of_what_it_counts_besides(
    expected: int, shown: int, left: int
) -> None:
    assert left_to_count(expected_ms=expected, shown_ms=shown) == left
