"""Jobs come in, move forward, change their lane."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from people.models import User
from queues.models import Claim, Job, JobState, Lane, Queue
from queues.selectors import desk_state
from queues.services import jobs
from tests.cast import T0
from tests.queues.work import MINUTE, a_case_comes_in, asks, finishes, gets

pytestmark = pytest.mark.django_db


def test_jobs_with_the_same_label_share_a_lane(photos: Queue) -> None:
    one, other = a_case_comes_in(photos), a_case_comes_in(photos)
    assert one.lane_id == other.lane_id
    assert a_case_comes_in(photos, severity=3).lane_id != one.lane_id


def test_a_case_has_one_open_job_of_a_kind(photos: Queue) -> None:
    job = a_case_comes_in(photos)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_case_comes_in(photos, case_ref=job.case_ref)


def test_a_decided_case_may_be_queued_again(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    finishes(gets(alice))
    a_case_comes_in(photos, case_ref=job.case_ref)


def enqueues(queue: Queue) -> Job:
    return jobs.enqueue(
        case_ref=uuid4(),
        queue=queue,
        language="",
        category="HATE",
        severity=2,
        medium="text",
        expected_seconds=30,
        at=T0,
    )


@pytest.mark.django_db(transaction=True)
def test_a_job_is_offered_when_its_transaction_is_committed(alice: User, photos: Queue) -> None:
    asks(alice)
    with transaction.atomic():
        job = enqueues(photos)
        assert Job.objects.get(pk=job.pk).state == JobState.OFFERING
    assert Claim.objects.get(job=job).arrived_while_waiting


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_transaction_is_rolled_back_is_offered_to_nobody(alice: User, photos: Queue) -> None:
    asks(alice)
    with transaction.atomic():
        enqueues(photos)
        transaction.set_rollback(True)
    assert not Claim.objects.exists()
    assert not Job.objects.exists()


def test_priority_moves_a_job_forward_and_never_back(photos: Queue) -> None:
    job = a_case_comes_in(photos)
    assert jobs.raise_priority(case_ref=job.case_ref, priority=4)
    raised = Job.objects.get()
    assert raised.sort_key == job.sort_key - 4 * 15 * 60_000
    assert not jobs.raise_priority(case_ref=job.case_ref, priority=2)
    assert Job.objects.get().sort_key == raised.sort_key


def test_an_earlier_due_time_moves_a_job_forward(photos: Queue) -> None:
    job = a_case_comes_in(photos, due_at=T0 + 60 * MINUTE)
    jobs.raise_priority(case_ref=job.case_ref, priority=0, due_at=T0 + 30 * MINUTE)
    jobs.raise_priority(case_ref=job.case_ref, priority=0, due_at=T0 + 90 * MINUTE)
    moved = Job.objects.get()
    assert moved.due_at == T0 + 30 * MINUTE
    assert moved.sort_key == job.sort_key - 30 * 60_000


def test_a_new_label_is_a_new_lane_and_the_same_place(photos: Queue) -> None:
    job = a_case_comes_in(photos, severity=1, language="en")
    jobs.relabel(case_ref=job.case_ref, category="GORE", severity=3)
    moved = Job.objects.select_related("lane").get()
    assert (moved.lane.category, moved.lane.severity, moved.lane.language) == ("GORE", 3, "en")
    assert (moved.sort_key, moved.state) == (job.sort_key, job.state)


def test_a_new_label_keeps_the_skill_a_lane_asks_for(photos: Queue) -> None:
    job = a_case_comes_in(photos, skill="senior")
    jobs.relabel(case_ref=job.case_ref, category="VIO_KILL", severity=4)
    assert Job.objects.select_related("lane").get().lane.skill == "senior"


def test_a_new_label_shows_at_the_desk_that_holds_the_case(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos, severity=1)
    claim = gets(alice)
    jobs.relabel(case_ref=job.case_ref, category="GORE", severity=3)
    state = desk_state(claim.subject, T0)
    assert state.claim is not None
    assert (state.claim.category, state.claim.severity) == ("GORE", 3)


def test_the_same_label_makes_no_lane(photos: Queue) -> None:
    job = a_case_comes_in(photos, severity=2)
    jobs.relabel(case_ref=job.case_ref, category="GORE", severity=2)
    assert Lane.objects.count() == 1


def test_closed_jobs_keep_their_label(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos, severity=2)
    finishes(gets(alice))
    jobs.relabel(case_ref=job.case_ref, category="GORE", severity=4)
    assert Job.objects.select_related("lane").get().lane.severity == 2
