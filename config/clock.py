"""Whether this process's clock may be believed: in a cluster it is compared with the database's.

A process that is seconds away would end breaks and leases early, or keep them too long, for everybody whom it serves.
So it serves nothing, says so in one line, and goes on by itself once both agree. On SQLite there is one machine, and
one clock.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from django.db import DatabaseError, connection

log = logging.getLogger("respite.clock")

ASTRAY_SECONDS: Final = 2.0
"""Less than half a beat. Clocks that are set by the network differ by milliseconds; a machine that slept, by minutes."""
COMPARE_SECONDS: Final = 5.0
WAIT_SECONDS: Final = 1.0
JUMP_SECONDS: Final = 0.5
"""When the wall moved so much more or less than the time that passed, it is compared at once."""


class ClockAstray(Exception):
    """This process's clock is seconds away from the database's; it serves nothing until both agree."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One comparison: ``ahead`` of the database, give or take ``unsure``, in seconds; when, by both own clocks."""

    ahead: float
    unsure: float
    wall: float
    steady: float

    @property
    def is_astray(self) -> bool:
        """Say whether the clocks differ for certain."""
        return abs(self.ahead) - self.unsure > ASTRAY_SECONDS

    def holds(self, *, wall: float, steady: float) -> bool:
        """Say whether nothing can have changed since: not long ago, and the wall has gone on as time has."""
        passed = steady - self.steady
        return passed < COMPARE_SECONDS and abs(wall - self.wall - passed) < JUMP_SECONDS


@dataclass
class Comparison:
    """Compares two clocks, seldom; ``ask`` returns the other one's time in seconds of the epoch.

    ``wall`` and ``steady`` are this process's own: what it would write, and one that never jumps.
    """

    ask: Callable[[], float]
    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    lock: threading.Lock = field(default_factory=threading.Lock)
    last: Reading | None = None
    unanswered_at: float | None = None

    def insist(self) -> None:
        """Return where the clocks agree, and where nobody can say: without its database a process does nothing anyhow.

        Raises:
            ClockAstray: they do not agree.
        """
        # Not for ever: a comparison that hangs, hangs with the database, which whoever asks next will notice.
        if self.lock.acquire(timeout=WAIT_SECONDS):
            try:
                self._look()
            finally:
                self.lock.release()
        if self.last is not None and self.last.is_astray:
            raise ClockAstray

    def _look(self) -> None:
        last, now = self.last, self.steady()
        if self.unanswered_at is not None and now - self.unanswered_at < COMPARE_SECONDS:
            return
        if last is not None and not last.is_astray and last.holds(wall=self.wall(), steady=now):
            return
        try:
            self.last, self.unanswered_at = self._compare(last), None
        except DatabaseError:
            self.unanswered_at = self.steady()

    def _compare(self, before: Reading | None) -> Reading:
        begun = self.wall()
        theirs = self.ask()
        ended = self.wall()
        unsure = abs(ended - begun) / 2
        found = Reading((begun + ended) / 2 - theirs, unsure, ended, self.steady())
        self._say(found, was_astray=before is not None and before.is_astray)
        return found

    def _say(self, found: Reading, *, was_astray: bool) -> None:
        if found.is_astray and not was_astray:
            log.error(
                "This process's clock is %.0f s %s the database's. It serves nothing until both agree.",
                abs(found.ahead),
                "ahead of" if found.ahead > 0 else "behind",
            )
        elif was_astray and not found.is_astray:
            log.warning("This process's clock agrees with the database's again.")


def ask_database() -> float:
    """Return the database's clock, in seconds of the epoch; not the transaction's, which stands still."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        return float(cursor.fetchone()[0])


comparison = Comparison(ask_database)


def insist() -> None:
    """Return where this process's clock may be believed.

    Raises:
        ClockAstray: it is seconds away from the database's.
    """
    if connection.vendor != "sqlite":
        comparison.insist()


def now() -> datetime:
    """Return the time for work that binds others.

    Raises:
        ClockAstray: nobody here knows it.
    """
    insist()
    return datetime.now(UTC)
