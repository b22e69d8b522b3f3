"""A desk that falls silent, through its own commands: what counts, what is served, what the sweep does."""

import pytest

from config import leaving
from people.models import User
from queues.exceptions import BeatLate, ClaimLost, CoverNotBelieved
from queues.models import Claim, JobState, Queue
from queues.services import claims, desk
from queues.services.sweep import sweep_next
from tests.cast import T0, subject_of
from tests.queues.work import MINUTE, SECOND, a_case_comes_in, beats, gets, shows, state_of
from wellbeing.core.selectors.stage import may_serve
from wellbeing.models import Exposure, ExposureSum, PersonState, Presence

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(alice: User, photos: Queue) -> Claim:
    a_case_comes_in(photos, severity=3)
    return gets(alice)


def seconds() -> float:
    return sum(ExposureSum.objects.values_list("shown_ms", flat=True)) / 1000


def sweep(at) -> None:
    for _ in range(50):
        if not sweep_next(at):
            return
    raise AssertionError("the sweep spins")


def test_a_look_under_which_the_case_was_withdrawn_counts_until_its_page_is_heard(
    alice: User, claim: Claim
) -> None:
    shown = shows(claim, level="grey")
    claims.end_for_case(case_ref=claim.job.case_ref, reason="withdrawn", at=T0 + 2 * MINUTE)
    assert (
        may_serve(subject=subject_of(alice), exposure_id=shown.id, level="grey", at=T0 + 121 * SECOND) is None
    )
    desk.cover(subject=subject_of(alice), at=T0 + 4 * MINUTE)
    sweep(T0 + 20 * MINUTE)
    assert seconds() == 240


def test_the_sweep_ends_what_nobody_is_heard_of_after_ten_minutes(claim: Claim) -> None:
    shows(claim, level="grey")
    claims.end_for_case(case_ref=claim.job.case_ref, reason="withdrawn", at=T0 + 2 * MINUTE)
    sweep(T0 + 10 * MINUTE - SECOND)
    assert Exposure.objects.filter(closed_at__isnull=True).exists()
    sweep(T0 + 10 * MINUTE)
    assert not Exposure.objects.filter(closed_at__isnull=True).exists()
    assert seconds() == 600


def test_an_operator_who_closes_an_account_ends_no_silence(alice: User, claim: Claim) -> None:
    shows(claim, level="grey")
    leaving.deactivate(user=alice, reason="Left", actor="olga", at=T0 + MINUTE)
    sweep(T0 + 30 * MINUTE)
    assert seconds() == 600


def test_a_page_that_is_read_is_no_sign_of_the_one_that_shows(alice: User, claim: Claim) -> None:
    shows(claim, level="grey")
    for minute in range(1, 4):
        desk.catch_up(subject=subject_of(alice), at=T0 + minute * MINUTE)
    desk.cover(subject=subject_of(alice), at=T0 + 4 * MINUTE)
    assert seconds() == 240


def test_a_late_beat_is_refused_and_what_it_says_of_the_silence_is_believed(
    alice: User, claim: Claim
) -> None:
    shown = shows(claim, level="grey")
    with pytest.raises(BeatLate):
        desk.beat(
            subject=subject_of(alice),
            claim_id=claim.id,
            exposure_id=shown.id,
            holding=False,
            at=T0 + 4 * MINUTE,
            silent_ms=180_000,
        )
    assert seconds() == 60


@pytest.mark.parametrize("silent_ms", [-1, 86_400_001])
def test_a_forged_report_is_refused_and_all_of_it_counts(alice: User, claim: Claim, silent_ms: int) -> None:
    shown = shows(claim, level="grey")
    with pytest.raises(CoverNotBelieved):
        desk.cover(subject=subject_of(alice), at=T0 + 4 * MINUTE, exposure_id=shown.id, silent_ms=silent_ms)
    assert seconds() == 240
    assert not Exposure.objects.filter(closed_at__isnull=True).exists()


def test_a_beat_between_a_decision_and_the_next_ask_does_not_move_the_clock(
    alice: User, photos: Queue
) -> None:
    """Forty cases once put a person's clock 200 s ahead."""
    for number in range(40):
        at = T0 + number * 20 * SECOND
        a_case_comes_in(photos, at=at, severity=0, medium="text", category=f"PLAIN_{number % 2}")
        claim = gets(alice, at)
        with desk.locked_desk(subject=subject_of(alice), at=at + 4 * SECOND) as seat:
            claims.finish(locked=seat.locked, claim_id=claim.id, fence=claim.fence, known=seat.claim)
        beats(alice, at + 5 * SECOND)
        assert PersonState.objects.get().clock_at == at + 5 * SECOND


def test_a_report_about_something_else_ends_nothing_of_one_s_own(alice: User, claim: Claim) -> None:
    shown = shows(claim, level="grey")
    with pytest.raises(CoverNotBelieved):
        desk.cover(
            subject=subject_of(alice), at=T0 + 5 * SECOND, exposure_id=claim.job.case_ref, silent_ms=5000
        )
    assert Exposure.objects.get(closed_at__isnull=True).pk == shown.id


def test_beats_of_another_tab_are_no_sign_of_the_one_that_shows(alice: User, claim: Claim) -> None:
    shown = shows(claim, level="grey")
    for number in range(1, 13):
        beats(alice, T0 + number * 5 * SECOND, claim)
    served = may_serve(subject=subject_of(alice), exposure_id=shown.id, level="grey", at=T0 + 60 * SECOND)
    assert served is None
    desk.cover(subject=subject_of(alice), at=T0 + 60 * SECOND)
    assert (seconds(), Exposure.objects.get().unheard_ms) == (60, 45_000)


def test_a_beat_about_a_case_that_is_gone_is_a_sign_all_the_same(alice: User, claim: Claim) -> None:
    """Seen red: the silence went on until the next beat, and five seconds of work were missing."""
    beats(alice, T0 + 5 * SECOND, claim)
    sweep(T0 + 11 * MINUTE)
    with pytest.raises(ClaimLost):
        beats(alice, T0 + 12 * MINUTE, claim)
    lost = Presence.objects.get(kind="lost_line")
    assert (lost.opened_at, lost.closed_at) == (T0 + 20 * SECOND, T0 + 12 * MINUTE)
    assert Presence.objects.get(closed_at=None).last_beat_at == T0 + 12 * MINUTE


def test_a_case_that_goes_back_from_a_silent_desk_is_no_sign_of_its_person(alice: User, claim: Claim) -> None:
    """Seen red: the desk began to wait when the lease ended, worked for 15 s, and the silence before stood nowhere."""
    beats(alice, T0 + 5 * SECOND, claim)
    sweep(T0 + 11 * MINUTE)
    assert state_of(claim.job) == JobState.WAITING
    assert PersonState.objects.get().work_ms == 0
    beats(alice, T0 + 12 * MINUTE)
    assert PersonState.objects.get().work_ms == 0
    kinds = Presence.objects.order_by("opened_at").values_list("kind", "opened_at", "closed_at")
    silent_at = T0 + 20 * SECOND
    assert list(kinds) == [
        ("waiting", T0, T0),
        ("reviewing", T0, silent_at),
        ("lost_line", silent_at, T0 + 12 * MINUTE),
        ("waiting", T0 + 12 * MINUTE, None),
    ]
