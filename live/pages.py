"""Brings change numbers to the pages connected to this process.

While an event loop has pages, one ear listens for all of them on the channel layer, and hands each number to the pages of
its group: a page of its own on the layer would cost a subscription and a message for every one of them.
The in-memory channel layer does not cross processes, so beside it a task watches the database for what others committed:
on SQLite ``PRAGMA data_version``, which moves when another connection has committed; on PostgreSQL the ``Rev`` rows
themselves. With a layer that crosses processes nothing is watched.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol
from weakref import WeakKeyDictionary

from channels.layers import BaseChannelLayer, get_channel_layer
from django.db import DatabaseError, connection

from live.events import EARS, crosses_processes
from live.models import Rev

log = logging.getLogger("respite.live")

LOOK_EVERY_SECONDS = 0.2
DEAF_SECONDS = 1.0
"""After a message that could not be read, so that a stream of them does not keep the process busy."""


class Page(Protocol):
    """What is connected here."""

    async def hear(self, number: int) -> None:
        """Take a change number of the group; raises nothing."""


class Pages:
    """The pages of one event loop, by group, and what serves them from the first page to the last."""

    def __init__(self) -> None:
        self._of: dict[str, set[Page]] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._changing = asyncio.Lock()
        self._ear = Ear(self)
        self.watcher = RevWatcher(self)

    @property
    def groups(self) -> Iterable[str]:
        """The groups that have a page."""
        return self._of.keys()

    async def add(self, group: str, page: Page) -> None:
        """Add a page; from here on it hears. The first one starts what serves them all.

        Raises:
            RedisError, OSError: what the layer raises when its server is gone; the page is not added.
        """
        async with self._changing:
            await self._ear.listen()
            self._of.setdefault(group, set()).add(page)
            if not crosses_processes():
                self.watcher.start()

    async def remove(self, group: str, page: Page) -> None:
        """Take a page away, once or again; the last one ends what serves them."""
        async with self._changing:
            if group in self._of:
                self._of[group].discard(page)
                if not self._of[group]:
                    del self._of[group]
            if not self._of:
                await self.watcher.stop()
                await self._ear.stop()

    def tell(self, numbers: Mapping[str, int]) -> None:
        """Begin to tell the pages of these groups, all at the same moment: what each of them asks is asked once."""
        for group in numbers.keys() & self._of.keys():
            for page in self._of[group]:
                task = asyncio.create_task(page.hear(numbers[group]))
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)


class Ear:
    """Listens on the channel layer for all pages of an event loop."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._channel = ""
        self._task: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        """Begin, and stay, in the group of all ears: the layer in memory forgets who joined a day ago."""
        layer = get_channel_layer()
        if layer is None:
            return
        self._channel = self._channel or await layer.new_channel()
        await layer.group_add(EARS, self._channel)
        if self._task is None:
            self._task = asyncio.create_task(self._run(layer, self._channel), name="ear")

    async def stop(self) -> None:
        """End; the layer forgets the channel."""
        task, self._task = self._task, None
        channel, self._channel = self._channel, ""
        layer = get_channel_layer()
        try:
            if layer is not None and channel:
                await layer.group_discard(EARS, channel)
        finally:
            await cancelled(task)

    async def _run(self, layer: BaseChannelLayer, channel: str) -> None:
        while True:
            try:
                message = await layer.receive(channel)
                self._pages.tell(message["numbers"])
            except Exception as error:  # noqa: BLE001 - one message that nobody can read must not make every page deaf
                log.warning("change numbers could not be read (%s)", type(error).__name__)
                await asyncio.sleep(DEAF_SECONDS)


class RevWatcher:
    """Watches the change numbers of the groups that have a page here."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._seen: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Say whether the task runs."""
        return self._task is not None and not self._task.done()

    def has_seen(self, groups: Iterable[str]) -> bool:
        """Say whether a look has found out the numbers of all these groups, so that the next one tells a change."""
        return self._seen.keys() >= set(groups)

    def start(self) -> None:
        """Start the task unless it runs."""
        if not self.is_running:
            self._task = asyncio.create_task(self._run(), name="rev-watcher")

    async def stop(self) -> None:
        """Stop the task; it closes its connection."""
        task, self._task = self._task, None
        await cancelled(task)
        self._seen = {}

    async def _run(self) -> None:
        """Look again and again, on one thread of its own: ``data_version`` belongs to a connection."""
        loop, version = asyncio.get_running_loop(), -1
        with ThreadPoolExecutor(1, thread_name_prefix="rev-watcher") as pool:
            try:
                while True:
                    try:
                        version = await self._look(pool, version)
                    except DatabaseError:
                        log.warning("the change numbers could not be read; trying again")
                    await asyncio.sleep(LOOK_EVERY_SECONDS)
            finally:
                await loop.run_in_executor(pool, close)

    async def _look(self, pool: ThreadPoolExecutor, version: int) -> int:
        loop, groups = asyncio.get_running_loop(), list(self._pages.groups)
        known = version if self.has_seen(groups) else -1
        version, numbers = await loop.run_in_executor(pool, read, groups, known)
        self._tell(numbers)
        return version

    def _tell(self, numbers: Mapping[str, int]) -> None:
        """Tell the pages of each group whose number moved; a page that has just come has read its state itself."""
        moved = {
            group: number for group, number in numbers.items() if self._seen.get(group, number) != number
        }
        gone = self._seen.keys() - self._pages.groups
        self._seen.update(numbers)
        for group in gone:
            del self._seen[group]
        self._pages.tell(moved)


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


async def cancelled(task: "asyncio.Task[None] | None") -> None:
    """Cancel a task and wait until it has ended."""
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


_pages: WeakKeyDictionary[asyncio.AbstractEventLoop, Pages] = WeakKeyDictionary()


def pages_here() -> Pages:
    """Return the pages of the running event loop."""
    return _pages.setdefault(asyncio.get_running_loop(), Pages())
