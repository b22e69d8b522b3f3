"""What a promise is made of: its work, its handler, and what a handler may say instead of 'done'."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

NET: Final = timedelta(seconds=5)
"""Who sleeps until told looks all the same after so long: a nudge may be lost."""
DEFAULT_GAPS: Final = (
    timedelta(seconds=2),
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
MOST_TOGETHER: Final = 40
"""How many entries at most share a transaction: long enough to cost little each, short enough to keep nobody waiting."""


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt at one entry. *attempt* counts from 1; *fence* is this lease's own number."""

    entry_id: int
    arguments: dict[str, Any]
    attempt: int
    at: datetime
    fence: int


@dataclass(frozen=True, slots=True)
class Handler:
    """How the entries of one kind are run.

    *run* must bear being run twice: a worker may die after its work and before it says so. *gaps* are
    the pauses after each failed attempt, so there are ``len(gaps) + 1`` attempts. *lease* is the longest
    that *run* may take; its worker holds it in short renewals, so what a killed worker had in hand is
    soon taken up by another. *exhausted* is called in the transaction that quarantines an
    entry. Entries of one *pool* share threads, so that slow work delays only its own kind.

    *run_all* makes a kind set-based: it does the first attempts at up to ``MOST_TOGETHER`` entries, which were leased
    together and so share their ``at``, in the transaction of its caller, and returns those that it leaves alone. It is given
    these again while it gets some of them done; then they go by themselves through *run*. So does each of them where it
    raises: what is poisoned stops none of its neighbours.

    *linger*: so long after a batch of a set-based kind that was not full nobody looks for the next one, and who promises
    such entries rings no more often: so batches fill, and what is alone waits for nothing. Not for what is urgent.
    """

    run: Callable[[Work], None]
    run_all: "Callable[[Sequence[Work]], Collection[Work]] | None" = None
    linger: timedelta = timedelta(0)
    gaps: tuple[timedelta, ...] = DEFAULT_GAPS
    lease: timedelta = timedelta(minutes=1)
    exhausted: Callable[[Work], None] | None = None
    pool: str = "main"

    @property
    def attempts(self) -> int:
        """How often an entry is tried at most."""
        return len(self.gaps) + 1


@dataclass(frozen=True, slots=True)
class Sweep:
    """A step that handles one row, or a few, and says how many there were, walked every so often until there is none."""

    name: str
    every: timedelta
    step: Callable[[datetime], int]
    pool: str = "sweep"


class RetryAfter(Exception):
    """An expected failure: try again after this delay, or after the kind's own gap where it is None.

    It counts as an attempt. *reason* is kept in the entry: a code or a few words, never content.
    """

    def __init__(self, delay: timedelta | None, reason: str = "") -> None:
        super().__init__(reason)
        self.delay = delay
        self.reason = reason


class GiveUp(Exception):
    """No further attempt can help: the entry is quarantined. *reason* as in `RetryAfter`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
