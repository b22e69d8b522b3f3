"""P5. A break is a break. While one is due or running nothing is allocated or revealed; it ends only when its whole
length has passed, in ticks of the running system or in absence by both clocks. Postponing follows the written rule and no
other, of rests that became one the stricter. Nobody can skip it for someone else.

Seen failing with its guard removed, one at a time: ``services.lanes`` without the refusal (work during a break),
``claim_rows.must_rest_now`` always false (a decision during a break), ``breaks.finish`` without the length.
"""

from datetime import datetime, timedelta

import pytest

from people.models import User
from queues.exceptions import BreakNotOver, MayNotPostpone, OnBreak
from queues.models import Claim, ClaimState, Queue, Ticket
from queues.selectors import desk_state
from queues.services import claims, desk
from queues.services.sweep import sweep_next
from tests.cast import T0, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    act,
    asks,
    at_once,
    beats,
    finishes,
    gets,
    has_worked,
    settles,
    shows,
)
from tests.wellbeing.steps import the_wall_jumps
from wellbeing.core.services import breaks
from wellbeing.models import Break


def rests(user: User, start: datetime, length: timedelta) -> datetime:
    """Time passes with the running system's ticks; returns when."""
    at = start
    while at < start + length:
        at = min(at + 10 * SECOND, start + length)
        while breaks.tick_next(at=at):
            pass
    return at


def is_due_for(user: User, claim: Claim, at: datetime = T0 + SECOND) -> None:
    has_worked(user, 50)
    assert beats(user, at, claim).kind == "break_due"


@pytest.mark.django_db
def test_while_a_break_is_due_nothing_is_revealed_and_nothing_new_handed_out(
    alice: User, photos: Queue
) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    is_due_for(alice, claim)
    a_case_comes_in(photos)
    with pytest.raises(OnBreak):
        shows(claim, at=T0 + SECOND)
    again = gets(alice, T0 + SECOND)
    assert again.id == claim.id
    finishes(claim, at=T0 + 2 * SECOND)
    assert asks(alice, T0 + 3 * SECOND) is None


@pytest.mark.django_db
def test_a_break_begins_when_the_case_in_hand_is_done(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    is_due_for(alice, claim)
    finishes(claim, at=T0 + MINUTE)
    assert Break.objects.get().started_at == T0 + MINUTE


@pytest.mark.django_db
@pytest.mark.parametrize(
    "away_with_it", [desk.skip, desk.hand_back, desk.escalate], ids=["skip", "hand_back", "escalate"]
)
def test_giving_the_case_back_begins_the_break_too(alice: User, photos: Queue, away_with_it) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    is_due_for(alice, claim)
    away_with_it(**act(claim, T0 + SECOND))
    settles(T0 + SECOND)
    assert desk_state(claim.subject, T0 + SECOND).kind == "break"
    assert asks(alice, T0 + 2 * SECOND) is None


@pytest.mark.django_db
def test_a_withdrawn_case_begins_the_break_too(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    is_due_for(alice, claim)
    claims.end_for_case(case_ref=job.case_ref, reason="withdrawn", at=T0 + SECOND)
    assert desk_state(claim.subject, T0 + SECOND).kind == "break"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rested", "is_over"),
    [(10 * MINUTE - SECOND, False), (10 * MINUTE, True), (10 * MINUTE + SECOND, True)],
)
def test_it_ends_only_when_its_whole_length_has_passed(
    alice: User, photos: Queue, rested: timedelta, is_over: bool
) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    is_due_for(alice, claim)
    finishes(claim, at=T0 + SECOND)
    a_case_comes_in(photos)
    back = rests(alice, T0 + SECOND, rested)
    if is_over:
        assert desk.return_from_break(subject=claim.subject, at=back, beating=True) is not None
    else:
        with pytest.raises(BreakNotOver):
            desk.return_from_break(subject=claim.subject, at=back, beating=True)
        assert asks(alice, back) is None


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [timedelta(hours=2), timedelta(minutes=10), timedelta(seconds=31)])
def test_a_clock_that_jumps_forward_does_not_shorten_it(alice: User, photos: Queue, jump: timedelta) -> None:
    a_case_comes_in(photos)
    with the_wall_jumps(T0 + 5 * MINUTE, jump):
        desk.too_much(subject=gets(alice).subject, at=T0)
        at = rests(alice, T0, 5 * MINUTE) + jump
        with pytest.raises(BreakNotOver):
            desk.return_from_break(subject=subject_of(alice), at=at, beating=True)
        assert asks(alice, at) is None


@pytest.mark.django_db
def test_a_server_that_stood_still_does_not_shorten_it(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    desk.too_much(subject=gets(alice).subject, at=T0)
    with pytest.raises(BreakNotOver):
        desk.return_from_break(subject=subject_of(alice), at=T0 + 15 * MINUTE - SECOND, beating=True)


@pytest.mark.django_db
def test_absence_by_both_clocks_is_the_break_and_by_one_of_them_is_not(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    with the_wall_jumps(T0, 14 * MINUTE):
        desk.too_much(subject=gets(alice).subject, at=T0)
        with pytest.raises(BreakNotOver):
            desk.return_from_break(subject=subject_of(alice), at=T0 + 16 * MINUTE, beating=True)


@pytest.mark.django_db
def test_who_signs_out_for_its_length_has_kept_it_and_for_less_has_not(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    desk.too_much(subject=gets(alice).subject, at=T0)
    desk.sign_out(subject=subject_of(alice), at=T0 + SECOND)
    a_case_comes_in(photos)
    desk.open_desk(subject=subject_of(alice), at=T0 + 15 * MINUTE - SECOND, beating=True)
    assert asks(alice, T0 + 15 * MINUTE - SECOND) is None
    desk.sign_out(subject=subject_of(alice), at=T0 + 15 * MINUTE)
    desk.open_desk(subject=subject_of(alice), at=T0 + 31 * MINUTE, beating=True)
    assert asks(alice, T0 + 31 * MINUTE) is not None


@pytest.mark.django_db
@pytest.mark.parametrize(("worked", "comes"), [(24.9, False), (25.1, True)])
def test_where_nothing_fits_the_break_comes_from_its_half_on_and_before_it_the_shortest_is_offered(
    alice: User, photos: Queue, worked: float, comes: bool
) -> None:
    """Somebody waited for a quarter of an hour before each break: what lay there was longer than what was left."""
    a_case_comes_in(photos, expected_seconds=50 * 60)
    shorter = a_case_comes_in(photos, expected_seconds=30 * 60)
    has_worked(alice, worked)
    claim = asks(alice)
    state = desk_state(subject_of(alice), T0).kind
    assert (claim is None, state) == (comes, "break" if comes else "case")
    assert claim is None or claim.job_id == shorter.pk


@pytest.mark.django_db
def test_what_fits_comes_before_what_does_not(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, expected_seconds=30 * 60)
    fits = a_case_comes_in(photos, expected_seconds=30)
    has_worked(alice, 40)
    assert gets(alice).job_id == fits.pk


@pytest.mark.django_db
def test_signing_out_and_in_does_not_end_it(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    desk.too_much(subject=gets(alice).subject, at=T0)
    desk.sign_out(subject=subject_of(alice), at=T0 + SECOND)
    settles(T0 + SECOND)
    desk.open_desk(subject=subject_of(alice), at=T0 + 2 * SECOND, beating=True)
    assert asks(alice, T0 + 3 * SECOND) is None


@pytest.mark.django_db
def test_it_is_postponed_once_by_five_minutes(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    is_due_for(alice, claim)
    desk.postpone(subject=claim.subject, at=T0 + 2 * SECOND)
    assert desk_state(claim.subject, T0 + 4 * MINUTE).kind == "case"
    assert beats(alice, T0 + 5 * MINUTE + 2 * SECOND, claim).kind == "break_due"
    with pytest.raises(MayNotPostpone):
        desk.postpone(subject=claim.subject, at=T0 + 5 * MINUTE + 3 * SECOND)


@pytest.mark.django_db
def test_too_much_is_never_postponed(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    desk.too_much(subject=gets(alice).subject, at=T0)
    with pytest.raises(MayNotPostpone):
        desk.postpone(subject=subject_of(alice), at=T0 + SECOND)


@pytest.mark.django_db
def test_a_waiting_desk_on_a_break_is_offered_nothing(alice: User, photos: Queue) -> None:
    asks(alice)
    has_worked(alice, 50)
    a_case_comes_in(photos, at=T0 + SECOND)
    assert not Claim.objects.exists()
    assert not Ticket.objects.exists()


@pytest.mark.django_db
def test_the_five_minutes_end_without_the_page(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    is_due_for(alice, claim)
    with pytest.raises(OnBreak):
        finishes(claim, at=T0 + SECOND + 5 * MINUTE)
    while sweep_next(T0 + SECOND + 5 * MINUTE):
        pass
    claim.refresh_from_db()
    assert claim.state == ClaimState.PARKED
    with pytest.raises(OnBreak):
        finishes(claim, at=T0 + 5 * MINUTE + 2 * SECOND)


@pytest.mark.django_db(transaction=True)
def test_fifty_requests_at_the_end_of_a_case_get_past_no_break(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    is_due_for(alice, claim)
    finishes(claim, at=T0 + SECOND)
    for _ in range(3):
        a_case_comes_in(photos)
    results = at_once(*[lambda: asks(alice, T0 + 2 * SECOND)] * 50)
    assert results == [None] * 50


@pytest.mark.django_db
def test_another_persons_return_does_not_end_mine(alice: User, amina: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    desk.too_much(subject=gets(alice).subject, at=T0)
    desk.return_from_break(subject=subject_of(amina), at=T0 + SECOND, beating=True)
    assert desk_state(subject_of(alice), T0 + SECOND).kind == "break"
