"""What limits leave, at the desk that asks and at the desk that waits alike, of a case put aside and of the case in hand.

Seen red without ``mild_only`` in either statement of ``services.picking`` and in ``rules.lanes.admits``, without the expected
seconds in all three, and without the medium, and the confirmation, in ``returns.is_mild``.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from people.models import Team, User
from queues.exceptions import BeatLate, ClaimLost, LimitReached
from queues.models import Claim, JobState, Queue
from queues.services import claim_rows
from tests.cast import T0, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    asks,
    beats,
    finishes,
    gets,
    has_looked,
    shows,
    state_of,
)
from tests.wellbeing.steps import a_team_limit
from wellbeing.core.services import locking

pytestmark = pytest.mark.django_db

MILD = [
    ({"severity": 0, "category": "SPAM_FRAUD", "medium": "text"}, True),
    ({"severity": 0, "category": "SPAM_FRAUD", "medium": "image", "mild_confirmed": True}, True),
    ({"severity": 0, "category": "SPAM_FRAUD", "medium": "image"}, False),
    ({"severity": 1, "category": "DISINFO", "medium": "text"}, False),
    ({"severity": 3, "category": "GORE", "medium": "image", "mild_confirmed": True}, False),
]
"""What may come once the minutes of the day are used up."""


@pytest.fixture
def used_up(alice: User, north: Team) -> None:
    a_team_limit(north, "seconds_1", 600)
    has_looked(alice, 600, severity=1)


@pytest.mark.parametrize(("facts", "comes"), MILD)
def test_who_asks_at_a_reached_limit_is_handed_only_what_is_mild(
    alice: User, photos: Queue, used_up: None, facts: dict[str, Any], comes: bool
) -> None:
    a_case_comes_in(photos, **facts)
    assert (asks(alice) is not None) is comes


@pytest.mark.parametrize(("facts", "comes"), MILD)
def test_who_waits_at_a_reached_limit_is_offered_only_what_is_mild(
    alice: User, photos: Queue, used_up: None, facts: dict[str, Any], comes: bool
) -> None:
    assert asks(alice) is None
    job = a_case_comes_in(photos, at=T0 + SECOND, **facts)
    assert Claim.objects.filter(subject=subject_of(alice)).exists() is comes
    assert state_of(job) == (JobState.CLAIMED if comes else JobState.WAITING)


@pytest.mark.parametrize(("expected", "comes"), [(45, True), (46, False)])
@pytest.mark.parametrize("waits", [False, True])
def test_what_does_not_fit_into_what_is_left_is_not_handed_out(
    alice: User, photos: Queue, north: Team, expected: int, comes: bool, waits: bool
) -> None:
    a_team_limit(north, "seconds_3", 45)
    if waits:
        assert asks(alice) is None
    a_case_comes_in(photos, at=T0 + SECOND, severity=3, expected_seconds=expected)
    assert (asks(alice, T0 + SECOND) is not None) is comes


@pytest.mark.parametrize(("facts", "comes"), MILD)
def test_a_case_put_aside_for_a_break_comes_back_at_a_reached_limit_only_where_it_is_mild(
    alice: User, photos: Queue, north: Team, facts: dict[str, Any], comes: bool
) -> None:
    job = a_case_comes_in(photos, **facts)
    claim = gets(alice)
    with transaction.atomic():
        claim_rows.park(locked=locking.hold(subject=claim.subject, at=T0 + SECOND), claim=claim)
    a_team_limit(north, "seconds_1", 600)
    has_looked(alice, 600, severity=1)
    again = asks(alice, T0 + MINUTE)
    assert (again is not None and again.id == claim.id) is comes
    assert (state_of(job) == JobState.CLAIMED) is comes


@pytest.mark.parametrize(("after", "is_over"), [(5 * MINUTE - SECOND, False), (5 * MINUTE, True)])
def test_the_case_in_hand_may_be_decided_for_five_minutes_after_the_limit(
    alice: User, photos: Queue, north: Team, after: timedelta, is_over: bool
) -> None:
    a_case_comes_in(photos, severity=1)
    claim = gets(alice)
    shown = shows(claim)
    a_team_limit(north, "seconds_1", 600)
    has_looked(alice, 600, severity=1)
    beats(alice, T0 + 5 * SECOND, claim, shown)
    if is_over:
        with pytest.raises(LimitReached):
            finishes(claim, at=T0 + 5 * SECOND + after)
    else:
        assert finishes(claim, at=T0 + 5 * SECOND + after).closed_reason == "decided"


def test_a_limit_that_comes_in_a_silence_leaves_the_case_for_five_minutes_too(
    alice: User, photos: Queue, north: Team
) -> None:
    """Seen red: after a silence no five minutes began, and the case stayed in hand for as long as its page beat."""
    a_team_limit(north, "seconds_3", 60)
    job = a_case_comes_in(photos, severity=3, expected_seconds=30)
    claim = gets(alice)
    page = shows(claim, level="grey")
    with pytest.raises(BeatLate):
        beats(alice, T0 + 2 * MINUTE, claim, page)
    shows(claim, level="shielded", at=T0 + 3 * MINUTE)
    with pytest.raises(LimitReached):
        shows(claim, level="grey", at=T0 + 4 * MINUTE)
    beats(alice, T0 + 6 * MINUTE, claim)
    with pytest.raises(ClaimLost):
        beats(alice, T0 + 7 * MINUTE, claim)
    assert state_of(job) == JobState.OFFERING
