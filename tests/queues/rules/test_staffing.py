"""Seen red with two hours shortened by a second, without the look at what was decided, and with ``FEWEST`` left out."""

from datetime import timedelta

import pytest

from queues.rules.lanes import LaneFacts, May
from queues.rules.staffing import UNTAKEN_AFTER, could_be_taken, has_staff, is_quiet
from tests.cast import T0

pytestmark = pytest.mark.any_database

LANE = LaneFacts(1, "", 2, "", "GORE", 7)
CAN, CANNOT = May(frozenset(), frozenset(), {2: timedelta.max}), May(frozenset(), frozenset(), {})
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("people", "yes"), [([], False), ([CANNOT] * 9, False), ([CAN], True), ([CANNOT, CAN], True)]
)
def test_whether_somebody_is_available(people: list[May], yes: bool) -> None:
    assert has_staff(LANE, people) is yes


@pytest.mark.parametrize(
    ("people", "enough"), [([CAN] * 4, False), ([CAN] * 4 + [CANNOT] * 9, False), ([CAN] * 5, True)]
)
def test_of_fewer_than_five_it_is_not_told_that_nobody_took_it(people: list[May], enough: bool) -> None:
    assert could_be_taken(LANE, people) is enough


@pytest.mark.parametrize(
    ("waited", "decided", "quiet"),
    [
        (UNTAKEN_AFTER - SECOND, None, False),
        (UNTAKEN_AFTER, None, True),
        # one of the lane was decided meanwhile: it moves
        (9 * HOUR, UNTAKEN_AFTER - SECOND, False),
        (9 * HOUR, UNTAKEN_AFTER, True),
    ],
)
def test_a_lane_is_quiet_after_two_hours(waited: timedelta, decided: timedelta | None, quiet: bool) -> None:
    decided_at = None if decided is None else T0 - decided
    assert is_quiet(oldest_at=T0 - waited, decided_at=decided_at, at=T0) is quiet
