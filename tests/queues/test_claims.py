"""Asking for the next case, and holding it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from people.models import Skill, User
from queues.exceptions import ClaimLost, NotYourClaim
from queues.models import Claim, ClaimState, Job, JobState, Queue, Ticket
from queues.selectors import desk_state
from queues.services import claims, desk, jobs
from tests.cast import T0, a_team, a_user, subject_of
from tests.queues.work import MINUTE, SECOND, a_case_comes_in, asks, beats, gets, settles, state_of
from wellbeing.core.services import locking
from wellbeing.models import Presence

pytestmark = pytest.mark.django_db


def finish(claim: Claim, *, by: User, at=T0, fence: int | None = None) -> Claim:
    with transaction.atomic():
        locked = locking.hold(subject=subject_of(by), at=at)
        return claims.finish(locked=locked, claim_id=claim.id, fence=claim.fence if fence is None else fence)


def test_who_asks_gets_the_first_in_line(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, at=T0)
    urgent = a_case_comes_in(photos, at=T0, priority=50)
    claim = gets(alice)
    assert claim.job_id == urgent.pk
    assert (claim.state, claim.fence, claim.lease_until) == (ClaimState.LIVE, 1, T0 + 10 * MINUTE)
    assert state_of(urgent) == JobState.CLAIMED


def test_asking_again_returns_the_claim_in_hand(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    a_case_comes_in(photos)
    assert gets(alice).id == gets(alice, T0 + MINUTE).id
    assert Claim.objects.count() == 1


def test_two_people_get_two_cases(alice: User, amina: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    a_case_comes_in(photos)
    assert gets(alice).job_id != gets(amina).job_id


def test_nothing_waits_so_the_desk_stands_in_line_and_keeps_its_place(alice: User, photos: Queue) -> None:
    assert asks(alice) is None
    assert asks(alice, T0 + 5 * SECOND) is None
    ticket = Ticket.objects.get(subject=subject_of(alice))
    assert (ticket.since, ticket.last_beat_at) == (T0, T0 + 5 * SECOND)


def test_a_desk_that_was_silent_for_long_goes_to_the_end_of_the_line(alice: User, photos: Queue) -> None:
    asks(alice)
    asks(alice, T0 + 11 * MINUTE)
    assert Ticket.objects.get().since == T0 + 11 * MINUTE


def test_a_desk_left_for_eight_hours_takes_nothing_by_a_beat(alice: User, photos: Queue) -> None:
    """It is closed and out of the line, also where no sweep has come by (a machine that slept): until an act opens it.

    Seen red: a case came onto the closed desk, and the time it took was counted by nobody.
    """
    subject = subject_of(alice)
    assert asks(alice) is None
    morning = T0 + 11 * 60 * MINUTE
    a_case_comes_in(photos, at=morning)
    for second in (0, 5):
        desk.beat(
            subject=subject, claim_id=None, exposure_id=None, holding=False, at=morning + second * SECOND
        )
    assert not Claim.objects.exists()
    assert not Ticket.objects.exists()
    gets(alice, morning + 10 * SECOND)
    assert Presence.objects.filter(subject=subject, closed_at=None).exists()


def test_a_claim_leaves_the_line(alice: User, photos: Queue) -> None:
    asks(alice)
    a_case_comes_in(photos, at=T0 + MINUTE)
    gets(alice, T0 + MINUTE)
    assert not Ticket.objects.exists()


def test_another_teams_queue_is_closed(charlie: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    assert asks(charlie) is None


def test_a_closed_queue_hands_out_nothing(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    Queue.objects.update(state="paused")
    assert asks(alice) is None


def test_who_is_not_active_gets_nothing_and_stands_in_no_line(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert asks(alice) is None
    assert not Ticket.objects.exists()


def test_seniors_lanes_ask_for_the_skill(alice: User, amina: User, photos: Queue) -> None:
    a_case_comes_in(photos, skill="senior")
    assert asks(alice) is None
    assert asks(amina) is not None


def test_content_goes_to_who_reads_its_language(alice: User, amina: User, photos: Queue) -> None:
    Skill.objects.create(user=alice, code="lang:en", added_at=T0)
    a_case_comes_in(photos, language="fr")
    assert asks(alice) is None
    assert asks(amina) is not None


def test_a_case_that_does_not_fit_before_the_next_break_is_not_offered(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, expected_seconds=51 * 60)
    fits = a_case_comes_in(photos, expected_seconds=60)
    assert gets(alice).job_id == fits.pk


def test_who_asks_again_and_again_at_a_page_without_beats_comes_to_a_break(
    alice: User, photos: Queue
) -> None:
    """Seen red without the touch: what was waited beyond ten minutes counted nothing."""
    for minute in range(0, 50, 5):
        claims.claim_next(subject=subject_of(alice), at=T0 + minute * MINUTE, beating=False)
        assert desk_state(subject_of(alice), T0 + minute * MINUTE).kind == "waiting"
    claims.claim_next(subject=subject_of(alice), at=T0 + 50 * MINUTE, beating=False)
    assert desk_state(subject_of(alice), T0 + 50 * MINUTE).kind == "break"


@pytest.mark.parametrize(("cases", "kind"), [(0, "waiting"), (1, "reviewing")])
def test_who_asks_is_heard_though_the_page_beats(alice: User, photos: Queue, cases: int, kind: str) -> None:
    """Seen red while only a beat was, and while one was with a case in hand: the line of a silent page went on being lost."""
    for _ in range(cases):
        a_case_comes_in(photos)
    asks(alice)
    asks(alice, T0 + 5 * MINUTE)
    kinds = Presence.objects.exclude(closed_at=T0).order_by("opened_at").values_list("kind", "last_beat_at")
    assert list(kinds) == [(kind, T0), ("lost_line", T0 + 5 * MINUTE), (kind, T0 + 5 * MINUTE)]


def test_finishing_closes_claim_and_job(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = finish(gets(alice), by=alice, at=T0 + MINUTE)
    assert (claim.state, claim.closed_reason) == (ClaimState.CLOSED, "decided")
    stored = Claim.objects.get()
    assert (stored.state, stored.closed_at) == (ClaimState.CLOSED, T0 + MINUTE)
    assert state_of(job) == JobState.DONE


def test_finishing_twice_is_a_lost_claim(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    finish(claim, by=alice)
    with pytest.raises(ClaimLost):
        finish(claim, by=alice)


def test_an_old_fence_finishes_nothing(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    with pytest.raises(ClaimLost):
        finish(gets(alice), by=alice, fence=0)
    assert state_of(job) == JobState.CLAIMED


def test_another_persons_claim_looks_like_none(alice: User, amina: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    with pytest.raises(NotYourClaim):
        finish(claim, by=amina)
    claim.id = uuid4()
    with pytest.raises(NotYourClaim):
        finish(claim, by=alice)


@pytest.mark.parametrize(
    ("after", "is_lost"),
    [(10 * MINUTE - SECOND, False), (10 * MINUTE, True), (10 * MINUTE + SECOND, True)],
)
def test_a_lease_ends_ten_minutes_after_the_last_beat(
    alice: User, photos: Queue, after: timedelta, is_lost: bool
) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    if is_lost:
        with pytest.raises(ClaimLost):
            finish(claim, by=alice, at=T0 + after)
    else:
        finish(claim, by=alice, at=T0 + after)


@pytest.mark.parametrize(("after", "is_lost"), [(10 * MINUTE - SECOND, False), (10 * MINUTE, True)])
def test_nobody_acts_on_a_case_whose_lease_is_over_although_no_sweep_has_come_yet(
    alice: User, photos: Queue, after: timedelta, is_lost: bool
) -> None:
    """Seen red without the lease in ``claims.require``."""
    a_case_comes_in(photos)
    claim = gets(alice)
    with transaction.atomic():
        locked = locking.hold(subject=claim.subject, at=T0 + after)
        if is_lost:
            with pytest.raises(ClaimLost):
                claims.require(locked=locked, claim_id=claim.id, fence=claim.fence)
        else:
            assert claims.require(locked=locked, claim_id=claim.id, fence=claim.fence) == claim


def test_who_asks_after_the_lease_gets_the_case_only_as_everybody_else(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    first = gets(alice)
    assert asks(alice, T0 + 11 * MINUTE) is None
    settles(T0 + 11 * MINUTE)
    second = gets(alice, T0 + 11 * MINUTE + SECOND)
    assert second.job_id == job.pk
    assert second.fence > first.fence


def test_a_released_job_keeps_its_place_and_its_fence_grows(alice: User, amina: User, photos: Queue) -> None:
    first = a_case_comes_in(photos)
    a_case_comes_in(photos, at=T0 + SECOND)
    claims.release(subject=gets(alice).subject, reason="signed_out", at=T0 + MINUTE)
    settles(T0 + MINUTE)
    claim = gets(amina, T0 + MINUTE)
    assert claim.job_id == first.pk
    assert claim.fence == 2
    assert Job.objects.get(pk=first.pk).sort_key == first.sort_key


def test_releasing_empty_hands_is_nothing(alice: User, photos: Queue) -> None:
    assert claims.release(subject=subject_of(alice), reason="signed_out", at=T0) is None


def test_ending_a_case_ends_its_jobs_and_the_claim(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    with transaction.atomic():
        assert claims.end_for_case(case_ref=job.case_ref, reason="withdrawn", at=T0 + MINUTE) == 1
    claim.refresh_from_db()
    assert (claim.state, claim.closed_reason) == (ClaimState.CLOSED, "withdrawn")
    assert state_of(job) == JobState.ENDED
    with pytest.raises(ClaimLost):
        finish(claim, by=alice, at=T0 + MINUTE)


def test_whose_case_is_taken_from_them_is_given_the_next_with_a_beat(alice: User, photos: Queue) -> None:
    """They have not asked: they stand in the line all the same. Seen red without it."""
    job = a_case_comes_in(photos)
    claim = gets(alice)
    following = a_case_comes_in(photos, at=T0 + SECOND)
    with transaction.atomic():
        claims.end_for_case(case_ref=job.case_ref, reason="withdrawn", at=T0 + 2 * SECOND)
    with pytest.raises(ClaimLost):
        beats(alice, T0 + 5 * SECOND, claim)
    answer = beats(alice, T0 + 10 * SECOND)
    assert answer.kind == "case"
    taken = Claim.objects.get(subject=subject_of(alice), state=ClaimState.LIVE)
    assert taken.pk == answer.claim_id
    assert (taken.job_id, taken.arrived_while_waiting) == (following.pk, True)


def test_ending_a_case_that_waits_or_is_offered_ends_its_job(photos: Queue) -> None:
    job = a_case_comes_in(photos)
    with transaction.atomic():
        claims.end_for_case(case_ref=job.case_ref, reason="withdrawn", at=T0)
    assert state_of(job) == JobState.ENDED


def test_ending_twice_ends_nothing_more(photos: Queue) -> None:
    job = a_case_comes_in(photos)
    with transaction.atomic():
        claims.end_for_case(case_ref=job.case_ref, reason="withdrawn", at=T0)
        assert claims.end_for_case(case_ref=job.case_ref, reason="withdrawn", at=T0) == 0


def test_ending_a_case_with_two_open_jobs_ends_both_grips(alice: User, amina: User, photos: Queue) -> None:
    first = a_case_comes_in(photos)
    second = a_case_comes_in(photos, case_ref=first.case_ref, kind="second")
    gets(alice)
    gets(amina)
    with transaction.atomic():
        assert claims.end_for_case(case_ref=first.case_ref, reason="sealed", at=T0) == 2
    assert {state_of(first), state_of(second)} == {JobState.ENDED}
    assert not Claim.objects.exclude(state=ClaimState.CLOSED).exists()


def test_a_decision_that_raises_severity_counts_the_higher_one(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos, severity=2)
    claim = gets(alice)
    with transaction.atomic():
        locked = locking.hold(subject=claim.subject, at=T0)
        jobs.relabel(case_ref=job.case_ref, category="VIO_KILL", severity=4)
        finished = claims.finish(locked=locked, claim_id=claim.id, fence=claim.fence)
    assert finished.job.lane.severity == 4


def test_a_queue_of_every_team_is_open_to_a_team_that_is_made_later(photos: Queue) -> None:
    photos.teams.clear()
    Queue.objects.update(every_team=True)
    job = a_case_comes_in(photos)
    newcomer = a_user("newcomer", "moderator", team=a_team("West"))
    assert gets(newcomer).job_id == job.pk


def test_a_desk_that_waits_is_asked_about_a_queue_of_every_team(photos: Queue) -> None:
    photos.teams.clear()
    Queue.objects.update(every_team=True)
    newcomer = a_user("newcomer", "moderator", team=a_team("West"))
    assert asks(newcomer) is None
    job = a_case_comes_in(Queue.objects.get(pk=photos.pk))
    assert Claim.objects.get(subject=subject_of(newcomer)).job_id == job.pk
