"""What is told of labels that were off: rounded, of groups, in stretches that do not overlap."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from moderation.rules.off_labels import STRETCH, Counted, Told, stretch_before, told

A_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (Counted(100, 23, 7, people=4), None),  # four people
        (Counted(4, 4, 0, people=5), None),  # hardly a case
        (Counted(100, 23, 7, people=5), Told(100, 25, 5)),
        (Counted(102, 22, 8, people=9), Told(100, 20, 10)),
        (Counted(100, 4, 0, people=5), Told(100, None, None)),  # small cells look like none
        (Counted(100, 0, 0, people=5), Told(100, None, None)),
        (Counted(100, 96, 95, people=5), Told(100, None, 95)),  # and so do their complements
    ],
)
def test_what_is_told(counted: Counted, expected: Told | None) -> None:
    assert told(counted) == expected


def test_one_act_more_moves_no_figure_by_one() -> None:
    figures = [told(Counted(50, count, 0, people=6)) for count in range(5, 46)]
    assert {one.too_low for one in figures if one} == set(range(5, 46, 5))


def test_a_stretch_is_four_weeks_from_a_monday_and_told_a_day_after_it_is_over() -> None:
    at = datetime(2026, 11, 29, 12, tzinfo=UTC)
    start, end = stretch_before(at)
    assert (start.weekday(), end - start) == (0, timedelta(weeks=4))
    assert stretch_before(end + A_DAY) == (start, end)
    assert stretch_before(end + A_DAY - timedelta(microseconds=1)) == (start - STRETCH, start)


def test_stretches_never_overlap_so_their_difference_tells_nothing() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    seen = sorted({stretch_before(at + n * A_DAY) for n in range(200)})
    assert all(one[1] == next_one[0] for one, next_one in itertools.pairwise(seen))
