"""Two real connections at once, on both databases. Every pair is run several times; what must hold, holds each time."""

import threading
from datetime import datetime

import pytest
from django.db import connection, transaction

from people.models import User
from queues.exceptions import ClaimLost, NotFree, OnBreak
from queues.models import Claim, ClaimState, Job, JobState, Queue, Ticket
from queues.selectors import desk_state
from queues.services import claims, desk, jobs, offers
from queues.services.sweep import sweep_next
from tests.cast import T0, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    Interleaved,
    a_case_comes_in,
    act,
    asks,
    at_once,
    broken,
    finishes,
    gets,
    has_worked,
    settles,
    shows,
    state_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = pytest.mark.parametrize("round_", range(2))


def withdraws(job: Job, at=T0) -> int:
    with transaction.atomic():
        return claims.end_for_case(case_ref=job.case_ref, reason="withdrawn", at=at)


def sweeps(at) -> None:
    while sweep_next(at):
        pass


@ROUNDS
def test_two_people_and_one_job_make_one_claim(alice: User, amina: User, photos: Queue, round_: int) -> None:
    a_case_comes_in(photos)
    results = at_once(lambda: asks(alice), lambda: asks(amina))
    assert broken(results) == []
    assert len([claim for claim in results if claim]) == 1
    assert Claim.objects.count() == 1


@ROUNDS
def test_one_person_with_two_tabs_gets_one_claim(alice: User, photos: Queue, round_: int) -> None:
    a_case_comes_in(photos)
    a_case_comes_in(photos)
    results = at_once(lambda: asks(alice), lambda: asks(alice))
    assert broken(results) == []
    assert results[0].id == results[1].id
    assert Claim.objects.count() == 1


@ROUNDS
def test_a_decision_and_the_sweep_of_its_lease_have_one_winner(
    alice: User, photos: Queue, round_: int
) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    results = at_once(lambda: finishes(claim, at=T0 + 10 * MINUTE - SECOND), lambda: sweeps(T0 + 10 * MINUTE))
    assert broken(results, ClaimLost) == []
    claim.refresh_from_db()
    if isinstance(results[0], ClaimLost):
        assert (claim.closed_reason, state_of(job)) == ("lease", JobState.WAITING)
    else:
        assert (claim.closed_reason, state_of(job)) == ("decided", JobState.DONE)


@ROUNDS
def test_an_offer_and_asking_give_one_person_one_case(alice: User, photos: Queue, round_: int) -> None:
    asks(alice)
    waiting = a_case_comes_in(photos, at=T0 + MINUTE)
    offered = a_case_comes_in(photos, at=T0 + MINUTE)
    Claim.objects.all().delete()
    Job.objects.filter(pk=waiting.pk).update(state=JobState.WAITING)
    Job.objects.filter(pk=offered.pk).update(state=JobState.OFFERING)
    Ticket.objects.get_or_create(
        subject=subject_of(alice), defaults={"since": T0, "last_beat_at": T0 + MINUTE}
    )
    at = T0 + MINUTE + SECOND
    results = at_once(lambda: offers.offer_next(at=at), lambda: asks(alice, at))
    assert broken(results) == []
    assert Claim.objects.count() == 1
    assert sorted([state_of(waiting), state_of(offered)]) == [JobState.CLAIMED, JobState.WAITING]


@ROUNDS
def test_two_offers_of_one_job_give_it_once(alice: User, amina: User, photos: Queue, round_: int) -> None:
    job = a_case_comes_in(photos)
    Job.objects.update(state=JobState.OFFERING)
    for user in (alice, amina):
        Ticket.objects.create(subject=subject_of(user), since=T0, last_beat_at=T0)
    results = at_once(lambda: offers.offer_next(at=T0), lambda: offers.offer_next(at=T0))
    assert broken(results) == []
    assert Claim.objects.get().job_id == job.pk


@ROUNDS
def test_a_withdrawal_and_a_reveal_leave_nothing_on_the_stage(
    alice: User, photos: Queue, round_: int
) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    results = at_once(
        lambda: shows(claim, level="colour", at=T0 + SECOND), lambda: withdraws(job, T0 + SECOND)
    )
    assert broken(results, ClaimLost) == []
    state = desk_state(claim.subject, T0 + SECOND)
    assert (state.kind, state.exposure) == ("waiting", None)
    assert state_of(job) == JobState.ENDED


@ROUNDS
def test_a_withdrawal_and_a_decision_have_one_winner(alice: User, photos: Queue, round_: int) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    results = at_once(lambda: finishes(claim), lambda: withdraws(job))
    assert broken(results, ClaimLost) == []
    claim.refresh_from_db()
    won = (claim.closed_reason, state_of(job), results[1])
    assert won in {("decided", JobState.DONE, 0), ("withdrawn", JobState.ENDED, 1)}


@ROUNDS
def test_a_withdrawal_and_asking_leave_no_claim_on_an_ended_job(
    alice: User, photos: Queue, round_: int
) -> None:
    job = a_case_comes_in(photos)
    results = at_once(lambda: asks(alice), lambda: withdraws(job))
    assert broken(results) == []
    assert state_of(job) == JobState.ENDED
    assert not Claim.objects.exclude(state=ClaimState.CLOSED).exists()


@ROUNDS
def test_a_withdrawal_and_an_offer_leave_no_claim_on_an_ended_job(
    alice: User, photos: Queue, round_: int
) -> None:
    job = a_case_comes_in(photos)
    Job.objects.update(state=JobState.OFFERING)
    Ticket.objects.create(subject=subject_of(alice), since=T0, last_beat_at=T0)
    results = at_once(lambda: offers.offer_next(at=T0), lambda: withdraws(job))
    assert broken(results) == []
    assert state_of(job) == JobState.ENDED
    assert not Claim.objects.exclude(state=ClaimState.CLOSED).exists()


@pytest.mark.postgres
def test_a_withdrawal_whose_look_was_overtaken_looks_again(alice: User, photos: Queue) -> None:
    """The claim comes between the unlocked look at the holders and the job's lock (on SQLite nothing comes between)."""
    job = a_case_comes_in(photos)

    with connection.execute_wrapper(Interleaved("FOR UPDATE", on="queues_job", act=lambda: asks(alice))):
        assert withdraws(job) == 1
    assert Claim.objects.get().closed_reason == "withdrawn"
    assert state_of(job) == JobState.ENDED


@ROUNDS
def test_two_withdrawals_of_one_case_end_it_once(
    alice: User, amina: User, photos: Queue, round_: int
) -> None:
    job = a_case_comes_in(photos)
    a_case_comes_in(photos, case_ref=job.case_ref, kind="second")
    gets(alice)
    gets(amina)
    results = at_once(lambda: withdraws(job), lambda: withdraws(job))
    assert sorted(results) == [0, 2]


@ROUNDS
def test_skipping_and_handing_back_at_once_is_one_of_them(alice: User, photos: Queue, round_: int) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    results = at_once(lambda: desk.skip(**act(claim, T0)), lambda: desk.hand_back(**act(claim, T0)))
    assert len([found for found in results if isinstance(found, ClaimLost)]) == 1
    settles(T0)
    assert Job.objects.get().state == JobState.WAITING


@ROUNDS
def test_too_much_and_a_decision_have_one_winner(alice: User, photos: Queue, round_: int) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    results = at_once(lambda: finishes(claim), lambda: desk.too_much(subject=claim.subject, at=T0))
    assert broken(results, OnBreak) == []
    claim.refresh_from_db()
    settles(T0)
    won = (claim.closed_reason, state_of(job))
    assert won in {("decided", JobState.DONE), ("too_much", JobState.WAITING)}
    assert desk_state(claim.subject, T0).kind == "break"


@ROUNDS
def test_who_keeps_a_case_and_who_asks_for_one_do_not_both_get_it(
    alice: User, amina: User, photos: Queue, round_: int
) -> None:
    job = a_case_comes_in(photos)
    gets(alice)
    handed_back = desk.too_much(subject=subject_of(alice), at=T0)
    assert handed_back is not None
    results = at_once(
        lambda: desk.keep_for_me(subject=subject_of(alice), claim_id=handed_back, at=T0),
        lambda: asks(amina, T0),
        lambda: settles(T0),
    )
    assert broken(results, NotFree) == []
    open_claim = Claim.objects.exclude(state=ClaimState.CLOSED).get()
    assert (open_claim.job_id, state_of(job)) == (job.pk, JobState.CLAIMED)


@ROUNDS
def test_a_new_label_and_a_decision_do_not_wait_for_each_other_for_ever(
    alice: User, photos: Queue, round_: int
) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)

    def relabels() -> None:
        with transaction.atomic():
            jobs.relabel(case_ref=job.case_ref, category="VIO_KILL", severity=4)

    results = at_once(lambda: finishes(claim), relabels, lambda: withdraws(job))
    assert broken(results, ClaimLost) == []


@pytest.mark.postgres
def test_two_looks_at_one_case_that_are_escalated_at_once_both_wait_for_a_senior(
    alice: User, amina: User, photos: Queue
) -> None:
    """Seen red without the lock: the second one is told that an escalated job of its case is there already."""
    first = a_case_comes_in(photos)
    a_case_comes_in(photos, case_ref=first.case_ref, kind="second")
    seniors = jobs.lane_for(
        queue_id=photos.pk,
        language="",
        category=first.lane.category,
        severity=first.lane.severity,
        skill="senior",
    )
    hers, theirs = gets(alice), gets(amina)
    results: list[object] = []
    thread = threading.Thread(
        target=lambda: results.extend(at_once(lambda: desk.escalate(**act(theirs, T0 + SECOND))))
    )
    with transaction.atomic():
        desk.escalate(**act(hers, T0 + SECOND))
        thread.start()
        while thread.is_alive() and not somebody_waits():
            continue
    thread.join(60)
    assert broken(results) == []
    kinds = Job.objects.filter(lane=seniors).values_list("kind", flat=True)
    assert sorted(kinds) in (["escalated", "first"], ["escalated", "second"])


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@ROUNDS
def test_a_due_break_and_asking_hand_out_nothing(alice: User, photos: Queue, round_: int) -> None:
    asks(alice)
    has_worked(alice, 50)
    Ticket.objects.update(last_beat_at=T0)
    a_case_comes_in(photos, at=T0 - MINUTE)
    Job.objects.update(state=JobState.OFFERING)
    results = at_once(lambda: offers.offer_next(at=T0), lambda: asks(alice))
    assert broken(results) == []
    assert not Claim.objects.exists()


def decides_or_hands_back(claim: Claim, step: int, at: datetime) -> None:
    try:
        if step % 2:
            desk.hand_back(**act(claim, at))
        else:
            finishes(claim, at=at)
    except ClaimLost:
        return  # the other tab, the platform or the sweep was first


def works(user: User) -> None:
    for step in range(8):
        claim = asks(user, T0 + step * SECOND)
        if claim is not None:
            decides_or_hands_back(claim, step, T0 + step * SECOND)


def withdraws_some(all_jobs: list[Job]) -> None:
    for job in all_jobs[::3]:
        withdraws(job, T0 + 2 * SECOND)


def sweeps_often() -> None:
    for step in range(8):
        sweeps(T0 + step * SECOND)


def test_a_storm_of_everything_ends_in_order(alice: User, amina: User, photos: Queue) -> None:
    """Six threads of mixed acts: nothing deadlocks, and the rows agree with each other at the end."""
    all_jobs = [a_case_comes_in(photos) for _ in range(12)]
    people = [lambda: works(alice), lambda: works(alice), lambda: works(amina), lambda: works(amina)]
    results = at_once(*people, lambda: withdraws_some(all_jobs), sweeps_often)
    assert broken(results) == []
    settles(T0 + 9 * SECOND)
    locked = set(Claim.objects.exclude(state=ClaimState.CLOSED).values_list("job_id", flat=True))
    claimed = set(Job.objects.filter(state=JobState.CLAIMED).values_list("pk", flat=True))
    assert locked == claimed
    decided = Claim.objects.filter(closed_reason="decided").values_list("job_id", flat=True)
    assert sorted(decided) == sorted(Job.objects.filter(state=JobState.DONE).values_list("pk", flat=True))
