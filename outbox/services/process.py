"""A process that runs workers and sweepers until it is told to stop: what is in hand is finished, or given back."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from types import FrameType
from typing import Final

from django.db import DatabaseError, connection

from outbox.kinds import Handler, Sweep
from outbox.selectors import version_of_database
from outbox.services.running import RENEW_EVERY, Part, Surroundings, Sweeper, Worker, survive

log = logging.getLogger("respite.outbox")

# How many entries of a pool run at once; one where it is not named here.
THREADS: Final = {"webhooks": 3}
SECONDS_TO_FINISH: Final = 20.0
LOOK_SECONDS: Final = 0.25
"""How long a signal may wait until it is noticed."""

Listen = Callable[[Callable[[Collection[str]], None], Collection[str]], None]
"""Begins to hand to its first argument what is rung of these names, from a thread of its own; it raises nothing."""


class Ending:
    """Whether a signal asked to end. A plain flag: a lock, as in an Event, could be held by whom the signal interrupts."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self, _signum: int, _frame: FrameType | None) -> None:
        """Be the signal handler."""
        self.asked = True


def workers_of(
    handlers: Mapping[str, Handler], around: Surroundings, *, kind: type[Worker] = Worker
) -> list[Worker]:
    """Return the workers, of this class, each of which gets a thread: none waits for another's pool."""
    workers: list[Worker] = []
    for pool in sorted({handler.pool for handler in handlers.values()}):
        of_pool = {name: handler for name, handler in handlers.items() if handler.pool == pool}
        workers += [kind(handlers=of_pool, around=around) for _ in range(THREADS.get(pool, 1))]
    return workers


def sweepers_of(sweeps: Sequence[Sweep], around: Surroundings) -> list[Sweeper]:
    """Return the sweepers, a thread for each pool of sweeps."""
    return [
        Sweeper(
            sweeps=[sweep for sweep in sweeps if sweep.pool == pool],
            around=around,
            version=version_of_database,
        )
        for pool in sorted({sweep.pool for sweep in sweeps})
    ]


def parts_of(handlers: Mapping[str, Handler], sweeps: Sequence[Sweep], around: Surroundings) -> list[Part]:
    """Return workers and sweepers: all that background work needs in one process."""
    return [*workers_of(handlers, around), *sweepers_of(sweeps, around)]


def run(parts: Sequence[Part], around: Surroundings, ending: Ending, listen: Listen | None = None) -> None:
    """Run every part in its thread until *ending* is asked for, then wait for what is in hand, or give it back.

    *listen*: how the parts are told that somebody promised something; without it they look every few seconds.
    """
    threads = [threading.Thread(target=survive, args=(part,), daemon=True) for part in parts]
    if listen is not None:
        listen(around.rouse, {name for part in parts for name in part.names})
    for thread in threads:
        thread.start()
    log.info("the outbox runs with %s threads", len(threads))
    _watch(parts, ending)
    around.end()
    give_up_at = time.monotonic() + SECONDS_TO_FINISH
    for thread in threads:
        thread.join(max(0.0, give_up_at - time.monotonic()))
    for part, thread in zip(parts, threads, strict=True):
        if thread.is_alive():
            _try(part.give_back)
    log.info("the outbox has ended")


def _watch(parts: Sequence[Part], ending: Ending) -> None:
    """Wait for the end; meanwhile hold on to what takes long."""
    renew_at = time.monotonic() + RENEW_EVERY.total_seconds()
    while not ending.asked:
        time.sleep(LOOK_SECONDS)
        if time.monotonic() >= renew_at:
            renew_at += RENEW_EVERY.total_seconds()
            for part in parts:
                _try(part.keep)


def _try(act: Callable[[], None]) -> None:
    try:
        act()
    except DatabaseError as error:
        log.warning("a lease in hand could not be changed (%s)", type(error).__name__)
        connection.close()
