"""What time does when nobody asks."""

from datetime import timedelta

import pytest

from people.models import TimeZonePeriod, User
from people.rules.zones import BEGINNING
from queues.models import Claim, ClaimState, Job, JobState, Queue, Ticket
from queues.selectors import desk_state
from queues.services import desk
from queues.services.sweep import sweep_next
from tests.cast import T0, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    asks,
    beats,
    gets,
    has_looked,
    has_worked,
    settles,
    shows,
    state_of,
)

pytestmark = pytest.mark.django_db


def sweep(at) -> int:
    """Sweep until nothing is overdue; return how many things were."""
    count = 0
    while sweep_next(at):
        count += 1
        assert count < 50, "the sweep spins"
    return count


NOWHERE = "Nowhere/At_All"


def cannot_be_read(user: User) -> None:
    """Let somebody's own time be told by a zone that does not exist."""
    TimeZonePeriod.objects.filter(user=user).delete()
    TimeZonePeriod.objects.create(user=user, zone=NOWHERE, effective_from=BEGINNING)


def test_with_nothing_overdue_there_is_nothing_to_do(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    gets(alice)
    assert sweep(T0 + MINUTE) == 0


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (10 * MINUTE - SECOND, JobState.CLAIMED),
        (10 * MINUTE, JobState.WAITING),
        (10 * MINUTE + SECOND, JobState.WAITING),
    ],
)
def test_a_lease_that_ran_out_returns_the_job_to_its_old_place(
    alice: User, photos: Queue, after: timedelta, state: str
) -> None:
    job = a_case_comes_in(photos)
    gets(alice)
    sweep(T0 + after)
    swept = Job.objects.get()
    assert (swept.state, swept.sort_key) == (state, job.sort_key)


def test_a_lease_that_ran_out_covers_the_stage(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    shows(claim)
    sweep(T0 + 11 * MINUTE)
    assert desk_state(claim.subject, T0 + 11 * MINUTE).exposure is None
    claim.refresh_from_db()
    assert (claim.state, claim.closed_reason) == (ClaimState.CLOSED, "lease")


def test_what_a_silent_desk_held_goes_to_who_waits(alice: User, amina: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    gets(alice)
    asks(amina, T0 + 10 * MINUTE)
    sweep(T0 + 10 * MINUTE + SECOND)
    assert Claim.objects.get(job=job, state=ClaimState.LIVE).subject == subject_of(amina)


def is_parked_for_a_long_break(user: User) -> None:
    """It was too much, and the person keeps the case: 15 minutes."""
    handed_back = desk.too_much(subject=gets(user).subject, at=T0)
    assert handed_back is not None
    desk.keep_for_me(subject=subject_of(user), claim_id=handed_back, at=T0)


def test_a_reservation_ends_ten_minutes_after_the_break(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    is_parked_for_a_long_break(alice)
    sweep(T0 + 25 * MINUTE - SECOND)
    assert state_of(job) == JobState.CLAIMED
    sweep(T0 + 25 * MINUTE)
    assert state_of(job) == JobState.WAITING


def test_a_reservation_ends_when_the_case_is_due(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos, due_at=T0 + 5 * MINUTE)
    is_parked_for_a_long_break(alice)
    sweep(T0 + 5 * MINUTE)
    assert state_of(job) == JobState.WAITING


def test_a_due_break_begins_without_the_person_when_its_five_minutes_are_over(
    alice: User, photos: Queue
) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    has_worked(alice, 50)
    beats(alice, T0 + SECOND, claim)
    assert sweep(T0 + 5 * MINUTE) == 0
    sweep(T0 + SECOND + 5 * MINUTE)
    claim.refresh_from_db()
    assert claim.state == ClaimState.PARKED
    assert desk_state(claim.subject, T0 + SECOND + 5 * MINUTE).kind == "break"


def test_a_case_over_the_limit_is_handed_back_without_the_person(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos, severity=3)
    claim = gets(alice)
    has_looked(alice, 120 * 60 - 4, severity=3)
    beats(alice, T0 + 5 * SECOND, claim, shows(claim, level="grey"))
    sweep(T0 + 5 * SECOND + 5 * MINUTE)
    assert state_of(job) == JobState.WAITING
    claim.refresh_from_db()
    assert claim.closed_reason == "limit"


def test_a_mild_case_is_not_handed_back_for_a_limit_that_was_reached_before(
    alice: User, photos: Queue
) -> None:
    has_looked(alice, 240 * 60, severity=1)
    a_case_comes_in(photos, severity=0, medium="text")
    gets(alice)
    sweep(T0 + 6 * MINUTE)
    assert Claim.objects.get().state == ClaimState.LIVE


def test_a_job_that_nobody_offered_is_offered(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    Job.objects.update(state=JobState.OFFERING)
    Ticket.objects.create(subject=subject_of(alice), since=T0, last_beat_at=T0)
    assert sweep(T0 + SECOND) == 1
    assert Claim.objects.get(job=job).subject == subject_of(alice)


def test_a_silent_desk_is_taken_out_of_the_line(alice: User, photos: Queue) -> None:
    asks(alice)
    sweep(T0 + 10 * MINUTE)
    assert Ticket.objects.exists()
    sweep(T0 + 10 * MINUTE + SECOND)
    assert not Ticket.objects.exists()


def test_a_row_that_cannot_be_settled_is_pushed_forward(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    gets(alice)

    cannot_be_read(alice)
    assert sweep(T0 + 11 * MINUTE) == 1
    assert Claim.objects.get().lease_until == T0 + 12 * MINUTE


def test_a_job_that_cannot_be_offered_waits_and_does_not_hold_up_the_others(
    alice: User, photos: Queue
) -> None:
    first, second = a_case_comes_in(photos), a_case_comes_in(photos)
    Job.objects.update(state=JobState.OFFERING)

    Ticket.objects.create(subject=subject_of(alice), since=T0, last_beat_at=T0)
    cannot_be_read(alice)
    assert sweep(T0) == 2
    assert {state_of(first), state_of(second)} == {JobState.WAITING}


def test_an_error_tells_its_kind_and_nothing_else(alice: User, photos: Queue, caplog) -> None:
    a_case_comes_in(photos)
    gets(alice)

    cannot_be_read(alice)
    sweep(T0 + 11 * MINUTE)
    assert "ZoneInfoNotFoundError" in caplog.text
    assert NOWHERE not in caplog.text


def test_settling_again_finds_nothing(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    gets(alice)
    assert sweep(T0 + 11 * MINUTE) > 0
    settles(T0 + 11 * MINUTE)
    assert sweep(T0 + 11 * MINUTE) == 0
