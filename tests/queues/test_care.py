"""What an officer ordered reaches the desk: a rest day, a lighter queue.

Seen red without: the release in ``care.after_measure``, the rest day in ``returns.catch_up``, the sweep's step, and
with an eligibility that is open although nothing fits.
"""

from datetime import date, datetime, timedelta

import pytest

from people.models import TimeZonePeriod, User
from queues.models import Claim, Queue, Ticket
from queues.services import care, desk, sweep
from tests.cast import T0, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    asks,
    beats,
    beats_until,
    gets,
    settles,
    shows,
    state_of,
)
from wellbeing.models import Exposure, Measure

pytestmark = pytest.mark.django_db
TODAY = T0.date()
MIDNIGHT = datetime.combine(TODAY + timedelta(days=1), datetime.min.time(), tzinfo=T0.tzinfo)


def is_ordered(
    user: User, kind: str, from_on: date = TODAY, until_on: date | None = None, at: datetime = T0
) -> Measure:
    """An officer's order stands, and the desk has been told."""
    made = Measure.objects.create(
        subject=subject_of(user),
        kind=kind,
        from_on=from_on,
        until_on=until_on or from_on,
        set_by="wim",
        set_at=at,
    )
    care.after_measure(subject=subject_of(user), at=at)
    return made


def is_swept(at: datetime) -> None:
    while sweep.sweep_next(at):
        pass


class TestRestDay:
    def test_nothing_is_handed_out(self, alice: User, photos: Queue) -> None:
        job = a_case_comes_in(photos, severity=0, medium="text")
        is_ordered(alice, "rest_day")
        assert asks(alice, T0 + SECOND) is None
        assert state_of(job) == "waiting"
        assert not Ticket.objects.exists()

    def test_nor_offered(self, alice: User, photos: Queue) -> None:
        assert asks(alice) is None
        is_ordered(alice, "rest_day", at=T0 + SECOND)
        assert state_of(a_case_comes_in(photos, severity=0, at=T0 + 2 * SECOND)) == "waiting"

    def test_the_case_in_hand_is_released_at_once(self, alice: User, amina: User, photos: Queue) -> None:
        job = a_case_comes_in(photos, severity=1)
        shows(gets(alice))
        is_ordered(alice, "rest_day", at=T0 + SECOND)
        settles(T0 + SECOND)
        assert not Exposure.objects.filter(closed_at__isnull=True, cleared_at__isnull=True).exists()
        assert gets(amina, T0 + 2 * SECOND).job_id == job.pk

    def test_a_parked_one_too(self, alice: User, photos: Queue) -> None:
        job = a_case_comes_in(photos, severity=1)
        gets(alice)
        desk.step_away(subject=subject_of(alice), at=T0 + SECOND)
        is_ordered(alice, "rest_day", at=T0 + 2 * SECOND)
        settles(T0 + 2 * SECOND)
        assert state_of(job) == "waiting"

    def test_it_begins_at_midnight_with_a_case_in_hand(self, alice: User, photos: Queue) -> None:
        start = MIDNIGHT - 2 * MINUTE
        is_ordered(alice, "rest_day", TODAY + timedelta(days=1))
        job = a_case_comes_in(photos, severity=1, at=start)
        claim = gets(alice, start)
        beats_until(alice, start + 5 * SECOND, MIDNIGHT - SECOND, claim)
        is_swept(MIDNIGHT - SECOND)
        assert state_of(job) == "claimed"
        is_swept(MIDNIGHT)
        assert state_of(job) == "waiting"
        assert asks(alice, MIDNIGHT + SECOND) is None

    def test_midnight_is_the_persons_own(self, alice: User, photos: Queue) -> None:
        TimeZonePeriod.objects.filter(user=alice).update(zone="Pacific/Auckland")
        is_ordered(alice, "rest_day", TODAY + timedelta(days=1), at=T0)
        theirs = T0.replace(hour=11)  # 24 November 00:00 in Auckland (+13)
        job = a_case_comes_in(photos, severity=1, at=theirs - MINUTE)
        beats(alice, theirs - SECOND, gets(alice, theirs - MINUTE))
        is_swept(theirs - SECOND)
        assert state_of(job) == "claimed"
        is_swept(theirs)
        assert state_of(job) == "waiting"

    def test_an_order_that_was_ended_binds_no_more(self, alice: User, photos: Queue) -> None:
        made = is_ordered(alice, "rest_day")
        a_case_comes_in(photos, severity=1)
        Measure.objects.filter(pk=made.pk).update(ended_at=T0 + SECOND)
        care.after_measure(subject=subject_of(alice), at=T0 + SECOND)
        assert asks(alice, T0 + 2 * SECOND) is not None


class TestLighterQueue:
    def test_severity_1_and_no_more(self, alice: User, photos: Queue) -> None:
        a_case_comes_in(photos, severity=2)
        light = a_case_comes_in(photos, severity=1, at=T0 + SECOND)
        is_ordered(alice, "lighter_queue", until_on=TODAY + timedelta(days=6), at=T0 + SECOND)
        assert gets(alice, T0 + SECOND).job_id == light.pk

    @pytest.mark.parametrize(("severity", "stays"), [(1, True), (2, False)])
    def test_a_case_in_hand_stays_if_it_is_light(
        self, alice: User, photos: Queue, severity: int, stays: bool
    ) -> None:
        a_case_comes_in(photos, severity=severity)
        gets(alice)
        is_ordered(alice, "lighter_queue", at=T0 + SECOND)
        assert Claim.objects.exclude(state="closed").exists() is stays

    def test_a_parked_case_does_not_come_back_on_a_lighter_day(self, alice: User, photos: Queue) -> None:
        start = MIDNIGHT - MINUTE
        is_ordered(alice, "lighter_queue", TODAY + timedelta(days=1))
        job = a_case_comes_in(photos, severity=2, at=start)
        gets(alice, start)
        desk.step_away(subject=subject_of(alice), at=start)
        assert desk.return_from_break(subject=subject_of(alice), at=MIDNIGHT, beating=True) is None
        settles(MIDNIGHT)
        assert state_of(job) == "waiting"


def test_a_contact_binds_nothing(alice: User, photos: Queue) -> None:
    Measure.objects.create(subject=subject_of(alice), kind="contact", set_by="wim", set_at=T0)
    a_case_comes_in(photos, severity=3)
    care.after_measure(subject=subject_of(alice), at=T0)
    assert asks(alice, T0 + SECOND) is not None
