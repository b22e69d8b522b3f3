"""What is told of a queue moves at full five minutes where five people decided, else at full quarters, and by no act.

Seen red with the board and the outlook on the live counters, with ``waiting`` instead of open in the triggers, without
``is_late``, with every count told, and with 'close' asking the live rows alone.
"""

import random
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction

from moderation.services.queueing import change_state
from people.models import Team, User
from queues.exceptions import QueueNotEmpty
from queues.models import Job, JobState, Queue, QueueCount, QueueState
from queues.rules.telling import LATE, STEP
from queues.selectors import QueueLine, board, outlook
from queues.selectors.told import told_of
from queues.services import counts, desk
from queues.services.queues import change_state as changes_to
from tests import cast
from tests.cast import T0
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    act,
    asks,
    at_once,
    counts_all,
    finishes,
    gets,
    settles,
    waiting_in,
)

QUARTER = timedelta(minutes=15)
pytestmark = pytest.mark.django_db


def told(team: Team, at: datetime) -> QueueLine:
    (line,) = board(team.pk, at)
    return line


@pytest.fixture
def full(photos: Queue) -> Queue:
    """Forty mild cases, counted at nine."""
    job = a_case_comes_in(photos, severity=0, medium="text", due_at=T0 + timedelta(hours=3))
    waiting_in(job.lane, count=39, medium="text", expected_seconds=5)
    counts_all(T0)
    return photos


def decides(user: User, at: datetime) -> None:
    finishes(gets(user, at), at=at + SECOND)


class TestOneModerator:
    def test_who_polls_each_second_sees_full_quarters(self, north: Team, alice: User, full: Queue) -> None:
        """One person works for half an hour, by dice; somebody looks at every second."""
        dice, at, seen = random.Random(7), T0, {}
        locked = None
        while at < T0 + 32 * MINUTE:
            at += SECOND
            if dice.random() < 0.01:
                if locked is None:
                    locked = asks(alice, at)
                elif dice.random() < 0.2:
                    desk.hand_back(**act(locked, at))
                    settles(at)
                    locked = None
                else:
                    finishes(locked, at=at)
                    locked = None
            elif locked is not None and at.second % 5 == 0:
                desk.beat(subject=locked.subject, claim_id=locked.id, exposure_id=None, holding=False, at=at)
            if at.second % 5 == 0:
                counts_all(at)
            found = told_of([full.pk])[full.pk]
            seen[at] = (found, told(north, at) if at.second % 20 == 0 else None)
        moved = [later for (_, (before, _)), (later, (after, _)) in pairwise(seen.items()) if before != after]
        assert [at - T0 for at in moved] == [QUARTER, 2 * QUARTER]
        lines = {line.counted_at: line for _, line in seen.values() if line is not None}
        assert all(line == lines[line.counted_at] for _, line in seen.values() if line is not None)

    @pytest.mark.parametrize("deed", ["takes", "skips", "hands back", "steps away", "escalates"])
    def test_no_other_act_moves_a_count_at_all(
        self, north: Team, alice: User, full: Queue, deed: str
    ) -> None:
        claim = gets(alice, T0 + MINUTE)
        acts = {"skips": desk.skip, "hands back": desk.hand_back, "escalates": desk.escalate}
        if deed in acts:
            acts[deed](**act(claim, T0 + MINUTE))
        elif deed == "steps away":
            desk.step_away(subject=claim.subject, at=T0 + MINUTE)
        before = told(north, T0)
        counts_all(T0 + QUARTER)
        after = told(north, T0 + QUARTER)
        assert after.counted_at == T0 + QUARTER
        assert (after.depth, after.oldest_at, after.due_soon) == (40, before.oldest_at, before.due_soon)

    def test_what_is_told_is_whole_a_decision_before_and_none_after(
        self, north: Team, alice: User, full: Queue
    ) -> None:
        decides(alice, T0 + QUARTER - 2 * SECOND)
        counts_all(T0 + QUARTER)
        decides(alice, T0 + QUARTER + SECOND)
        assert told(north, T0 + QUARTER + MINUTE).depth == 39
        counts_all(T0 + 2 * QUARTER)
        assert told(north, T0 + 2 * QUARTER).depth == 38


class TestFive:
    @pytest.fixture
    def people(self, north: Team) -> list[User]:
        return [cast.a_user(f"person{number}", "moderator", team=north) for number in range(5)]

    def test_five_who_decided_are_told_after_five_minutes(
        self, north: Team, full: Queue, people: list[User]
    ) -> None:
        for number, user in enumerate(people):
            decides(user, T0 + number * SECOND)
        counts_all(T0 + 5 * MINUTE)
        assert (told(north, T0 + 5 * MINUTE).depth, told(north, T0 + 5 * MINUTE).counted_at) == (
            35,
            T0 + 5 * MINUTE,
        )

    def test_four_and_one_who_decides_often_are_not(
        self, north: Team, full: Queue, people: list[User]
    ) -> None:
        for number, user in enumerate([*people[:4], *people[:4]]):
            decides(user, T0 + 2 * number * SECOND)
        counts_all(T0 + 5 * MINUTE)
        assert told(north, T0 + 5 * MINUTE).depth == 40
        assert not QueueCount.objects.filter(is_told=False).exclude(work=[], lanes=[]).exists()

    def test_five_in_another_queue_are_not_five_in_this_one(
        self, north: Team, full: Queue, people: list[User]
    ) -> None:
        other = cast.a_queue(platform=cast.a_platform("Umbra"), name="Posts")
        for number, user in enumerate(people[:4]):
            decides(user, T0 + number * SECOND)
        Queue.objects.filter(pk=full.pk).update(state=QueueState.PAUSED)
        a_case_comes_in(other, severity=0, medium="text")
        decides(people[4], T0 + 9 * SECOND)
        counts_all(T0 + 5 * MINUTE)
        line = next(one for one in board(north.pk, T0 + 5 * MINUTE) if one.id == full.pk)
        assert line.counted_at == T0


class TestTheSweep:
    def test_a_late_one_waits_for_the_next_step(self, north: Team, alice: User, full: Queue) -> None:
        decides(alice, T0 + MINUTE)
        counts_all(T0 + QUARTER + LATE)
        assert told(north, T0 + QUARTER + LATE).counted_at == T0
        counts_all(T0 + QUARTER + STEP)
        assert told(north, T0 + QUARTER + STEP).counted_at == T0
        counts_all(T0 + 2 * QUARTER)
        assert told(north, T0 + 2 * QUARTER).counted_at == T0 + 2 * QUARTER

    def test_each_queue_is_counted_once_for_a_step_and_little_is_kept(
        self, north: Team, alice: User, full: Queue
    ) -> None:
        for step in range(30):
            at = T0 + step * STEP
            counts_all(at)
            assert not counts.count_next(at=at + SECOND)
        assert QueueCount.objects.count() <= 3

    def test_a_queue_into_which_nothing_came_is_not_counted_and_a_new_one_at_once(
        self, north: Team, photos: Queue
    ) -> None:
        counts_all(T0)
        assert told(north, T0).counted_at is None
        a_case_comes_in(photos, at=T0 + 3 * MINUTE)
        counts_all(T0 + 3 * MINUTE)
        assert (told(north, T0 + 3 * MINUTE).counted_at, told(north, T0 + 3 * MINUTE).depth) == (
            T0 + 3 * MINUTE,
            1,
        )

    def test_the_first_count_gives_the_second_no_near_neighbour(
        self, north: Team, alice: User, photos: Queue
    ) -> None:
        a_case_comes_in(photos)
        counts_all(T0 + QUARTER - SECOND)
        decides(alice, T0 + QUARTER - SECOND)
        counts_all(T0 + QUARTER)
        assert told(north, T0 + QUARTER).depth == 1

    def test_a_closed_queue_is_left_alone(self, north: Team, full: Queue) -> None:
        Queue.objects.filter(pk=full.pk).update(state=QueueState.CLOSED)
        assert not counts.count_next(at=T0 + QUARTER)


class TestClosing:
    def test_pressing_close_again_and_again_tells_no_last_decision(
        self, north: Team, alice: User, dana: User, photos: Queue
    ) -> None:
        Queue.objects.filter(pk=photos.pk).update(is_default=False, state=QueueState.DRAINING)
        a_case_comes_in(photos, severity=0, medium="text")
        counts_all(T0)
        decides(alice, T0 + MINUTE)
        for at in (T0 + 2 * MINUTE, T0 + 14 * MINUTE):
            counts_all(at)
            with pytest.raises(QueueNotEmpty), transaction.atomic():
                changes_to(queue_id=photos.pk, act="close", last_seen=0, at=at)
        counts_all(T0 + QUARTER)
        closed = change_state(
            queue_id=photos.pk,
            team_id=north.pk,
            act="close",
            actor=str(cast.subject_of(dana)),
            last_seen=0,
            at=T0 + QUARTER,
        )
        assert closed.state == QueueState.CLOSED


def test_what_a_limit_would_cost_is_told_of_the_same_instant(north: Team, alice: User, full: Queue) -> None:
    for number in range(4):
        cast.a_user(f"person{number}", "moderator", team=north)
    Job.objects.filter(state=JobState.WAITING).update(due_at=T0 + timedelta(minutes=30))
    counts_all(T0 + QUARTER)
    before = outlook(north.pk, "work_seconds", 0, T0 + QUARTER)
    assert before.would_miss
    for number in range(9):
        decides(alice, T0 + QUARTER + 2 * number * SECOND)
        assert outlook(north.pk, "work_seconds", 0, T0 + QUARTER) == before


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_and_deciders_at_once(north: Team, alice: User, amina: User, full: Queue) -> None:
    def works(user: User) -> None:
        for number in range(5):
            decides(user, T0 + QUARTER + 2 * number * SECOND)

    def counts_twice() -> None:
        counts_all(T0 + QUARTER)
        counts_all(T0 + 2 * QUARTER)

    results = at_once(lambda: works(alice), lambda: works(amina), counts_twice, counts_twice)
    assert results == [None] * 4
    assert QueueCount.objects.filter(is_told=True).count() == 1
    assert 30 <= told(north, T0 + 2 * QUARTER).depth <= 40
    connection.close()
