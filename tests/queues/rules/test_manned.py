"""Seen red with ``FEWEST`` left out, and with the truth asked of people who could not take it as far as is known."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queues.rules.lanes import LaneFacts, May
from queues.rules.manned import Candidate, is_manned

pytestmark = pytest.mark.any_database

LANE = LaneFacts(1, "", 2, "", "GORE", 7)
OPEN = May(frozenset(), frozenset(), {2: timedelta.max})
CLOSED = May(frozenset(), frozenset(), {})
TAKES_IT, KEEPS_IT_AWAY, CANNOT = Candidate(OPEN, OPEN), Candidate(OPEN, CLOSED), Candidate(CLOSED, CLOSED)


@pytest.mark.parametrize(
    ("candidates", "manned"),
    [
        # nobody at all
        ([], False),
        ([CANNOT] * 9, False),
        ([TAKES_IT], True),
        # fewer than five could: what they keep away is not told
        ([KEEPS_IT_AWAY], True),
        ([KEEPS_IT_AWAY] * 4, True),
        # not by those beside them who cannot anyway
        ([KEEPS_IT_AWAY] * 4 + [CANNOT] * 9, True),
        # five or more: told when it is all of them
        ([KEEPS_IT_AWAY] * 5, False),
        ([KEEPS_IT_AWAY] * 5 + [TAKES_IT], True),
    ],
)
def test_whether_somebody_is_available(candidates: list[Candidate], manned: bool) -> None:
    assert is_manned(LANE, candidates) is manned


@given(st.lists(st.sampled_from([TAKES_IT, KEEPS_IT_AWAY, CANNOT]), max_size=12), st.integers(0, 11))
def test_of_fewer_than_five_nobodys_choice_changes_what_is_told(them: list[Candidate], which: int) -> None:
    if sum(one is not CANNOT for one in them) >= 5 or which >= len(them) or them[which] is CANNOT:
        return
    told = {is_manned(LANE, [*them[:which], one, *them[which + 1 :]]) for one in (TAKES_IT, KEEPS_IT_AWAY)}
    assert len(told) == 1
