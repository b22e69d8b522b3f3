"""The line of waiting desks: who has waited longest is asked first."""

import pytest

from people.models import User
from queues.models import Claim, Job, JobState, Queue, Skip, Ticket
from queues.services import desk, offers
from tests.cast import T0, a_user, subject_of
from tests.queues.work import MINUTE, SECOND, a_case_comes_in, asks, gets, settles, state_of

pytestmark = pytest.mark.django_db


def holder_of(job: Job) -> object:
    return Claim.objects.get(job=job).subject


def test_without_a_line_a_new_job_waits(photos: Queue) -> None:
    assert state_of(a_case_comes_in(photos)) == JobState.WAITING


def test_a_new_job_goes_to_who_has_waited_longest(alice: User, amina: User, photos: Queue) -> None:
    asks(amina, T0)
    asks(alice, T0 + SECOND)
    job = a_case_comes_in(photos, at=T0 + 2 * SECOND)
    assert holder_of(job) == subject_of(amina)
    assert Claim.objects.get().arrived_while_waiting
    assert list(Ticket.objects.values_list("subject", flat=True)) == [subject_of(alice)]


def test_beating_faster_wins_nothing(alice: User, amina: User, photos: Queue) -> None:
    asks(amina, T0)
    for second in range(1, 9):
        asks(alice, T0 + second * SECOND)
    job = a_case_comes_in(photos, at=T0 + 9 * SECOND)
    assert holder_of(job) == subject_of(amina)


def test_a_desk_that_is_silent_for_more_than_ten_seconds_is_not_asked(
    alice: User, amina: User, photos: Queue
) -> None:
    asks(amina, T0)
    asks(alice, T0 + SECOND)
    job = a_case_comes_in(photos, at=T0 + 11 * SECOND)
    assert holder_of(job) == subject_of(alice)


def test_ten_seconds_of_silence_are_still_asked(alice: User, photos: Queue) -> None:
    asks(alice, T0)
    assert holder_of(a_case_comes_in(photos, at=T0 + 10 * SECOND)) == subject_of(alice)


def test_who_may_not_take_it_is_passed_over(alice: User, amina: User, photos: Queue) -> None:
    asks(alice, T0)
    asks(amina, T0 + SECOND)
    job = a_case_comes_in(photos, at=T0 + 2 * SECOND, skill="senior")
    assert holder_of(job) == subject_of(amina)


def test_another_team_is_not_asked(charlie: User, photos: Queue) -> None:
    asks(charlie, T0)
    assert state_of(a_case_comes_in(photos, at=T0 + SECOND)) == JobState.WAITING


def test_who_skipped_the_case_is_not_asked(alice: User, amina: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    desk.skip(subject=claim.subject, claim_id=claim.id, fence=claim.fence, at=T0 + SECOND)
    asks(alice, T0 + SECOND)
    settles(T0 + SECOND)
    assert state_of(job) == JobState.WAITING
    asks(amina, T0 + 2 * SECOND)
    assert Claim.objects.get(job=job, state="live").subject == subject_of(amina)


def test_what_was_handed_back_goes_to_the_line_first(alice: User, amina: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    asks(amina, T0 + SECOND)
    desk.hand_back(subject=claim.subject, claim_id=claim.id, fence=claim.fence, at=T0 + 2 * SECOND)
    settles(T0 + 2 * SECOND)
    assert Claim.objects.get(job=job, state="live").subject == subject_of(amina)


def test_a_newcomer_cannot_overtake_a_desk_that_waited_when_the_offer_missed_it(
    alice: User, amina: User, photos: Queue
) -> None:
    """The lost wake-up: the job went to waiting just before the ticket of the older desk was committed."""
    job = a_case_comes_in(photos)
    Ticket.objects.create(subject=subject_of(amina), since=T0, last_beat_at=T0 + SECOND)
    assert asks(alice, T0 + 2 * SECOND) is None
    assert holder_of(job) == subject_of(amina)
    assert Ticket.objects.get().subject == subject_of(alice)


def test_who_asks_gets_it_when_the_older_desk_may_not_take_it(
    alice: User, amina: User, photos: Queue
) -> None:
    a_case_comes_in(photos, skill="senior")
    Ticket.objects.create(subject=subject_of(alice), since=T0, last_beat_at=T0 + SECOND)
    claim = gets(amina, T0 + 2 * SECOND)
    assert not claim.arrived_while_waiting
    assert Ticket.objects.get().subject == subject_of(alice)


def test_a_waiting_desks_beat_finds_what_the_offer_missed(alice: User, photos: Queue) -> None:
    asks(alice, T0)
    job = a_case_comes_in(photos)
    Claim.objects.all().delete()
    Job.objects.update(state=JobState.WAITING)
    Ticket.objects.create(subject=subject_of(alice), since=T0, last_beat_at=T0)
    answer = desk.beat(
        subject=subject_of(alice), claim_id=None, exposure_id=None, holding=False, at=T0 + 5 * SECOND
    )
    assert answer.kind == "case"
    assert holder_of(job) == subject_of(alice)
    assert Claim.objects.get().arrived_while_waiting


def test_a_line_of_many_is_served_in_its_order(photos: Queue) -> None:
    people = [a_user(f"p{number}", "moderator", team=photos.teams.get()) for number in range(5)]
    for number, user in enumerate(people):
        asks(user, T0 + number * SECOND)
    taken = [holder_of(a_case_comes_in(photos, at=T0 + 6 * SECOND)) for _ in people]
    assert taken == [subject_of(user) for user in people]


def test_offering_says_whether_there_was_a_job(photos: Queue) -> None:
    assert not offers.offer_next(at=T0)
    job = a_case_comes_in(photos)
    Job.objects.update(state=JobState.OFFERING)
    assert offers.offer_next(at=T0 + MINUTE)
    assert state_of(job) == JobState.WAITING


def test_no_skip_is_written_by_an_offer(alice: User, photos: Queue) -> None:
    asks(alice)
    a_case_comes_in(photos)
    assert not Skip.objects.exists()
