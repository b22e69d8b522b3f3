"""Entries of a set-based kind: leased, run and done together; what fails or is left goes by itself.

Seen red without the fence in ``finish_all``, without the way back to one by one, without the one transaction, without SKIP
LOCKED (on PostgreSQL), and with what was attempted before leased together with what was not.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from outbox.kinds import MOST_TOGETHER, Handler, RetryAfter, Work
from outbox.models import OutboxEntry, OutboxState
from outbox.services import lease_next, promise_all
from outbox.services.entries import GRIP
from outbox.services.running import Worker, run_due, run_pool
from tests.cast import T0
from tests.outbox.steps import Clock, Diary, at_once, promised, quiet

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
WRITTEN = "written"


class Killed(BaseException):
    """What ends a process ends a test by: nobody catches it."""


class Scribe:
    """A set-based handler that writes a row for each entry, and beside it remembers which were together."""

    def __init__(self, *, poisoned: int = 0, left: int = 0, deadly: int = 0) -> None:
        self.poisoned, self.left, self.deadly = poisoned, left, deadly
        self.together: list[list[int]] = []
        self.alone: list[int] = []

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"note": Handler(run=self.run, run_all=self.run_all)}

    def run_all(self, works: Sequence[Work]) -> list[Work]:
        self.together.append([work.entry_id for work in works])
        for work in works:
            if work.entry_id != self.left:
                self._write(work)
        return [work for work in works if work.entry_id == self.left]

    def run(self, work: Work) -> None:
        self.alone.append(work.entry_id)
        with transaction.atomic():
            self._write(work)

    def _write(self, work: Work) -> None:
        promised(WRITTEN, of=work.entry_id)
        if work.entry_id == self.poisoned:
            raise ZeroDivisionError
        if work.entry_id == self.deadly:
            raise Killed


def written() -> Counter[int]:
    """For which entries rows were written, and how many."""
    return Counter(row.arguments["of"] for row in OutboxEntry.objects.filter(kind=WRITTEN))


def a_few(count: int = 5) -> list[int]:
    return [promised().pk for _ in range(count)]


def once(ids: Sequence[int]) -> Counter[int]:
    return Counter(ids)


def pending() -> list[int]:
    return list(
        OutboxEntry.objects.filter(kind="note", state=OutboxState.PENDING).values_list("id", flat=True)
    )


def numbers(worker: Worker, *, steps: int = 1) -> None:
    for _ in range(steps):
        assert worker.step()


class TestLeasing:
    def test_those_of_one_kind_are_leased_together_the_oldest_first(self) -> None:
        late, *others = [promised(at=T0 + SECOND).pk, *a_few(2)]
        promised("other")
        taken = lease_next(handlers={**Scribe().handlers, "other": Handler(run=Scribe().run)}, at=T0 + SECOND)
        assert [one.work.entry_id for one in taken] == [*others, late]
        assert {(one.work.attempt, one.work.fence) for one in taken} == {(1, 1)}
        assert not lease_next(handlers=Scribe().handlers, at=T0 + GRIP)

    def test_no_more_than_keep_nobody_waiting(self) -> None:
        promise_all(kind="note", arguments=[{}] * (MOST_TOGETHER + 1), at=T0)
        assert len(lease_next(handlers=Scribe().handlers, at=T0)) == MOST_TOGETHER
        assert len(lease_next(handlers=Scribe().handlers, at=T0)) == 1

    def test_what_is_not_due_or_in_another_s_hands_is_left_there(self) -> None:
        held = a_few(2)
        lease_next(handlers=Scribe().handlers, at=T0)
        free = promised()
        promised(at=T0 + SECOND)
        assert [one.work.entry_id for one in lease_next(handlers=Scribe().handlers, at=T0)] == [free.pk]
        assert pending()[:2] == held

    def test_another_kind_is_leased_one_by_one(self) -> None:
        a_few()
        assert len(lease_next(handlers={"note": Handler(run=Scribe().run)}, at=T0)) == 1

    def test_what_was_attempted_before_is_leased_alone(self) -> None:
        first, second = a_few(2)
        lease_next(handlers=Scribe().handlers, at=T0)
        fresh = promised(at=T0 + GRIP)
        order = [lease_next(handlers=Scribe().handlers, at=T0 + GRIP) for _ in range(3)]
        assert [[one.work.entry_id for one in taken] for taken in order] == [[first], [second], [fresh.pk]]

    def test_a_fresh_one_takes_none_with_it_that_was_attempted_before(self) -> None:
        before = a_few(1)
        lease_next(handlers=Scribe().handlers, at=T0)
        older = promised(at=T0 - SECOND)
        order = [lease_next(handlers=Scribe().handlers, at=T0 + GRIP) for _ in range(2)]
        assert [[one.work.entry_id for one in taken] for taken in order] == [[older.pk], before]


class TestRunning:
    def test_all_are_done_in_one_go(self) -> None:
        scribe, ids = Scribe(), a_few()
        assert run_due(handlers=scribe.handlers, around=quiet()) == 5
        assert (scribe.together, scribe.alone) == ([ids], [])
        assert written() == once(ids)
        assert pending() == []

    def test_a_nudge_runs_them_too(self) -> None:
        scribe, ids = Scribe(), a_few()
        assert not run_pool(handlers=scribe.handlers, around=quiet())
        assert pending() == []
        assert written() == once(ids)

    def test_a_poisoned_one_stops_none_of_its_neighbours(self) -> None:
        """Each goes by itself, and what they wrote together is taken back."""
        ids = a_few()
        scribe = Scribe(poisoned=ids[1])
        Worker(handlers=scribe.handlers, around=quiet()).step()
        assert scribe.alone == ids
        assert written() == once([one for one in ids if one != ids[1]])
        poisoned = OutboxEntry.objects.get(state=OutboxState.PENDING, kind="note")
        assert (poisoned.pk, poisoned.attempts, poisoned.lease_until) == (ids[1], 1, None)
        assert poisoned.run_after > T0

    def test_what_is_left_goes_by_itself(self) -> None:
        ids = a_few()
        scribe = Scribe(left=ids[3])
        Worker(handlers=scribe.handlers, around=quiet()).step()
        assert scribe.alone == [ids[3]]
        assert written() == once(ids)
        assert pending() == []

    def test_what_did_not_fit_is_run_together_after_it(self) -> None:
        scribe, ids = Scribe(), a_few(5)
        handlers = {
            "note": Handler(run=scribe.run, run_all=lambda works: [*scribe.run_all(works[:2]), *works[2:]])
        }
        Worker(handlers=handlers, around=quiet()).step()
        assert (scribe.together, scribe.alone) == ([ids[:2], ids[2:4]], [ids[4]])
        assert written() == once(ids)
        assert pending() == []

    def test_what_is_left_may_ask_for_another_time(self) -> None:
        def later(work: Work) -> None:
            raise RetryAfter(SECOND, "busy")

        (only,) = a_few(1)
        handlers = {"note": Handler(run=later, run_all=lambda works: works)}
        Worker(handlers=handlers, around=quiet()).step()
        entry = OutboxEntry.objects.get(pk=only)
        assert (entry.state, entry.run_after, entry.last_error) == (OutboxState.PENDING, T0 + SECOND, "busy")

    def test_a_deadly_one_takes_its_neighbours_with_it_only_once(self) -> None:
        ids = a_few()
        scribe, clock = Scribe(deadly=ids[1]), Clock()
        worker = Worker(handlers=scribe.handlers, around=quiet(clock))
        with pytest.raises(Killed):
            worker.step()
        assert written() == once([])
        clock.move(GRIP)
        assert worker.step()
        with pytest.raises(Killed):
            worker.step()
        numbers(worker, steps=3)
        assert written() == once([one for one in ids if one != ids[1]])
        assert pending() == [ids[1]]

    def test_a_worker_past_its_lease_changes_no_entry_of_another(self) -> None:
        ids, clock = a_few(3), Clock()

        def slow(works: Sequence[Work]) -> list[Work]:
            clock.move(GRIP)
            assert len(lease_next(handlers=Scribe().handlers, at=clock.at)) == 1
            return []

        Worker(handlers={"note": Handler(run=Scribe().run, run_all=slow)}, around=quiet(clock)).step()
        taken = OutboxEntry.objects.get(pk=ids[0])
        assert (taken.state, taken.fence, taken.lease_until) == (OutboxState.PENDING, 2, clock.at + GRIP)
        assert pending() == [ids[0]]

    def test_all_that_is_in_hand_is_held_on_to_and_given_back(self) -> None:
        a_few(3)
        clock = Clock()

        def long(works: Sequence[Work]) -> list[Work]:
            clock.move(timedelta(seconds=20))
            worker.keep()
            assert leases() == {(clock.at + GRIP, 1)}
            worker.give_back()
            assert leases() == {(None, 0)}
            raise Killed

        handlers = {"note": Handler(run=Scribe().run, run_all=long, lease=timedelta(minutes=5))}
        worker = Worker(handlers=handlers, around=quiet(clock))
        with pytest.raises(Killed):
            worker.step()


def leases() -> set[tuple[object, int]]:
    return set(OutboxEntry.objects.values_list("lease_until", "attempts"))


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_run_each_entry_once() -> None:
    ids = [entry.pk for entry in promise_all(kind="note", arguments=[{}] * 100, at=T0)]
    scribes = [Scribe() for _ in range(4)]
    counts = at_once(*(partial(run_due, handlers=one.handlers, around=quiet()) for one in scribes))
    assert sum(counts) == 100
    assert written() == once(ids)
    assert pending() == []


class TestLingering:
    """After a batch that was not full its kind is left to gather for a while.

    Seen red without the linger, without its end, with a linger after what was tried again, and where who is asked once lingers.
    """

    LINGER = timedelta(seconds=1)

    def worker(self, scribe: Scribe, clock: Clock, **others: Handler) -> Worker:
        (handler,) = scribe.handlers.values()
        handlers = {"note": replace(handler, linger=self.LINGER), **others}
        return Worker(handlers=handlers, around=quiet(clock))

    def test_the_first_waits_for_nothing_and_those_after_it_go_together(self) -> None:
        scribe, clock = Scribe(), Clock()
        worker, first = self.worker(scribe, clock), a_few(1)
        numbers(worker)
        later = a_few(2)
        assert not worker.step()
        assert worker.rest() == 1.0
        clock.move(self.LINGER)
        assert worker.rest() == 0.0
        numbers(worker)
        assert scribe.together == [first, later]

    def test_after_a_full_batch_it_goes_on_at_once(self) -> None:
        scribe = Scribe()
        promise_all(kind="note", arguments=[{}] * (MOST_TOGETHER + 1), at=T0)
        numbers(self.worker(scribe, Clock()), steps=2)
        assert [len(batch) for batch in scribe.together] == [MOST_TOGETHER, 1]

    def test_another_kind_waits_for_nothing_and_only_its_rings_wake(self) -> None:
        scribe, clock, diary = Scribe(), Clock(), Diary()
        worker = self.worker(scribe, clock, urgent=Handler(run=diary.run))
        a_few(1)
        numbers(worker)
        a_few(1)
        assert list(worker.names) == ["urgent"]
        urgent = promised("urgent")
        assert worker.rest() == 0.0
        numbers(worker)
        assert diary.entry_ids == [urgent.pk]

    def test_what_is_tried_again_by_itself_lets_nothing_wait(self) -> None:
        scribe, clock = Scribe(), Clock()
        a_few(1)
        lease_next(handlers=scribe.handlers, at=T0)
        fresh = [promised(at=T0 + GRIP).pk]
        clock.move(GRIP)
        numbers(self.worker(scribe, clock), steps=2)
        assert scribe.together == [fresh]

    def test_a_clock_that_goes_back_keeps_nothing_waiting(self) -> None:
        scribe, clock = Scribe(), Clock()
        worker = self.worker(scribe, clock)
        a_few(1)
        numbers(worker)
        clock.move(-2 * SECOND)
        promised(at=clock.at)
        numbers(worker)

    def test_a_nudge_ends_rather_than_lingers_and_the_next_one_finds_what_gathered(self) -> None:
        scribe = Scribe()
        handlers = dict(self.worker(scribe, Clock()).handlers)
        a_few(1)
        assert not run_pool(handlers=handlers, around=quiet())
        later = a_few(2)
        assert not run_pool(handlers=handlers, around=quiet())
        assert scribe.together[1:] == [later]

    def test_who_is_asked_once_leaves_nothing_that_is_due(self) -> None:
        scribe = Scribe()
        (handler,) = scribe.handlers.values()

        def promises_one(_works: Sequence[Work]) -> list[Work]:
            if not scribe.together:
                a_few(1)
            return scribe.run_all(_works)

        a_few(1)
        handlers = {"note": replace(handler, run_all=promises_one, linger=self.LINGER)}
        assert run_due(handlers=handlers, around=quiet()) == 2
