"""Change numbers per person: 'something on your page is different now', never what."""

import asyncio
import atexit
import contextlib
import json
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import connection, transaction

from live.models import Rev

log = logging.getLogger("respite.live")


# One statement for one person or for a whole house; in one order, so that two of them cannot wait for each other.
RAISED: Final = """
INSERT INTO {table} ("group", number) SELECT value, 1 FROM {each}(%s) WHERE true ORDER BY value
ON CONFLICT ("group") DO UPDATE SET number = {table}.number + 1
RETURNING "group", number
"""
EACH: Final = {"postgresql": "json_array_elements_text", "sqlite": "json_each"}
"""What yields the ``value`` of each text of a list."""


EARS: Final = "ears"
"""The channel layer's group of all processes that have pages (``live.pages``)."""


def group_of(subject: UUID) -> str:
    """Return the name of the group that this person's pages listen on."""
    return f"person.{subject}"


def bump(subjects: Iterable[UUID]) -> Mapping[str, int]:
    """Move the change number of these people in the caller's transaction and tell live pages after the commit.

    Returns the new numbers by group.

    ``rev`` is the last lock of the fixed order: call it after every other lock. A page that hears
    nothing finds out by its next beat, so a lost channel layer is no error.
    """
    groups = sorted({group_of(subject) for subject in subjects})
    if not groups:
        return {}
    numbers = _raised(groups)
    transaction.on_commit(lambda: send(numbers), robust=True)
    return numbers


def _raised(groups: Sequence[str]) -> dict[str, int]:
    statement = RAISED.format(table=Rev._meta.db_table, each=EACH[connection.vendor])  # noqa: SLF001 - Django's documented name
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(groups)])
        return dict(cursor.fetchall())


def bump_after_commit(subject: UUID, then: Callable[[int], None] | None = None) -> None:
    """Do the same once the caller's transaction has committed, for a caller that has locks still to take.

    ``then`` is given the new number.
    """

    def tell() -> None:
        numbers = bump([subject])
        if then is not None:
            then(numbers[group_of(subject)])

    transaction.on_commit(tell, robust=True)


def crosses_processes() -> bool:
    """Say whether the channel layer carries numbers between processes by itself."""
    return not isinstance(get_channel_layer(), InMemoryChannelLayer)


def send(numbers: Mapping[str, int]) -> None:
    """Tell the pages of these groups that their number moved: on this process's layer, or on the one of all processes."""
    if crosses_processes():
        _announcer().take(numbers)
    else:
        async_to_sync(_send)(numbers)


async def _send(numbers: Mapping[str, int]) -> None:
    """Send one message, however many groups it concerns: a team of 200 would wait for 200, one after the other."""
    layer = get_channel_layer()
    if layer is not None:
        await layer.group_send(EARS, message(numbers))


def message(numbers: Mapping[str, int]) -> dict[str, object]:
    """Return what every process with pages receives: numbers by group, never content."""
    return {"type": "revs", "numbers": dict(numbers)}


# ── a layer that is a server of its own ──────────────────────────────────────────────────────────────────────────

MOST_WAITING: Final = 1000
SEND_SECONDS: Final = 1.0
REST_SECONDS: Final = 2.0
AT_THE_END_SECONDS: Final = 1.0


class Announcer:
    """Sends numbers from a thread of its own, so that no request ever waits for the server of the channel layer.

    While that server is gone, numbers are dropped: pages find out by their next beat.
    """

    def __init__(self) -> None:
        self._waiting: queue.Queue[Mapping[str, int]] = queue.Queue(MOST_WAITING)
        self._rests_until = 0.0
        threading.Thread(target=self._run, name="announcer", daemon=True).start()
        atexit.register(self.drain)

    def take(self, numbers: Mapping[str, int]) -> None:
        """Take numbers by group to be sent, or drop them where too many changes wait already."""
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(numbers)

    def drain(self, seconds: float = AT_THE_END_SECONDS) -> None:
        """Wait until what was taken is sent or dropped: a command that ends at once has something to say, too."""
        until = time.monotonic() + seconds
        with self._waiting.all_tasks_done:
            while self._waiting.unfinished_tasks and time.monotonic() < until:
                self._waiting.all_tasks_done.wait(until - time.monotonic())

    def _run(self) -> None:
        """Keep one event loop, and with it one connection."""
        with asyncio.Runner() as runner:
            while True:
                numbers = self._waiting.get()
                if time.monotonic() >= self._rests_until:
                    self._send(runner, numbers)
                self._waiting.task_done()

    def _send(self, runner: asyncio.Runner, numbers: Mapping[str, int]) -> None:
        try:
            runner.run(_send_within(SEND_SECONDS, numbers))
        except Exception as error:  # noqa: BLE001 - whatever a broken layer raises: pages find out by their next beat
            self._rests_until = time.monotonic() + REST_SECONDS
            log.warning("the channel layer did not take change numbers (%s)", type(error).__name__)


async def _send_within(seconds: float, numbers: Mapping[str, int]) -> None:
    async with asyncio.timeout(seconds):
        await _send(numbers)


_announcers: dict[int, Announcer] = {}
_first = threading.Lock()


def _announcer() -> Announcer:
    """Return this process's announcer: a thread does not survive a fork."""
    with _first:
        return _announcers.setdefault(os.getpid(), _announcers.get(os.getpid()) or Announcer())


def drain() -> None:
    """Wait until every number that this process has to tell is told or dropped."""
    if os.getpid() in _announcers:
        _announcer().drain()
