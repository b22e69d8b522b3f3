"""Seen red with a last group of fewer than five, with nine people told, and without rounding."""

from hypothesis import given
from hypothesis import strategies as st

from queues.rules.sharing import Share, shares


def test_the_example_of_the_rule() -> None:
    told = shares([0, 25, 20, 15, 10, 10, 8, 6, 4, 2, 0, 0])
    assert told == [Share(5, 80), Share(7, 20)]


def test_of_nine_people_and_of_four_cases_nothing_is_told() -> None:
    assert shares([9] * 9) == []
    assert shares([4] + [0] * 20) == []
    assert shares([]) == []
    assert shares([5] + [0] * 9) == [Share(5, 100), Share(5, 0)]


@given(st.lists(st.integers(0, 500), max_size=60))
def test_every_group_is_five_or_more_and_everybody_is_in_one(counts: list[int]) -> None:
    told = shares(counts)
    assert all(share.people >= 5 and share.percent % 5 == 0 for share in told)
    assert not told or sum(share.people for share in told) == len(counts)


@given(st.lists(st.integers(0, 50), min_size=10, max_size=30), st.randoms())
def test_whose_they_are_changes_nothing(counts: list[int], dice) -> None:
    mixed = counts[:]
    dice.shuffle(mixed)
    assert shares(mixed) == shares(counts)
