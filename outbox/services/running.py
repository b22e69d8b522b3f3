"""Run what was promised: one thread per pool and connection, which ends cleanly and outlives a lost database.

Logged are kinds, ids and the names of errors; never arguments or messages, which may hold content.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from outbox.kinds import GiveUp, Handler, RetryAfter, Sweep
from outbox.services.entries import Leased, fail, finish, finish_all, lease_entry, lease_next, release, renew

log = logging.getLogger("respite.outbox")

POLL_SECONDS: Final = 0.25
RENEW_EVERY: Final = timedelta(seconds=10)
LONGEST_BACK_OFF_SECONDS: Final = 15.0
STEPS_IN_A_ROW: Final = 1_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a runner takes from outside: the clock (aware, UTC), jitter in 0…1, and when to stop."""

    clock: Callable[[], datetime]
    jitter: Callable[[], float]
    stop: threading.Event = field(default_factory=threading.Event)
    wake: threading.Condition = field(default_factory=threading.Condition)

    def nap(self, seconds: float) -> None:
        """Wait until the time is over, somebody promised something, or it is time to stop."""
        with self.wake:
            if not self.stop.is_set():
                self.wake.wait(seconds)

    def rouse(self) -> None:
        """Wake every thread that naps."""
        with self.wake:
            self.wake.notify_all()

    def end(self) -> None:
        """Ask every thread to stop after what it has in hand."""
        self.stop.set()
        self.rouse()


class Worker:
    """Runs the entries of one pool, one at a time, or together where their kind is set-based.

    ``in_hand``: what it was leased and has not settled. ``taken``: how many entries it was leased so far.
    """

    def __init__(self, *, handlers: Mapping[str, Handler], around: Surroundings) -> None:
        self.handlers = handlers
        self.around = around
        self.in_hand: list[Leased] = []
        self.taken = 0

    def step(self) -> bool:
        """Lease, run and settle the next entry, with what its kind runs together with it; say whether there was one."""
        return self._take(lease_next(handlers=self.handlers, at=self.around.clock()))

    def step_on(self, entry_id: int) -> bool:
        """Do the same with this entry; say whether it was still to be done."""
        return self._take(lease_entry(entry_id=entry_id, handlers=self.handlers, at=self.around.clock()))

    def keep(self) -> None:
        """Renew the lease of what is still in hand. Called by another thread than the one that works."""
        at = self.around.clock()
        for leased in tuple(self.in_hand):
            if at - leased.work.at >= RENEW_EVERY:
                renew(leased=leased, handler=self.handlers[leased.kind], at=at)

    def give_back(self) -> None:
        """Release what is still in hand: the process ends before the work does."""
        for leased in tuple(self.in_hand):
            if release(leased=leased):
                log.warning("%s %s was given back", leased.kind, leased.work.entry_id)

    def _take(self, leased: list[Leased]) -> bool:
        if not leased:
            return False
        self.in_hand, self.taken = leased, self.taken + len(leased)
        try:
            left, before = self._run_together(leased), len(leased)
            while 1 < len(left) < before:
                left, before = self._run_together(left), len(left)
            for one in left:
                self._run(one)
                self.in_hand = self.in_hand[1:]
        finally:
            self.in_hand = []
        self.around.rouse()
        return True

    def _run_together(self, leased: list[Leased]) -> list[Leased]:
        """Run and settle in one transaction what can be; return what is left, which is all of it where that fails."""
        run_all = self.handlers[leased[0].kind].run_all
        if run_all is None or leased[0].work.attempt > 1:
            return leased
        try:
            with transaction.atomic():
                left = {work.entry_id for work in run_all([one.work for one in leased])}
                done = [one for one in leased if one.work.entry_id not in left]
                held = finish_all(leased=done, at=self.around.clock())
        except Exception as error:  # noqa: BLE001 - whatever one of them raises, the others are done all the same
            log.warning("%s of %s failed together: %s", len(leased), leased[0].kind, type(error).__name__)
            _let_go_if_lost(error)
            return leased
        if held < len(done):
            log.warning("%s of %s ended past their lease", len(done) - held, leased[0].kind)
        self.in_hand = [one for one in leased if one.work.entry_id in left]
        return self.in_hand

    def _run(self, leased: Leased) -> None:
        try:
            self.handlers[leased.kind].run(leased.work)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises pushes its entry forward in time
            self._failed(leased, error)
            return
        if not finish(leased=leased, at=self.around.clock()):
            log.warning("%s %s ended past its lease", leased.kind, leased.work.entry_id)

    def _failed(self, leased: Leased, error: Exception) -> None:
        level = logging.INFO if isinstance(error, RetryAfter | GiveUp) else logging.ERROR
        kind, work, name = leased.kind, leased.work, type(error).__name__
        log.log(level, "%s %s attempt %s failed: %s", kind, work.entry_id, work.attempt, name)
        _let_go_if_lost(error)
        jitter, at = self.around.jitter(), self.around.clock()
        fail(leased=leased, handler=self.handlers[kind], error=error, jitter=jitter, at=at)


class Sweeper:
    """Walks sweeps at their intervals, each until its step finds nothing more."""

    def __init__(self, *, sweeps: Sequence[Sweep], around: Surroundings) -> None:
        self.sweeps = sweeps
        self.around = around
        self.due_at: dict[str, datetime] = {}

    def step(self) -> bool:
        """Walk every sweep whose interval has passed since it last began, or whose clock went back."""
        for sweep in self.sweeps:
            at = self.around.clock()
            due_at = self.due_at.get(sweep.name, at)
            if due_at <= at or due_at > at + sweep.every:
                self.due_at[sweep.name] = at + sweep.every
                self._sweep(sweep)
        return False

    def keep(self) -> None:
        """As `give_back`."""

    def give_back(self) -> None:
        """A sweep has nothing in hand: each of its steps is a transaction of its own."""

    def _sweep(self, sweep: Sweep) -> None:
        try:
            for _ in range(STEPS_IN_A_ROW):
                if self.around.stop.is_set() or not sweep.step(self.around.clock()):
                    return
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - one broken sweep must not stop the others
            log.error("sweep %s failed: %s", sweep.name, type(error).__name__)  # noqa: TRY400 - a traceback may hold content


def survive(part: Worker | Sweeper) -> None:
    """Step *part* until it is time to stop, through outages of the database, on a connection of its own."""
    outages = 0
    while not part.around.stop.is_set():
        try:
            busy = part.step()
        except Exception as error:  # noqa: BLE001 - a thread that died in silence would leave its pool undone
            outages += 1
            _back_off(part.around, outages, error)
            continue
        if outages:
            log.warning("the outbox goes on after %s failed tries", outages)
            outages = 0
        if not busy:
            part.around.nap(POLL_SECONDS)
    connection.close()


def run_due(*, handlers: Mapping[str, Handler], around: Surroundings) -> int:
    """Run, on this thread, what is due by the clock, and what that promises for at once; return how many."""
    worker = Worker(handlers=handlers, around=around)
    while worker.step():
        pass
    return worker.taken


def run_entry(*, entry_id: int, handlers: Mapping[str, Handler], around: Surroundings) -> bool:
    """Run this entry on this thread, with what its kind runs together with it, while another thread holds on to the lease.

    Says whether it was still to be done.
    """
    worker = Worker(handlers=handlers, around=around)
    keeper = threading.Thread(target=_keep_until_the_end, args=(worker,), name="lease-keeper", daemon=True)
    keeper.start()
    try:
        return worker.step_on(entry_id)
    finally:
        around.end()
        keeper.join()


def _keep_until_the_end(worker: Worker) -> None:
    """Renew what is in hand every so often. What cannot be renewed runs out, and another worker takes it up."""
    while not worker.around.stop.wait(RENEW_EVERY.total_seconds()):
        try:
            worker.keep()
        except DatabaseError as error:
            log.warning("a lease in hand could not be renewed (%s)", type(error).__name__)
            connection.close()
    connection.close()


def _let_go_if_lost(error: Exception) -> None:
    if isinstance(error, OperationalError | InterfaceError):
        connection.close()


def _back_off(around: Surroundings, outages: int, error: Exception) -> None:
    """Say once that the database is lost, then wait longer each time, at most 15 s."""
    if outages == 1:
        log.warning("the outbox cannot go on (%s); trying again", type(error).__name__)
    connection.close()
    around.stop.wait(min(POLL_SECONDS * 2**outages, LONGEST_BACK_OFF_SECONDS))
