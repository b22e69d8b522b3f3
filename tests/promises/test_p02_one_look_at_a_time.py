"""P2. One look at a time. A job has at most one live claim; only its holder can decide; a late decision by a former
holder is refused and its draft kept.

Here: claims. That the draft is kept: test_p12. Seen failing with its guard removed, one at a time:
``claims.require`` without the state and fence (a former holder decides), without the fence alone (a former holder who
has it again), without the lease (nobody swept), without the subject (another's claim); ``picking`` without FOR UPDATE
SKIP LOCKED (tests/queues/test_picking.py, eight at once); ``picking.take_offered`` without its condition
(tests/queues/test_races.py, an offer and a withdrawal).
"""

import pytest
from django.db import IntegrityError, transaction

from people.models import User
from queues.exceptions import ClaimLost, NotYourClaim
from queues.models import Claim, ClaimState, Job, JobState, Queue
from queues.services.sweep import sweep_next
from tests.cast import T0, a_user, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    asks,
    at_once,
    finishes,
    gets,
    settles,
    state_of,
)

CASES = 18


def expires_and_goes_to(other: User, claim: Claim) -> Claim:
    while sweep_next(T0 + 10 * MINUTE):
        pass
    return gets(other, T0 + 10 * MINUTE)


@pytest.mark.django_db(transaction=True)
def test_fifty_people_at_once_make_one_claim_on_one_job(photos: Queue) -> None:
    team = photos.teams.get()
    people = [a_user(f"p{number}", "moderator", team=team) for number in range(50)]
    a_case_comes_in(photos)
    results = at_once(*[lambda user=user: asks(user) for user in people])
    assert [found for found in results if isinstance(found, Exception)] == []
    assert len([claim for claim in results if claim is not None]) == 1
    assert Claim.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_requests_of_one_person_at_once_make_one_claim(alice: User, photos: Queue) -> None:
    for _ in range(5):
        a_case_comes_in(photos)
    results = at_once(*[lambda: asks(alice)] * 50)
    assert {claim.id for claim in results} == {Claim.objects.get().id}
    assert Job.objects.filter(state=JobState.CLAIMED).count() == 1


@pytest.mark.django_db
def test_only_the_holder_can_decide(alice: User, amina: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    claim.subject = subject_of(amina)
    with pytest.raises(NotYourClaim):
        finishes(claim)
    assert state_of(job) == JobState.CLAIMED


@pytest.mark.django_db
def test_a_former_holder_decides_too_late(alice: User, amina: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    former = gets(alice)
    holder = expires_and_goes_to(amina, former)
    with pytest.raises(ClaimLost):
        finishes(former, at=T0 + 10 * MINUTE + SECOND)
    assert state_of(job) == JobState.CLAIMED
    finishes(holder, at=T0 + 10 * MINUTE + SECOND)
    assert state_of(job) == JobState.DONE


@pytest.mark.django_db
def test_a_former_holder_who_has_it_again_needs_the_new_fence(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    former = gets(alice)
    again = expires_and_goes_to(alice, former)
    with pytest.raises(ClaimLost):
        finishes(former, at=T0 + 11 * MINUTE)
    again.fence = former.fence
    with pytest.raises(ClaimLost):
        finishes(again, at=T0 + 11 * MINUTE)


@pytest.mark.django_db
def test_a_decision_after_the_lease_is_refused_even_if_nobody_swept(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    with pytest.raises(ClaimLost):
        finishes(claim, at=T0 + 10 * MINUTE)
    assert state_of(job) == JobState.CLAIMED


@pytest.mark.django_db
@pytest.mark.parametrize("state", [ClaimState.LIVE, ClaimState.PARKED])
def test_the_database_itself_refuses_a_second_claim(
    alice: User, amina: User, photos: Queue, state: str
) -> None:
    a_case_comes_in(photos)
    a_case_comes_in(photos)
    claim = gets(alice)
    other_job = Job.objects.exclude(pk=claim.job_id).get()
    second = {"fence": 1, "state": state, "claimed_at": T0, "lease_until": T0}
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(job_id=claim.job_id, subject=subject_of(amina), **second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(job=other_job, subject=claim.subject, **second)


@pytest.mark.django_db(transaction=True)
def test_many_people_empty_a_queue_and_every_case_is_decided_once(photos: Queue) -> None:
    team = photos.teams.get()
    people = [a_user(f"p{number}", "moderator", team=team) for number in range(6)]
    for _ in range(CASES):
        a_case_comes_in(photos)

    def works(user: User) -> int:
        done = 0
        while (claim := asks(user)) is not None:
            finishes(claim)
            done += 1
        return done

    results = at_once(*[lambda user=user: works(user) for user in people])
    settles()
    assert [found for found in results if isinstance(found, Exception)] == []
    assert sum(results) == CASES
    assert Job.objects.filter(state=JobState.DONE).count() == CASES
    assert Claim.objects.filter(closed_reason="decided").values("job").distinct().count() == CASES
