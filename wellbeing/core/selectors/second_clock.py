"""The clock beside the wall's: of the database where there is a server for it, else of this machine since it started."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import connection

from wellbeing.core.rules.clock import DATABASE, Second

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
WALL = "wall"


def read(database_ms: int, *, at: datetime) -> Second:
    """Return what the second clock says. *database_ms*: what the database said under the lock (``{now_ms}``)."""
    return _source(database_ms, at)


def of_this_installation(database_ms: int, _at: datetime) -> Second:
    """Return the clock that nobody sets by hand: the database server's, else this machine's since it started."""
    if connection.vendor == "postgresql":
        return Second(DATABASE, database_ms)
    return Second(_boot(), time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000)


def _of_the_wall(_database_ms: int, at: datetime) -> Second:
    return Second(WALL, max(int(at.timestamp() * 1000), 0))


Source = Callable[[int, datetime], Second]
_source: Source = of_this_installation


@contextmanager
def told_by(source: Source) -> Iterator[None]:
    """Let the second clock be another one, in all threads of this process."""
    global _source  # noqa: PLW0603 - one clock for all threads of a process
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before


def told_by_the_wall() -> AbstractContextManager[None]:
    """Let the second clock say what the first one does, where time is an argument alone: a simulation, a test."""
    return told_by(_of_the_wall)


@cache
def _boot() -> str:
    """Return which start of the machine this is; where that is hidden, a start anew only ever shortens an absence."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return "this machine"
