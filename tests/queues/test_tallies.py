"""The counters of what is open are exact, whoever writes: triggers tell, a sweep folds, a rollback takes both back.

Seen red without the trigger of a delete, without the lane in what is watched, without lock or transaction of a fold.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from people.models import User
from queues.models import NO_DUE_TIME, Claim, ClaimState, Job, JobState, Queue, Tally, TallyChange
from queues.rules.quarters import quarter_of, quarter_start
from queues.services import claims, desk, jobs, tallies
from tests.cast import T0, subject_of
from tests.queues.work import SECOND, a_case_comes_in, act, asks, at_once, finishes, gets, settles, waiting_in

OPEN = (JobState.OFFERING, JobState.WAITING, JobState.CLAIMED)
QUARTER = timedelta(minutes=15)
Counted = dict[tuple[int, int], tuple[int, int]]


def counted() -> Counted:
    """Count the jobs themselves, as nothing but a test does."""
    jobs_in: Counter[tuple[int, int]] = Counter()
    seconds: Counter[tuple[int, int]] = Counter()
    for job in Job.objects.filter(state__in=OPEN):
        place = job.lane_id, NO_DUE_TIME if job.due_at is None else quarter_of(job.due_at)
        jobs_in[place] += 1
        seconds[place] += job.expected_seconds
    return {place: (number, seconds[place]) for place, number in jobs_in.items()}


def told() -> Counted:
    """Add up what the counters tell."""
    sums: dict[tuple[int, int], list[int]] = {}
    for table in (Tally, TallyChange):
        rows = table.objects.values_list("lane_id", "due_quarter", "jobs", "seconds")
        for lane_id, quarter, jobs_told, seconds_told in rows:
            place = sums.setdefault((lane_id, quarter), [0, 0])
            place[0] += jobs_told
            place[1] += seconds_told
    return {place: (number, seconds) for place, (number, seconds) in sums.items() if number or seconds}


def fold_all() -> None:
    while tallies.fold_next():
        pass


def dies_before_the_delete(execute: Any, sql: str, *rest: Any) -> Any:
    """Stop the process' work where the sums are written and the changes still stand."""
    if sql.startswith("DELETE") and "tallychange" in sql:
        raise KeyboardInterrupt
    return execute(sql, *rest)


@pytest.fixture(autouse=True)
def small_folds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "FOLDED_AT_ONCE", 3)


class Deeds:
    """What may happen to jobs, each done to one chosen at random."""

    def __init__(self, queue: Queue, people: list[User], seed: int) -> None:
        self.queue, self.people, self.dice = queue, people, random.Random(seed)
        self.at = T0

    def happens(self) -> None:
        deeds: list[Callable[[], None]] = [
            self.comes_in, self.comes_in, self.is_taken, self.is_given_back, self.is_decided, self.is_relabelled,
            self.is_hurried, self.is_withdrawn, self.is_written_by_hand, self.is_deleted, self.is_rolled_back,
            self.is_folded, self.is_escalated,
        ]  # fmt: skip
        self.at += SECOND
        self.dice.choice(deeds)()

    def comes_in(self) -> None:
        due_at = self.dice.choice([None, self.at + self.dice.randrange(200) * timedelta(minutes=1)])
        a_case_comes_in(
            self.queue,
            at=self.at,
            severity=self.dice.randrange(3),
            due_at=due_at,
            expected_seconds=self.dice.randrange(100),
        )

    def is_taken(self) -> None:
        asks(self.dice.choice(self.people), self.at)

    def is_given_back(self) -> None:
        if claim := self._claim():
            desk.hand_back(**act(claim, self.at))

    def is_escalated(self) -> None:
        if claim := self._claim():
            desk.escalate(**act(claim, self.at))

    def is_decided(self) -> None:
        if claim := self._claim():
            finishes(claim, at=self.at)

    def is_relabelled(self) -> None:
        with transaction.atomic():
            if job := self._job():
                jobs.relabel(case_ref=job.case_ref, category="HATE", severity=self.dice.randrange(4))

    def is_hurried(self) -> None:
        with transaction.atomic():
            if job := self._job():
                jobs.raise_priority(case_ref=job.case_ref, priority=5, due_at=self.at)

    def is_withdrawn(self) -> None:
        with transaction.atomic():
            if job := self._job():
                claims.end_for_case(case_ref=job.case_ref, reason="withdrawn", at=self.at)

    def is_written_by_hand(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE queues_job SET expected_seconds = expected_seconds + 1 WHERE state = 'waiting'"
            )

    def is_deleted(self) -> None:
        if job := self._job(state=JobState.WAITING, claims__isnull=True):
            job.delete()

    def is_rolled_back(self) -> None:
        point = transaction.savepoint()
        self.comes_in()
        self.is_taken()
        self.is_folded()
        transaction.savepoint_rollback(point)

    def is_folded(self) -> None:
        tallies.fold_next()

    def _job(self, **facts: object) -> Job | None:
        open_jobs = Job.objects.exclude(state__in=(JobState.DONE, JobState.ENDED)).filter(**facts)
        return self.dice.choice(list(open_jobs.order_by("id")) or [None])

    def _claim(self) -> Claim | None:
        live = Claim.objects.filter(state=ClaimState.LIVE).order_by("claimed_at", "pk")
        return self.dice.choice(list(live) or [None])


@pytest.mark.django_db
class TestExact:
    @pytest.mark.parametrize("seed", range(6))
    def test_after_anything_that_may_happen(self, seed: int, photos: Queue, alice: User, amina: User) -> None:
        deeds = Deeds(photos, [alice, amina], seed)
        for _ in range(60):
            deeds.happens()
            assert told() == counted()
        fold_all()
        assert told() == counted()
        assert not TallyChange.objects.exists()

    def test_bulk_and_raw_writers_are_counted_too(self, photos: Queue) -> None:
        lane = a_case_comes_in(photos).lane
        waiting_in(lane, count=7)
        Job.objects.filter(lane=lane).update(due_at=T0 + timedelta(hours=1))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE queues_job SET due_at = NULL WHERE sort_key < 3")
            cursor.execute("DELETE FROM queues_job WHERE sort_key = 5")
        assert told() == counted() != {}

    @pytest.mark.parametrize("seconds", [0, 1, 899, 899.999999, 900, 901])
    def test_a_due_time_counts_in_the_quarter_that_holds_it(self, seconds: float, photos: Queue) -> None:
        due_at = T0 + timedelta(seconds=seconds)
        a_case_comes_in(photos, due_at=due_at)
        ((_, quarter),) = told()
        assert quarter_start(quarter) <= due_at < quarter_start(quarter) + QUARTER

    def test_what_stays_open_tells_nothing(self, photos: Queue, alice: User) -> None:
        job = a_case_comes_in(photos)
        fold_all()
        Job.objects.filter(pk=job.pk).update(state=JobState.OFFERING, sort_key=1, fence=4)
        job.refresh_from_db()
        job.save()
        settles()
        desk.hand_back(**act(gets(alice), T0))
        assert not TallyChange.objects.exists()

    def test_a_tally_that_counts_nothing_is_not_kept(self, photos: Queue, alice: User) -> None:
        a_case_comes_in(photos)
        fold_all()
        assert Tally.objects.count() == 1
        finishes(gets(alice))
        fold_all()
        assert not Tally.objects.exists()

    def test_a_fold_that_is_cut_off_has_not_happened(self, photos: Queue) -> None:
        for number in range(4):
            a_case_comes_in(photos, category=f"OWN_{number}")
        before = told()
        with connection.execute_wrapper(dies_before_the_delete), pytest.raises(KeyboardInterrupt):
            tallies.fold_next()
        assert told() == before
        fold_all()
        assert told() == before == counted()


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_writers_and_two_folders_at_once(self, photos: Queue, alice: User, amina: User) -> None:
        lane = a_case_comes_in(photos).lane
        waiting_in(lane, count=30)

        def works(user: User) -> Callable[[], None]:
            def work() -> None:
                for number in range(8):
                    claim = claims.claim_next(subject=subject_of(user), at=T0 + number * SECOND, beating=True)
                    assert claim is not None
                    if number % 2:
                        desk.hand_back(**act(claim, T0 + number * SECOND))
                    else:
                        finishes(claim, at=T0 + number * SECOND)

            return work

        def folds() -> None:
            for _ in range(20):
                tallies.fold_next()

        results = at_once(works(alice), works(amina), folds, folds)
        assert [one for one in results if one is not None] == []
        assert told() == counted()
        fold_all()
        assert told() == counted() != {}

    def test_an_empty_tally_that_one_folder_drops_is_not_lost_to_the_other(self, photos: Queue) -> None:
        lane = a_case_comes_in(photos).lane
        fold_all()

        def comes_and_goes() -> None:
            for _ in range(10):
                case = uuid4()
                Job.objects.create(
                    lane=lane, case_ref=case, state="waiting", sort_key=0, medium="text", expected_seconds=9,
                    created_at=T0,
                )  # fmt: skip
                tallies.fold_next()
                Job.objects.filter(case_ref=case).update(state="ended")
                tallies.fold_next()

        results = at_once(comes_and_goes, comes_and_goes, comes_and_goes)
        assert results == [None] * 3
        fold_all()
        assert told() == counted()
