"""The commands of the desk."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from people.models import Team, User
from queues.exceptions import (
    BreakNotOver,
    ClaimLost,
    LimitReached,
    MayNotPostpone,
    NotFree,
    NotYourClaim,
    OnBreak,
)
from queues.models import Claim, ClaimState, Job, JobKind, JobState, Queue, QueueState, Skip, Ticket
from queues.selectors import desk_state
from queues.services import claims, desk
from queues.services.sweep import sweep_next
from tests import cast
from tests.cast import T0, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    act,
    asks,
    beats,
    beats_until,
    finishes,
    gets,
    has_looked,
    has_worked,
    settles,
    shows,
    state_of,
)
from wellbeing.core.services import breaks

pytestmark = pytest.mark.django_db


def kind(user: User, at=T0) -> str:
    return desk_state(subject_of(user), at).kind


# ── skip, hand back, escalate ────────────────────────────────────────────────────────────────────────────────────


def test_a_skipped_case_goes_to_others_and_not_to_me_again(alice: User, amina: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    desk.skip(**act(gets(alice), T0 + SECOND))
    settles(T0 + SECOND)
    assert asks(alice, T0 + 2 * SECOND) is None
    assert gets(amina, T0 + 30 * SECOND).job_id == job.pk


def test_a_case_handed_back_may_come_again(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    desk.hand_back(**act(gets(alice), T0 + SECOND))
    settles(T0 + SECOND)
    assert gets(alice, T0 + 2 * SECOND).job_id == job.pk


def test_an_escalated_case_goes_to_a_senior_and_keeps_its_place(
    alice: User, amina: User, photos: Queue
) -> None:
    job = a_case_comes_in(photos)
    desk.escalate(**act(gets(alice), T0 + SECOND))
    settles(T0 + SECOND)
    assert asks(alice, T0 + SECOND) is None
    claim = gets(amina, T0 + 30 * SECOND)
    escalated = Job.objects.select_related("lane").get()
    assert claim.job_id == escalated.pk == job.pk
    assert (escalated.kind, escalated.lane.skill) == (JobKind.ESCALATED, "senior")
    assert escalated.sort_key == job.sort_key


def test_two_looks_at_one_case_may_both_be_escalated(alice: User, north: Team, photos: Queue) -> None:
    """Seen red where both become escalated ones: a case has one open job of a kind."""
    first = a_case_comes_in(photos)
    desk.escalate(**act(gets(alice), T0))
    second = a_case_comes_in(photos, case_ref=first.case_ref, kind=JobKind.SECOND)
    desk.escalate(**act(gets(cast.a_user("basma", "moderator", team=north)), T0 + SECOND))
    found = {job.pk: (job.kind, job.lane.skill) for job in Job.objects.select_related("lane")}
    assert found == {first.pk: (JobKind.ESCALATED, "senior"), second.pk: (JobKind.SECOND, "senior")}


def test_a_senior_who_escalates_does_not_get_it_back(amina: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    desk.escalate(**act(gets(amina), T0))
    settles(T0)
    assert asks(amina, T0 + SECOND) is None


@pytest.mark.parametrize("command", [desk.skip, desk.hand_back, desk.escalate])
def test_giving_back_twice_is_a_lost_claim(alice: User, photos: Queue, command) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    command(**act(claim, T0))
    with pytest.raises(ClaimLost):
        command(**act(claim, T0))


@pytest.mark.parametrize("command", [desk.skip, desk.hand_back, desk.escalate])
def test_nobody_gives_back_for_another(alice: User, amina: User, photos: Queue, command) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    with pytest.raises(NotYourClaim):
        command(**act(claim, T0) | {"subject": subject_of(amina)})
    assert Claim.objects.get().state == ClaimState.LIVE


@pytest.mark.parametrize("command", [desk.skip, desk.hand_back, desk.escalate])
def test_an_old_fence_gives_nothing_back(alice: User, photos: Queue, command) -> None:
    a_case_comes_in(photos)
    with pytest.raises(ClaimLost):
        command(**act(gets(alice), T0) | {"fence": 0})
    assert Claim.objects.get().state == ClaimState.LIVE


# ── the stage ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_case_in_hand_may_be_shown(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    shown = shows(claim, level="grey", at=T0 + SECOND)
    state = desk_state(subject_of(alice), T0 + SECOND)
    assert state.exposure is not None
    assert (state.exposure.id, state.exposure.level, state.exposure.claim_ref) == (shown.id, "grey", claim.id)


def test_showing_is_a_sign_of_life(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    shows(claim, at=T0 + 9 * MINUTE, beating=False)
    claim.refresh_from_db()
    assert claim.lease_until == T0 + 19 * MINUTE


@pytest.mark.parametrize("wrong", ["claim", "fence", "person", "late"])
def test_what_is_not_in_hand_is_not_shown(alice: User, amina: User, photos: Queue, wrong: str) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    at = T0
    if wrong == "claim":
        finishes(claim)
    elif wrong == "fence":
        claim.fence += 1
    elif wrong == "person":
        claim.subject = subject_of(amina)
    else:
        at = T0 + 10 * MINUTE
    with pytest.raises((ClaimLost, NotYourClaim)):
        shows(claim, at=at)
    assert desk_state(subject_of(alice), at).exposure is None


def test_covering_clears_the_stage_and_keeps_the_claim(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    shows(claim)
    desk.cover(subject=claim.subject, at=T0 + SECOND)
    desk.cover(subject=claim.subject, at=T0 + 2 * SECOND)
    state = desk_state(claim.subject, T0 + 2 * SECOND)
    assert (state.kind, state.exposure) == ("case", None)


def test_giving_back_clears_the_stage(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    shows(claim)
    desk.hand_back(**act(claim, T0 + SECOND))
    assert desk_state(claim.subject, T0 + SECOND).exposure is None


# ── beats ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_beat_renews_the_lease(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    answer = beats(alice, T0 + 5 * SECOND, claim)
    claim.refresh_from_db()
    assert claim.lease_until == T0 + 5 * SECOND + 10 * MINUTE
    assert (answer.kind, answer.claim_id, answer.level) == ("case", claim.id, "")


def test_a_beat_says_what_is_on_the_stage(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    shown = shows(claim, level="colour")
    answer = beats(alice, T0 + 5 * SECOND, claim, shown)
    assert answer.level == "colour"
    assert answer.falls_back_at == T0 + 10 * SECOND
    later = beats(alice, T0 + 10 * SECOND, claim, shown)
    assert later.level == "grey"


def test_a_beat_on_another_persons_claim_is_refused(alice: User, amina: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    with pytest.raises(NotYourClaim):
        beats(amina, T0, claim)


def test_a_beat_after_release_says_that_the_claim_is_lost(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    desk.hand_back(**act(claim, T0))
    with pytest.raises(ClaimLost):
        beats(alice, T0 + 5 * SECOND, claim)


def test_a_beat_keeps_the_place_in_the_line(alice: User, photos: Queue) -> None:
    asks(alice, T0)
    beats(alice, T0 + 5 * SECOND)
    assert Ticket.objects.get().last_beat_at == T0 + 5 * SECOND


def test_a_beat_alone_asks_for_no_work(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    desk.open_desk(subject=subject_of(alice), at=T0, beating=True)
    assert beats(alice, T0 + 5 * SECOND).kind == "waiting"
    assert not Claim.objects.exists()


# ── breaks ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_due_break_leaves_five_minutes_for_the_case_in_hand(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    has_worked(alice, 50)
    beats(alice, T0 + SECOND, claim)
    assert kind(alice, T0 + SECOND) == "break_due"
    with pytest.raises(OnBreak):
        shows(claim, at=T0 + 2 * SECOND)
    finishes(claim, at=T0 + 4 * MINUTE)
    assert kind(alice, T0 + 4 * MINUTE) == "break"


def test_after_five_minutes_the_case_is_parked_and_the_break_runs(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    has_worked(alice, 50)
    beats(alice, T0 + SECOND, claim)
    answer = beats(alice, T0 + SECOND + 5 * MINUTE, claim)
    assert answer.kind == "break"
    claim.refresh_from_db()
    assert claim.state == ClaimState.PARKED
    assert claim.reserved_until == T0 + SECOND + 25 * MINUTE


def test_a_decision_while_the_break_runs_is_refused(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    desk.step_away(subject=claim.subject, at=T0 + SECOND)
    with pytest.raises(OnBreak):
        finishes(claim, at=T0 + 2 * SECOND)
    assert state_of(job) == JobState.CLAIMED


def test_a_break_that_is_due_with_empty_hands_begins_at_once(alice: User, photos: Queue) -> None:
    asks(alice)
    has_worked(alice, 50)
    a_case_comes_in(photos, at=T0 + SECOND)
    assert asks(alice, T0 + 2 * SECOND) is None
    assert kind(alice, T0 + 2 * SECOND) == "break"
    assert not Ticket.objects.exists()
    assert not Claim.objects.exists()


def test_the_parked_case_comes_back_first(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    desk.step_away(subject=claim.subject, at=T0 + SECOND)
    assert desk_state(claim.subject, T0 + SECOND).has_parked_claim
    a_case_comes_in(photos, at=T0 + 2 * SECOND, priority=100)
    again = desk.return_from_break(subject=claim.subject, at=T0 + 5 * MINUTE, beating=True)
    assert again is not None
    assert (again.id, again.fence, again.state) == (claim.id, claim.fence, ClaimState.LIVE)
    finishes(again, at=T0 + 6 * MINUTE)


def test_a_parked_case_may_be_handed_back(alice: User, amina: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    desk.step_away(subject=claim.subject, at=T0 + SECOND)
    desk.hand_back(**act(claim, T0 + 2 * SECOND))
    settles(T0 + 2 * SECOND)
    assert gets(amina, T0 + 3 * SECOND).job_id == job.pk
    assert kind(alice, T0 + 3 * SECOND) == "break"


def test_too_much_is_a_break_at_once_and_fifteen_minutes_long(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    shows(claim, level="colour")
    desk.too_much(subject=claim.subject, at=T0 + SECOND)
    state = desk_state(claim.subject, T0 + SECOND)
    assert (state.kind, state.claim, state.exposure) == ("break", None, None)
    assert state.open_break is not None
    assert state.open_break.back_at == T0 + SECOND + 15 * MINUTE
    with pytest.raises(BreakNotOver):
        desk.return_from_break(subject=claim.subject, at=T0 + 2 * MINUTE, beating=True)


class TestTooMuch:
    """The case goes back and does not come again; a second press keeps it. Seen red with the case parked, without the
    skip, with the skip left after 'keep', without the look at the break, and with the new claim live.
    """

    def too_much(self, user: User, at: datetime = T0 + SECOND) -> UUID:
        handed_back = desk.too_much(subject=subject_of(user), at=at)
        settles(at)
        assert handed_back is not None
        return handed_back

    def comes_back(self, user: User, at: datetime) -> Claim | None:
        """The person rests until they may come back, and does."""
        start = T0
        while start < at:
            start += 10 * SECOND
            breaks.tick_next(at=start)
        return desk.return_from_break(subject=subject_of(user), at=at, beating=True)

    def keeps(self, user: User, claim_id: UUID, at: datetime = T0 + MINUTE) -> Claim:
        return desk.keep_for_me(subject=subject_of(user), claim_id=claim_id, at=at)

    def test_the_case_goes_back_at_once_and_comes_to_others(
        self, alice: User, amina: User, photos: Queue
    ) -> None:
        job = a_case_comes_in(photos)
        gets(alice)
        self.too_much(alice)
        assert not desk_state(subject_of(alice), T0 + 2 * SECOND).has_parked_claim
        assert gets(amina, T0 + 2 * SECOND).job_id == job.pk

    def test_it_never_comes_again(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        other = a_case_comes_in(photos, at=T0 + SECOND)
        gets(alice, T0 + SECOND)
        self.too_much(alice, T0 + 2 * SECOND)
        again = self.comes_back(alice, T0 + 16 * MINUTE)
        assert again is not None
        assert again.job_id == other.pk
        finishes(again, at=T0 + 17 * MINUTE)
        assert asks(alice, T0 + 18 * MINUTE) is None

    def test_one_that_was_parked_goes_back_too(self, alice: User, amina: User, photos: Queue) -> None:
        job = a_case_comes_in(photos)
        gets(alice)
        desk.step_away(subject=subject_of(alice), at=T0 + SECOND)
        self.too_much(alice, T0 + 2 * SECOND)
        assert gets(amina, T0 + 3 * SECOND).job_id == job.pk

    def test_kept_it_is_reserved_and_comes_first_after_the_break(
        self, alice: User, amina: User, photos: Queue
    ) -> None:
        job = a_case_comes_in(photos)
        gets(alice)
        kept = self.keeps(alice, self.too_much(alice), T0 + 2 * SECOND)
        assert (kept.state, kept.fence) == (ClaimState.PARKED, 2)
        assert kept.reserved_until == T0 + SECOND + 25 * MINUTE
        assert desk_state(kept.subject, T0 + MINUTE).has_parked_claim
        assert asks(amina, T0 + MINUTE) is None
        a_case_comes_in(photos, at=T0 + 2 * MINUTE, priority=100)
        settles(T0 + 2 * MINUTE)
        again = self.comes_back(alice, T0 + 16 * MINUTE)
        assert again is not None
        assert (again.pk, again.job_id) == (kept.pk, job.pk)
        finishes(again, at=T0 + 17 * MINUTE)

    def test_kept_and_skipped_later_it_is_away_for_good(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        gets(alice)
        kept = self.keeps(alice, self.too_much(alice))
        assert not Skip.objects.exists()
        desk.skip(**act(kept, T0 + 2 * MINUTE))
        settles(T0 + 2 * MINUTE)
        assert self.comes_back(alice, T0 + 16 * MINUTE) is None

    def test_a_reservation_that_runs_out_leaves_it_to_everybody(self, alice: User, photos: Queue) -> None:
        job = a_case_comes_in(photos, due_at=T0 + 5 * MINUTE)
        gets(alice)
        kept = self.keeps(alice, self.too_much(alice))
        assert kept.reserved_until == T0 + 5 * MINUTE
        while sweep_next(T0 + 5 * MINUTE):
            pass
        assert state_of(job) == JobState.WAITING

    def test_what_somebody_else_has_taken_is_not_free(self, alice: User, amina: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        gets(alice)
        handed_back = self.too_much(alice)
        theirs = gets(amina, T0 + 2 * SECOND)
        with pytest.raises(NotFree):
            self.keeps(alice, handed_back)
        theirs.refresh_from_db()
        assert theirs.state == ClaimState.LIVE
        assert Skip.objects.filter(subject=subject_of(alice)).exists()

    def test_what_ended_meanwhile_or_is_paused_is_not_free(self, alice: User, photos: Queue) -> None:
        job = a_case_comes_in(photos)
        gets(alice)
        handed_back = self.too_much(alice)
        Queue.objects.update(state=QueueState.PAUSED)
        with pytest.raises(NotFree):
            self.keeps(alice, handed_back)
        Queue.objects.update(state=QueueState.OPEN)
        Job.objects.filter(pk=job.pk).update(state=JobState.ENDED)
        with pytest.raises(NotFree):
            self.keeps(alice, handed_back)

    def test_twice_is_once(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        gets(alice)
        handed_back = self.too_much(alice)
        self.keeps(alice, handed_back)
        with pytest.raises(NotFree):
            self.keeps(alice, handed_back)
        assert Claim.objects.exclude(state=ClaimState.CLOSED).count() == 1

    def test_only_in_that_break_and_only_what_was_too_much(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        skipped = gets(alice)
        desk.skip(**act(skipped, T0 + SECOND))
        a_case_comes_in(photos, at=T0 + 2 * SECOND)
        gets(alice, T0 + 2 * SECOND)
        handed_back = self.too_much(alice, T0 + 3 * SECOND)
        with pytest.raises(NotFree):
            self.keeps(alice, skipped.pk)
        assert self.comes_back(alice, T0 + 16 * MINUTE) is None
        with pytest.raises(NotFree):
            self.keeps(alice, handed_back, T0 + 17 * MINUTE)
        desk.too_much(subject=subject_of(alice), at=T0 + 18 * MINUTE)
        with pytest.raises(NotFree):
            self.keeps(alice, handed_back, T0 + 19 * MINUTE)

    def test_another_persons_is_not_found(self, alice: User, amina: User, photos: Queue) -> None:
        a_case_comes_in(photos)
        gets(alice)
        handed_back = self.too_much(alice)
        desk.too_much(subject=subject_of(amina), at=T0 + 2 * SECOND)
        with pytest.raises(NotYourClaim):
            self.keeps(amina, handed_back)


def test_nothing_is_handed_out_or_shown_during_a_break(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    a_case_comes_in(photos)
    desk.step_away(subject=claim.subject, at=T0 + SECOND)
    assert asks(alice, T0 + 2 * SECOND) is None
    with pytest.raises(OnBreak):
        shows(claim, at=T0 + 2 * SECOND)
    assert Claim.objects.count() == 1
    desk.too_much(subject=claim.subject, at=T0 + 3 * SECOND)
    assert asks(alice, T0 + 4 * SECOND) is None
    with pytest.raises(OnBreak):
        shows(claim, at=T0 + 4 * SECOND)


def test_a_break_may_be_postponed_once_and_work_goes_on(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    has_worked(alice, 50)
    beats(alice, T0 + SECOND, claim)
    desk.postpone(subject=claim.subject, at=T0 + 2 * SECOND)
    assert kind(alice, T0 + 3 * SECOND) == "case"
    shows(claim, at=T0 + 4 * SECOND)
    with pytest.raises(MayNotPostpone):
        desk.postpone(subject=claim.subject, at=T0 + 5 * SECOND)


@pytest.mark.parametrize(("rested", "comes"), [(14 * MINUTE, False), (16 * MINUTE, True)])
def test_who_asks_after_a_break_is_back_and_not_before(
    alice: User, photos: Queue, rested: timedelta, comes: bool
) -> None:
    """'After a break the desk works again with the person's first act.' Seen red while only coming back was such an act."""
    a_case_comes_in(photos)
    asks(alice)
    desk.too_much(subject=subject_of(alice), at=T0)
    a_case_comes_in(photos)
    assert (asks(alice, T0 + rested) is not None) is comes


def test_a_page_that_waits_asks_nothing_after_a_break(alice: User, photos: Queue) -> None:
    """Beats come by themselves. Seen red with every asking as the person's act."""
    asks(alice)
    desk.too_much(subject=subject_of(alice), at=T0)
    a_case_comes_in(photos)
    claims.claim_next(subject=subject_of(alice), at=T0 + 16 * MINUTE, beating=True, while_waiting=True)
    assert kind(alice, T0 + 16 * MINUTE) == "break"


def test_coming_back_twice_is_coming_back(alice: User, photos: Queue) -> None:
    desk.step_away(subject=subject_of(alice), at=T0)
    desk.return_from_break(subject=subject_of(alice), at=T0 + SECOND, beating=True)
    assert desk.return_from_break(subject=subject_of(alice), at=T0 + 2 * SECOND, beating=True) is None
    assert kind(alice, T0 + 2 * SECOND) == "waiting"


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reached_limit_leaves_only_mild_work(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=1)
    a_case_comes_in(photos, severity=0)
    has_looked(alice, 240 * 60, severity=1)
    assert asks(alice) is None
    text = a_case_comes_in(photos, severity=0, medium="text")
    assert gets(alice, T0 + SECOND).job_id == text.pk


def test_a_parked_case_that_may_no_longer_be_seen_goes_to_others(
    alice: User, amina: User, photos: Queue
) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    desk.step_away(subject=claim.subject, at=T0 + SECOND)
    has_looked(alice, 240 * 60, severity=1)
    assert desk.return_from_break(subject=claim.subject, at=T0 + MINUTE, beating=True) is None
    settles(T0 + MINUTE)
    assert gets(amina, T0 + MINUTE).job_id == job.pk


def test_after_a_limit_the_case_in_hand_may_be_decided_for_five_minutes(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=3)
    claim = gets(alice)
    has_looked(alice, 120 * 60 - 4, severity=3)
    shown = shows(claim, level="grey")
    beats(alice, T0 + 5 * SECOND, claim, shown)
    with pytest.raises(LimitReached):
        shows(claim, level="grey", at=T0 + 6 * SECOND)
    finishes(claim, at=T0 + 5 * MINUTE)


def test_after_those_five_minutes_it_is_handed_back(alice: User, photos: Queue) -> None:
    job = a_case_comes_in(photos, severity=3)
    claim = gets(alice)
    has_looked(alice, 120 * 60 - 4, severity=3)
    shown = shows(claim, level="grey")
    beats(alice, T0 + 5 * SECOND, claim, shown)
    with pytest.raises((LimitReached, ClaimLost)):
        finishes(claim, at=T0 + 5 * SECOND + 5 * MINUTE)
    assert asks(alice, T0 + 5 * SECOND + 5 * MINUTE) is None
    assert state_of(job) == JobState.OFFERING


# ── coming and going ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_desk_is_off_until_it_is_opened(alice: User, photos: Queue) -> None:
    assert kind(alice) == "off"
    desk.open_desk(subject=subject_of(alice), at=T0, beating=True)
    assert kind(alice) == "waiting"


def test_signing_out_gives_the_case_back_and_closes_the_desk(alice: User, amina: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    claim = gets(alice)
    shows(claim)
    desk.sign_out(subject=claim.subject, at=T0 + SECOND)
    settles(T0 + SECOND)
    assert kind(alice, T0 + SECOND) == "off"
    assert gets(amina, T0 + SECOND).job_id == job.pk


def test_signing_out_leaves_the_line(alice: User, photos: Queue) -> None:
    asks(alice)
    desk.sign_out(subject=subject_of(alice), at=T0 + SECOND)
    assert not Ticket.objects.exists()


def test_signing_out_of_a_closed_desk_is_nothing(alice: User) -> None:
    desk.sign_out(subject=subject_of(alice), at=T0)
    assert kind(alice) == "off"


def test_a_break_survives_signing_out_and_in(alice: User, photos: Queue) -> None:
    desk.too_much(subject=subject_of(alice), at=T0)
    desk.sign_out(subject=subject_of(alice), at=T0 + SECOND)
    desk.open_desk(subject=subject_of(alice), at=T0 + 2 * SECOND, beating=True)
    a_case_comes_in(photos, at=T0 + 2 * SECOND)
    assert asks(alice, T0 + 3 * SECOND) is None
    assert kind(alice, T0 + 3 * SECOND) == "break"


def test_skips_are_read_by_no_selector(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    desk.skip(**act(gets(alice), T0))
    assert Skip.objects.count() == 1
    state = desk_state(subject_of(alice), T0)
    assert not any("skip" in name for name in dir(state))


def test_the_parked_case_is_reserved_from_others_while_the_break_runs(
    alice: User, amina: User, photos: Queue
) -> None:
    a_case_comes_in(photos)
    desk.step_away(subject=gets(alice).subject, at=T0 + SECOND)
    assert asks(amina, T0 + 5 * MINUTE) is None


def test_release_gives_back_a_parked_case_too(alice: User, amina: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    desk.step_away(subject=claim.subject, at=T0 + SECOND)
    claims.release(subject=claim.subject, reason="deactivated", at=T0 + MINUTE)
    settles(T0 + MINUTE)
    assert asks(amina, T0 + MINUTE) is not None


def test_a_desk_that_beats_for_an_hour_gets_its_break(alice: User, photos: Queue) -> None:
    asks(alice)
    has_worked(alice, 49)
    beats_until(alice, T0 + 5 * SECOND, T0 + 2 * MINUTE)
    assert kind(alice, T0 + 2 * MINUTE) == "break"
