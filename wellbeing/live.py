"""Brings change numbers that other processes committed to the pages connected to this one.

The in-memory channel layer does not cross processes, so one task per event loop watches the database while
pages are connected: on SQLite ``PRAGMA data_version``, which moves when another connection has committed; on
PostgreSQL the ``Rev`` rows themselves, every half second. With a layer that crosses processes nothing runs.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.db import DatabaseError, connection

from wellbeing.events import crosses_processes, message
from wellbeing.models import Rev

log = logging.getLogger("respite.wellbeing")

SQLITE_EVERY_SECONDS = 0.2
POSTGRES_EVERY_SECONDS = 0.5


class RevWatcher:
    """Watches the change numbers of the groups that have a page here, from the first page to the last."""

    def __init__(self) -> None:
        self._pages: Counter[str] = Counter()
        self._told: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Say whether the task runs."""
        return self._task is not None and not self._task.done()

    def connect(self, group: str) -> None:
        """Add a page of this group."""
        self._pages[group] += 1
        if not self.is_running:
            self._task = asyncio.create_task(self._run(), name="rev-watcher")

    async def disconnect(self, group: str) -> None:
        """Take a page of this group away; the last one stops the task and closes its connection."""
        self._pages[group] -= 1
        if self._pages[group] <= 0:
            del self._pages[group]
            self._told.pop(group, None)
        if self._pages or self._task is None:
            return
        task, self._task = self._task, None
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _run(self) -> None:
        """Look again and again, on one thread of its own: ``data_version`` belongs to a connection."""
        loop, seen = asyncio.get_running_loop(), -1
        with ThreadPoolExecutor(1, thread_name_prefix="rev-watcher") as pool:
            try:
                while True:
                    try:
                        seen = await self._look(pool, seen)
                    except DatabaseError:
                        log.warning("the change numbers could not be read; trying again")
                    await asyncio.sleep(every_seconds())
            finally:
                await loop.run_in_executor(pool, close)

    async def _look(self, pool: ThreadPoolExecutor, seen: int) -> int:
        loop, groups = asyncio.get_running_loop(), list(self._pages)
        is_new_page = not self._told.keys() >= set(groups)
        version, numbers = await loop.run_in_executor(pool, read, groups, -1 if is_new_page else seen)
        await self._tell(numbers)
        return version

    async def _tell(self, numbers: Mapping[str, int]) -> None:
        """Tell the pages of each group whose number moved; a page that has just come has read its state itself."""
        layer = get_channel_layer()
        for group, number in numbers.items():
            before = self._told.get(group)
            self._told[group] = number
            if layer is not None and before is not None and before != number:
                await layer.group_send(group, message(number))


def read(groups: list[str], seen: int) -> tuple[int, dict[str, int]]:
    """Return the database's version and the numbers of *groups*, none when nothing was committed since *seen*.

    On PostgreSQL the version is always 0 and never *seen*.
    """
    version = 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version = cursor.fetchone()[0]
        if version == seen:
            return version, {}
    found = dict(Rev.objects.filter(group__in=groups).values_list("group", "number"))
    if connection.vendor != "sqlite":
        connection.close_if_unusable_or_obsolete()
    return version, {group: found.get(group, 0) for group in groups}


def close() -> None:
    """Close the connection of the thread that calls, which is the only one that may."""
    connection.close()


def every_seconds() -> float:
    """Return the pause between two looks."""
    return SQLITE_EVERY_SECONDS if connection.vendor == "sqlite" else POSTGRES_EVERY_SECONDS


_watchers: WeakKeyDictionary[asyncio.AbstractEventLoop, RevWatcher] = WeakKeyDictionary()


def watcher() -> RevWatcher:
    """Return the watcher of the running event loop."""
    return _watchers.setdefault(asyncio.get_running_loop(), RevWatcher())


async def watch(group: str) -> None:
    """Begin to watch a group for a connected page; the first one in a process starts the watcher."""
    if not crosses_processes():
        watcher().connect(group)


async def unwatch(group: str) -> None:
    """Stop for one page; the watcher ends with the last."""
    if not crosses_processes():
        await watcher().disconnect(group)
