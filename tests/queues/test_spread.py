"""Severe work is evened out over the day among those who may take it, and nobody learns anybody's minutes by it.

Seen red without: ``above_in`` in ``lanes_for``, the order of ``tickets.line_for``, ``is_compared``, ``count_given_back``, its
'once a day', and with a row of an hour ago that still serves.
"""

from datetime import datetime, timedelta

import pytest

from people.models import Team, User
from queues.models import Queue, Spread
from queues.services import choices, desk
from queues.services.spread import weigh_next
from queues.services.sweep import sweep_next
from tests.cast import T0, a_user, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    act,
    asks,
    gets,
    settles,
    shows,
    state_of,
)
from wellbeing.models import DaySum, ExposureSum, PersonState, Presence

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def has_had(user: User, minutes: float, *, severity: int = 3, at: datetime = T0) -> None:
    """The person sits at the desk and was shown so much today."""
    subject, shown_ms = subject_of(user), round(minutes * 60_000)
    DaySum.objects.update_or_create(
        subject=subject, local_date=at.date(), severity=severity, defaults={"shown_ms": shown_ms, "cases": 1}
    )
    ExposureSum.objects.update_or_create(
        subject=subject, quarter_at=T0 - HOUR, severity=severity, defaults={"shown_ms": shown_ms, "cases": 1}
    )
    if not Presence.objects.filter(subject=subject, closed_at__isnull=True).exists():
        Presence.objects.create(
            subject=subject, kind="reviewing", opened_at=T0 - HOUR, last_beat_at=T0, beating=True
        )


@pytest.fixture
def bo(north: Team) -> User:
    return a_user("bo", "moderator", team=north)


@pytest.fixture
def team(alice: User, amina: User, bo: User, photos: Queue) -> Queue:
    """Alice has had 40 minutes of severe work, the others 20 and 10: of them 1.25 × 20 + 3 = 28 are the most."""
    a_case_comes_in(photos, severity=3, priority=100, expected_seconds=1)
    for user, minutes in ((alice, 40), (amina, 20), (bo, 10)):
        has_had(user, minutes)
    return photos


def most(queue: Queue) -> int | None:
    return Spread.objects.get(queue=queue).most_ms


class TestThePick:
    def test_who_has_had_more_gets_what_is_milder_where_it_waits(self, team: Queue, alice: User) -> None:
        milder = a_case_comes_in(team, severity=2)
        assert weigh_next(T0)
        assert most(team) == 28 * 60_000
        assert gets(alice).job_id == milder.pk

    def test_where_nothing_milder_waits_nobody_waits(self, team: Queue, alice: User) -> None:
        weigh_next(T0)
        assert gets(alice).job.lane.severity == 3

    def test_who_has_had_less_takes_what_is_first(self, team: Queue, amina: User) -> None:
        a_case_comes_in(team, severity=2)
        weigh_next(T0)
        assert gets(amina).job.lane.severity == 3

    def test_what_is_due_soon_comes_all_the_same(self, team: Queue, alice: User) -> None:
        soon = a_case_comes_in(team, severity=3, priority=100, due_at=T0 + HOUR)
        a_case_comes_in(team, severity=2)
        weigh_next(T0)
        assert gets(alice).job_id == soon.pk
        assert PersonState.objects.get(subject=subject_of(alice)).has_passed

    def test_of_two_people_nothing_is_evened_out(self, team: Queue, alice: User, bo: User) -> None:
        Presence.objects.filter(subject=subject_of(bo)).update(closed_at=T0)
        a_case_comes_in(team, severity=2)
        weigh_next(T0)
        assert most(team) is None
        assert gets(alice).job.lane.severity == 3

    def test_figures_of_an_hour_ago_put_nobody_back(self, team: Queue, alice: User) -> None:
        a_case_comes_in(team, severity=2)
        weigh_next(T0)
        Spread.objects.update(quarter_at=T0 - HOUR)
        assert gets(alice).job.lane.severity == 3


class TestWhoIsCompared:
    @pytest.mark.parametrize("whose", ["alice", "bo"])
    def test_an_opt_out_takes_a_person_out(self, team: Queue, alice: User, bo: User, whose: str) -> None:
        chooses = {"alice": alice, "bo": bo}[whose]
        choices.opt_out(subject=subject_of(chooses), kind="category", value="HATE", until=None, at=T0)
        a_case_comes_in(team, severity=2)
        weigh_next(T0)
        assert most(team) is None  # two are left
        assert gets(alice).job.lane.severity == 3

    def test_a_starter_is_not_compared(self, team: Queue, north: Team) -> None:
        nia = a_user("nia", "moderator", team=north, began_on=T0.date() - timedelta(weeks=4))
        has_had(nia, 0)
        weigh_next(T0)
        assert most(team) == 28 * 60_000

    def test_who_does_not_work_on_the_queue_is_not_compared(self, team: Queue, charlie: User) -> None:
        has_had(charlie, 0)
        weigh_next(T0)
        assert most(team) == 28 * 60_000


class TestNobodysMinutesAreRead:
    def test_within_a_quarter_of_an_hour_nothing_moves_whatever_others_do(
        self, team: Queue, amina: User, bo: User
    ) -> None:
        """Whoever polls sees one threshold for a quarter of an hour."""
        weigh_next(T0)
        for minutes in range(20, 100, 10):
            has_had(amina, minutes)
            has_had(bo, minutes)
            assert not weigh_next(T0 + 14 * MINUTE)
            assert most(team) == 28 * 60_000

    def test_from_one_quarter_to_the_next_only_steps_of_five_minutes_show(
        self, team: Queue, amina: User
    ) -> None:
        found = set()
        for number, minutes in enumerate((15.1, 16, 17, 18, 19, 20)):
            has_had(amina, minutes)
            Presence.objects.update(last_beat_at=T0 + number * QUARTER)
            assert weigh_next(T0 + number * QUARTER)
            found.add(most(team))
        assert found == {28 * 60_000}


class TestWhoPolls:
    """Somebody asks, looks at the label of what is offered, and hands it back, again and again."""

    def polls(self, user: User, at: datetime) -> int:
        claim = gets(user, at)
        desk.hand_back(**act(claim, at))
        settles(at)
        return claim.job.lane.severity

    def test_is_offered_the_same_for_a_quarter_of_an_hour_whatever_others_are_shown(
        self, team: Queue, alice: User, amina: User, bo: User
    ) -> None:
        """Seen red where the sweep weighs a queue whenever it comes by."""
        a_case_comes_in(team, severity=2)
        offered = []
        for number in range(15):
            has_had(amina, 20 + 10 * number)
            has_had(bo, 10 + 10 * number)
            weigh_next(T0 + number * MINUTE)
            offered.append(self.polls(alice, T0 + number * MINUTE))
        assert offered == [2] * 15
        Presence.objects.update(last_beat_at=T0 + QUARTER)
        weigh_next(T0 + QUARTER)
        assert self.polls(alice, T0 + QUARTER) == 3

    @pytest.mark.parametrize("minutes", [15.1, 16, 18, 20])
    def test_cannot_tell_apart_what_lies_within_five_minutes(
        self, team: Queue, alice: User, amina: User, minutes: float
    ) -> None:
        """Seen red without rounding: at 26 minutes of her own Alice was put back at 15 of Amina's, and not at 20."""
        a_case_comes_in(team, severity=2)
        has_had(alice, 26)
        has_had(amina, minutes)
        weigh_next(T0)
        assert self.polls(alice, T0) == 3


class TestTheLine:
    def test_a_severe_case_goes_to_whoever_has_had_the_fewest(
        self, photos: Queue, alice: User, amina: User, bo: User
    ) -> None:
        for user, minutes in ((alice, 40), (amina, 20), (bo, 10)):
            has_had(user, minutes)
        for number, user in enumerate((alice, amina, bo)):
            assert asks(user, T0 + number * SECOND) is None
        a_case_comes_in(photos, severity=2, at=T0 + 3 * SECOND)
        assert gets(alice, T0 + 4 * SECOND).job.lane.severity == 2  # milder work goes to the longest waiting
        Spread.objects.create(queue=photos, quarter_at=T0, most_ms=28 * 60_000)
        job = a_case_comes_in(photos, severity=3, at=T0 + 5 * SECOND)
        assert state_of(job) == "claimed"
        assert gets(bo, T0 + 6 * SECOND).job_id == job.pk


class TestGivingBack:
    """A case that is skipped, handed back or stepped away from counts as if it had been taken."""

    def counts(self, user: User) -> int:
        return PersonState.objects.get(subject=subject_of(user)).given_back_ms // 1000

    @pytest.mark.parametrize("how", [desk.skip, desk.hand_back])
    def test_it_counts_for_its_expected_seconds(self, photos: Queue, alice: User, how) -> None:
        a_case_comes_in(photos, severity=3, expected_seconds=60)
        how(**act(gets(alice), T0))
        assert self.counts(alice) == 60

    def test_a_case_that_was_stepped_away_from_and_not_taken_up_again_counts(
        self, photos: Queue, alice: User
    ) -> None:
        """Seen red without the writing that the sweep's way needs."""
        a_case_comes_in(photos, severity=3, expected_seconds=60)
        gets(alice)
        desk.step_away(subject=subject_of(alice), at=T0)
        while sweep_next(T0 + 11 * MINUTE):
            pass
        assert self.counts(alice) == 60

    def test_a_milder_one_does_not(self, photos: Queue, alice: User) -> None:
        a_case_comes_in(photos, severity=2, expected_seconds=60)
        desk.skip(**act(gets(alice), T0))
        assert self.counts(alice) == 0

    def test_what_was_shown_of_it_is_counted_once(self, photos: Queue, alice: User) -> None:
        a_case_comes_in(photos, severity=3, expected_seconds=60)
        claim = gets(alice)
        shows(claim, at=T0, beating=False)
        desk.skip(**act(claim, T0 + 20 * SECOND))
        assert self.counts(alice) == 40

    def test_handed_back_again_and_again_it_counts_once_a_day(self, photos: Queue, alice: User) -> None:
        a_case_comes_in(photos, severity=3, expected_seconds=60)
        for number in range(3):
            settles(T0 + number * MINUTE)
            desk.hand_back(**act(gets(alice, T0 + number * MINUTE), T0 + number * MINUTE))
        assert self.counts(alice) == 60

    def test_to_skip_brings_no_milder_work_than_to_decide(self, team: Queue, amina: User) -> None:
        """Amina is at 20 minutes, and 28 are the most: a case of ten minutes puts her back, decided or skipped."""
        a_case_comes_in(team, severity=3, priority=99)
        milder = a_case_comes_in(team, severity=2)
        team.lanes.get(severity=3).jobs.update(expected_seconds=600)
        weigh_next(T0)
        desk.skip(**act(gets(amina), T0))
        settles(T0)
        assert gets(amina, T0 + SECOND).job_id == milder.pk


def test_the_sweep_weighs_each_queue_once_a_quarter(team: Queue) -> None:
    assert sweep_next(T0)
    assert not sweep_next(T0)
    Presence.objects.update(last_beat_at=T0 + QUARTER)
    assert sweep_next(T0 + QUARTER)
