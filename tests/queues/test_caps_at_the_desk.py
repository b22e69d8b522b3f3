"""A cap that comes over a case in hand: five minutes behind the shield, then it goes back, and the sentence names the rule.

Guard taken away, seen red: `_keeps_off` (the desk then said that somebody else has the case).
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from people.models import User
from queues.exceptions import LimitReached
from queues.models import Claim, Queue
from queues.services import claims, desk
from tests.queues.work import MINUTE, SECOND, a_case_comes_in, beats, gets, shows, state_of
from wellbeing.core.services import locking

NIGHT = datetime(2026, 11, 23, 22, tzinfo=UTC)


def decide(user_claim: Claim, at: datetime) -> None:
    with transaction.atomic():
        locked = locking.hold(subject=user_claim.subject, at=at)
        claims.finish(locked=locked, claim_id=user_claim.id, fence=user_claim.fence)


def looks_into_the_night(alice: User, photos: Queue) -> Claim:
    """She holds a case of severity 3 on the stage when 22:00 comes."""
    at = NIGHT - 2 * MINUTE
    a_case_comes_in(photos, severity=3, at=at)
    claim = gets(alice, at)
    shown = shows(claim, level="grey", at=at)
    while at < NIGHT + 10 * SECOND:
        at += timedelta(seconds=5)
        beats(alice, at, claim, shown)
    return claim


def test_for_five_minutes_it_may_still_be_decided(alice: User, photos: Queue) -> None:
    claim = looks_into_the_night(alice, photos)
    with pytest.raises(LimitReached):
        shows(claim, level="grey", at=NIGHT + MINUTE)
    shows(claim, level="shielded", at=NIGHT + MINUTE)
    decide(claim, NIGHT + 4 * MINUTE)
    assert state_of(claim.job) == "done"


def test_then_the_sentence_names_the_night_and_the_case_goes_back(alice: User, photos: Queue) -> None:
    claim = looks_into_the_night(alice, photos)
    with pytest.raises(LimitReached) as refused:
        decide(claim, NIGHT + 6 * MINUTE)
    assert refused.value.reached.name == "night"
    desk.catch_up(subject=claim.subject, at=NIGHT + 6 * MINUTE)
    assert state_of(claim.job) in {"waiting", "offering"}


def test_at_night_a_severe_case_is_not_handed_out_and_a_milder_one_is(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=3, at=NIGHT)
    milder = a_case_comes_in(photos, severity=2, at=NIGHT)
    assert gets(alice, NIGHT).job == milder


def test_what_lasts_into_the_night_is_not_handed_out_before_it(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=3, expected_seconds=181, at=NIGHT - 3 * MINUTE)
    short = a_case_comes_in(photos, severity=3, expected_seconds=180, at=NIGHT - 3 * MINUTE)
    assert gets(alice, NIGHT - 3 * MINUTE).job == short
