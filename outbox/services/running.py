"""Run what was promised: one thread per pool and connection, which ends cleanly and outlives a lost database.

Logged are kinds, ids and the names of errors; never arguments or messages, which may hold content.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from outbox.kinds import MOST_TOGETHER, NET, GiveUp, Handler, RetryAfter, Sweep
from outbox.selectors import next_due
from outbox.services.entries import Leased, fail, finish, finish_all, lease_next, release, renew

log = logging.getLogger("respite.outbox")

LEAST_NAP_SECONDS: Final = 0.05
"""After a look that found nothing, whatever was due: another may have it in hand this very moment."""
FIRST_BACK_OFF_SECONDS: Final = 0.25
TURN_SECONDS: Final = 5.0
"""How long one nudge keeps a process: what is due beyond that is another one's."""
RENEW_EVERY: Final = timedelta(seconds=10)
LONGEST_BACK_OFF_SECONDS: Final = 15.0
STEPS_IN_A_ROW: Final = 1_000
STILL: Final = 2 * NET
"""So long a sweep may leave out its walks while nobody commits anything. Who sits at a desk, or waits at one, says so twice
meanwhile: then nobody does.
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a runner takes from outside: the clock (aware, UTC), jitter in 0…1, when to stop, and what is rung."""

    clock: Callable[[], datetime]
    jitter: Callable[[], float]
    stop: threading.Event = field(default_factory=threading.Event)
    wake: threading.Condition = field(default_factory=threading.Condition)
    rung: Counter[str] = field(default_factory=Counter)

    def heard(self, names: Collection[str]) -> int:
        """Return how often these names were rung so far: to be asked before a look, and given to `nap` after it."""
        return sum(self.rung[name] for name in names)

    def nap(self, seconds: float, *, names: Collection[str], heard: int) -> None:
        """Wait until the time is over, one of *names* is rung beyond *heard*, or it is time to stop."""
        with self.wake:
            self.wake.wait_for(lambda: self.stop.is_set() or self.heard(names) != heard, seconds)

    def rouse(self, names: Collection[str]) -> None:
        """Wake every thread that naps until one of these names is rung."""
        with self.wake:
            self.rung.update(names)
            self.wake.notify_all()

    def end(self) -> None:
        """Ask every thread to stop after what it has in hand."""
        self.stop.set()
        self.rouse(())


class Part(Protocol):
    """What a thread of the background process does, again and again. ``names``: what is rung when it should look."""

    around: Surroundings

    @property
    def names(self) -> Collection[str]: ...

    def step(self) -> bool:
        """Do the next thing; say whether there may be more at once."""

    def rest(self) -> float:
        """Return for how many seconds there is nothing to do, as far as it knows: 0 where there is something."""

    def keep(self) -> None:
        """Hold on to what is in hand."""

    def give_back(self) -> None:
        """Let go of what is in hand."""


class Worker:
    """Runs the entries of one pool, one at a time, or together where their kind is set-based. Each kind is a name that is rung.

    ``in_hand``: what it was leased and has not settled. ``taken``: how many entries it was leased so far. ``lingers``: until
    when it looks for no more entries of a kind, because its last batch was not full (``Handler.linger``).
    """

    def __init__(self, *, handlers: Mapping[str, Handler], around: Surroundings) -> None:
        self.handlers = handlers
        self.around = around
        self.in_hand: list[Leased] = []
        self.taken = 0
        self.lingers: dict[str, datetime] = {}

    @property
    def names(self) -> Collection[str]:
        """The kinds that it looks for: by the rings of those it lingers for it is not woken meanwhile."""
        return self._wanted()

    def rest(self) -> float:
        """Return the seconds until an entry is due that it looks for, 0 where one is; the net at most, for a ring may be lost."""
        at = self.around.clock()
        self._end_lingering(at)
        moments, wanted = [*self.lingers.values(), at + NET], self._wanted()
        if wanted and (soonest := next_due(kinds=wanted, at=at)):
            moments.append(soonest)
        return seconds_between(at, min(moments))

    def step(self) -> bool:
        """Lease, run and settle the next entry, with what its kind runs together with it; say whether there was one."""
        at = self.around.clock()
        self._end_lingering(at)
        wanted = self._wanted()
        return bool(wanted) and self._take(lease_next(handlers=wanted, at=at))

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

    def _wanted(self) -> dict[str, Handler]:
        """Return the handlers of the pool but of those kinds for which it lingers."""
        return {kind: handler for kind, handler in self.handlers.items() if kind not in self.lingers}

    def _end_lingering(self, at: datetime) -> None:
        """Look again for what has gathered; a clock that went back must not keep a kind waiting."""
        for kind, until in tuple(self.lingers.items()):
            if not at < until <= at + self.handlers[kind].linger:
                del self.lingers[kind]

    def _linger(self, leased: list[Leased]) -> None:
        """Let entries gather where there were fewer than go together. What was attempted before came alone, and says nothing."""
        kind, work = leased[0].kind, leased[0].work
        if self.handlers[kind].linger and len(leased) < MOST_TOGETHER and work.attempt == 1:
            self.lingers[kind] = self.around.clock() + self.handlers[kind].linger

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
        self._linger(leased)
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
    """Walks sweeps at their intervals, each until its step finds nothing more; nothing is rung for it.

    Args:
        version: tells whether anybody committed anything: the same while nobody has. A sweep that found nothing walks
            again at its interval only where it has moved, else when `STILL` has passed: what only time brings, a lease
            that runs out, is never later than that. By itself it always moves.
    """

    names: Collection[str] = ()

    def __init__(
        self, *, sweeps: Sequence[Sweep], around: Surroundings, version: Callable[[], object] = object
    ) -> None:
        self.sweeps = sweeps
        self.around = around
        self.version = version
        self.due_at: dict[str, datetime] = {}
        self.idle_since: dict[str, tuple[datetime, object]] = {}

    def step(self) -> bool:
        """Walk every sweep whose interval has passed since it last began, or whose clock went back."""
        for sweep in self.sweeps:
            at = self.around.clock()
            due_at = self.due_at.get(sweep.name, at)
            if due_at <= at or due_at > at + sweep.every:
                self.due_at[sweep.name] = at + sweep.every
                self._walk(sweep, at)
        return False

    def rest(self) -> float:
        """Return the seconds until the next interval has passed."""
        at = self.around.clock()
        return seconds_between(
            at, min((self.due_at.get(sweep.name, at) for sweep in self.sweeps), default=at + NET)
        )

    def keep(self) -> None:
        """As `give_back`."""

    def give_back(self) -> None:
        """A sweep has nothing in hand: each of its steps is a transaction of its own."""

    def _walk(self, sweep: Sweep, at: datetime) -> None:
        """Sweep, unless nothing can be found: nobody committed anything since it last found nothing, a moment ago."""
        idle_since, seen = self.idle_since.pop(sweep.name, (at, None))
        # Before the walk: what is committed meanwhile is looked at by the next one.
        version = self.version() if sweep.every < NET else None
        if version is not None and version == seen and timedelta(0) <= at - idle_since < STILL:
            self.idle_since[sweep.name] = (idle_since, seen)
        elif not self._sweep(sweep):
            self.idle_since[sweep.name] = (at, version)

    def _sweep(self, sweep: Sweep) -> bool:
        """Walk one sweep to its end; say whether it found, or may find, anything."""
        try:
            for step in range(STEPS_IN_A_ROW):
                if self.around.stop.is_set() or not sweep.step(self.around.clock()):
                    return step > 0
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001 - one broken sweep must not stop the others
            log.error("sweep %s failed: %s", sweep.name, type(error).__name__)  # noqa: TRY400 - a traceback may hold content
        return True


def seconds_between(at: datetime, until: datetime) -> float:
    """Return how long a nap is from *at* to *until*: never longer than the net."""
    return min(max((until - at).total_seconds(), 0.0), NET.total_seconds())


def survive(part: Part) -> None:
    """Step *part* until it is time to stop, through outages of the database, on a connection of its own."""
    outages, is_busy = 0, False
    while not part.around.stop.is_set():
        # Before the look: what is rung while it looks is not slept through.
        names = frozenset(part.names)
        heard = part.around.heard(names)
        try:
            seconds = 0.0 if is_busy else part.rest()
            is_busy = not seconds and part.step()
        except Exception as error:  # noqa: BLE001 - a thread that died in silence would leave its pool undone
            outages, is_busy = outages + 1, False
            _back_off(part.around, outages, error)
            continue
        if outages:
            log.warning("the outbox goes on after %s failed tries", outages)
            outages = 0
        if not is_busy:
            part.around.nap(max(seconds, LEAST_NAP_SECONDS), names=names, heard=heard)
    connection.close()


def run_due(*, handlers: Mapping[str, Handler], around: Surroundings) -> int:
    """Run, on this thread, what is due by the clock, and what that promises for at once; return how many."""
    worker = Worker(handlers=handlers, around=around)
    while worker.step():
        worker.lingers.clear()  # nobody looks again
    return worker.taken


def run_pool(*, handlers: Mapping[str, Handler], around: Surroundings) -> bool:
    """Run on this thread what is due, for a few seconds, while another holds on to its leases; say whether more is due.

    Not longer, so that a process that is to end ends soon. It ends rather than lingers: what gathers has its own nudge.
    """
    worker = Worker(handlers=handlers, around=around)
    keeper = threading.Thread(target=_keep_until_the_end, args=(worker,), name="lease-keeper", daemon=True)
    keeper.start()
    ends_at = time.monotonic() + TURN_SECONDS
    try:
        while worker.step():
            if time.monotonic() >= ends_at:
                return not worker.rest()
        return False
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
    around.stop.wait(min(FIRST_BACK_OFF_SECONDS * 2**outages, LONGEST_BACK_OFF_SECONDS))
