"""The rules over memory and the services over a database do the same with the same people, items and clock.

Seen red while a waiting page without beats was not heard of when it asked again, so that its waiting was not counted.
"""

import os

import pytest

from benchmarks.simulation.slice import Slice, compare
from tests.taxonomy import ensure_taxonomy


@pytest.mark.django_db
def test_a_small_slice_is_the_same_both_ways() -> None:
    ensure_taxonomy()
    found = compare(Slice(people=4, days=1, hours=3, share=1.5))
    assert found.differences == []
    assert found.looks > 50
    assert found.rests > 4


@pytest.mark.django_db
@pytest.mark.skipif(
    "SLICE" not in os.environ, reason="takes minutes; SLICE=1 runs it (see benchmarks/README.md)"
)
def test_twenty_people_over_three_days_are_the_same_both_ways() -> None:
    ensure_taxonomy()
    found = compare(Slice())
    assert found.differences == []
    assert found.looks > 500
