"""The rules over memory and the services over a database do the same with the same people, items and clock.

Seen red while a waiting page without beats was not heard of when it asked again, so that its waiting was not counted.
Twenty people over three days take minutes: ``SLICE=1`` adds them.
"""

import os

import pytest

from benchmarks.simulation.slice import Slice, compare
from tests.taxonomy import ensure_taxonomy

SLICES = [Slice(people=4, days=1, hours=3, share=1.5), *([Slice()] if "SLICE" in os.environ else [])]


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("what", SLICES, ids=lambda what: f"{what.people} people, {what.days} days")
def test_a_slice_is_the_same_both_ways(what: Slice) -> None:
    ensure_taxonomy()
    found = compare(what)
    assert found.differences == []
    assert found.looks > 50
    assert found.rests > 4
