"""The background process: threads for each pool of handlers and of sweeps, until SIGTERM or Ctrl-C."""

import logging
import random
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from types import FrameType
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection
from django.utils.module_loading import import_string

from outbox.kinds import Handler, Sweep
from outbox.services.running import RENEW_EVERY, Surroundings, Sweeper, Worker, run_due, survive

log = logging.getLogger("respite.outbox")

# How many entries of a pool run at once; one where it is not named here.
THREADS: Final = {"webhooks": 3}
SECONDS_TO_FINISH: Final = 20.0


class Command(BaseCommand):
    help = (
        "Run background work and sweeps until SIGTERM; what is in hand is finished, or given back after 20 s."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="run what is due now, without sweeps, and end"
        )

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        handlers: dict[str, Handler] = import_string(settings.OUTBOX_HANDLERS)
        sweeps: tuple[Sweep, ...] = import_string(settings.OUTBOX_SWEEPS)
        around = Surroundings(clock=partial(datetime.now, UTC), jitter=random.SystemRandom().random)
        if once:
            self.stdout.write(str(run_due(handlers=handlers, around=around)))
            return
        ending = Ending()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, ending.ask)
        run(parts_of(handlers, sweeps, around), around, ending)


class Ending:
    """Whether a signal asked to end. A plain flag: a lock, as in an Event, could be held by whom the signal interrupts."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self, signum: int, frame: FrameType | None) -> None:
        """Be the signal handler."""
        self.asked = True


def parts_of(
    handlers: Mapping[str, Handler], sweeps: Sequence[Sweep], around: Surroundings
) -> list[Worker | Sweeper]:
    """Return the workers and sweepers, each of which gets a thread: none waits for another's pool."""
    parts: list[Worker | Sweeper] = []
    for pool in sorted({handler.pool for handler in handlers.values()}):
        of_pool = {kind: handler for kind, handler in handlers.items() if handler.pool == pool}
        parts += [Worker(handlers=of_pool, around=around) for _ in range(THREADS.get(pool, 1))]
    for pool in sorted({sweep.pool for sweep in sweeps}):
        parts.append(Sweeper(sweeps=[sweep for sweep in sweeps if sweep.pool == pool], around=around))
    return parts


def run(parts: Sequence[Worker | Sweeper], around: Surroundings, ending: Ending) -> None:
    """Run every part in its thread until *ending* is asked for, then wait for what is in hand, or give it back."""
    threads = [threading.Thread(target=survive, args=(part,), daemon=True) for part in parts]
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


def _watch(parts: Sequence[Worker | Sweeper], ending: Ending) -> None:
    """Wait for the end; meanwhile hold on to what takes long."""
    renew_at = time.monotonic() + RENEW_EVERY.total_seconds()
    while not ending.asked:
        time.sleep(0.1)
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
