"""The desk's socket: it says that something changed, by number, and never what. A page says nothing: it acts by forms."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.http import parse_cookie
from django.utils.module_loading import import_string

from live.events import group_of
from live.pages import cancelled, pages_here
from people.access import moderators_by_session

log = logging.getLogger("respite.moderation")

One = TypeVar("One")

GONE = 4403
"""Signed out, deactivated, or no moderator any more."""
TRY_AGAIN_LATER = 1013
"""Nobody could say whether the page may hear: it connects again, and is asked again."""
POOL = ThreadPoolExecutor(1, thread_name_prefix="doorkeeper")
"""One read at a time: what is asked meanwhile is answered together by the next one."""
MOST_IN_ONE_READ = 500
UNKNOWN_WORD = 4408
"""A page of ours sends nothing, so whoever sends something is none."""
TOO_MANY = 4429
MOST_OF_A_SESSION = 16
MOST_OF_A_PERSON = 32
"""Open pages of one session and of one person, in one process: tabs of two browsers, and not a crowd."""
LOOK_AGAIN_SECONDS = 5.0
"""As often as a desk beats. A session that runs out, or was ended elsewhere, moves no number, so the doorkeeper asks by itself,
too."""


class DeskConsumer(AsyncWebsocketConsumer):
    """One page of one signed-in, active moderator, from our own origin."""

    # None of Channels' layers: one ear listens for all pages of the process (live.pages).
    channel_layer_alias = ""
    key = ""
    group = ""
    subject: UUID | None = None

    async def connect(self) -> None:
        self.key = session_key_of(self.scope) if is_own_origin(self.scope) else ""
        try:
            found = await doorkeeper().ask(self.key) if self.key else {}
        except Exception as error:  # noqa: BLE001 - as for a number: who cannot be checked is not let in
            log.warning("a socket was refused, because nobody could check it (%s)", type(error).__name__)
            await self.close(code=TRY_AGAIN_LATER)
            return
        if self.key not in found:
            await self.close(code=GONE)
            return
        if doorkeeper().is_crowded(self.key, found[self.key]):
            await self.close(code=TOO_MANY)
            return
        self.subject = found[self.key]
        # Nothing waits between the question and this, so a crowd that comes at once is counted, too.
        doorkeeper().admit(self)
        self.group = group_of(self.subject)
        # Nothing waits between these two, so no number comes before the page is accepted.
        await pages_here().add(self.group, self)
        await self.accept()

    async def disconnect(self, _code: int) -> None:
        await doorkeeper().dismiss(self)
        if self.group:
            await pages_here().remove(self.group, self)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002 - Channels' signature
        """End it: a desk acts by its forms alone, and no frame is a word of ours."""
        await self.close(code=UNKNOWN_WORD)

    async def hear(self, number: int) -> None:
        """Pass a change number on, to whoever may still hear it."""
        try:
            found = await doorkeeper().ask(self.key)
        except Exception as error:  # noqa: BLE001 - whatever is wrong: who cannot be checked hears nothing
            log.warning("a socket was closed, because nobody could check it (%s)", type(error).__name__)
            await self.close(code=TRY_AGAIN_LATER)
            return
        if self.key not in found:
            await self.close(code=GONE)
            return
        await self.send(text_data=f'{{"rev": {int(number)}}}')


class NowhereConsumer(AsyncWebsocketConsumer):
    """An address where there is nothing: refused, instead of an error and a traceback for each stranger."""

    channel_layer_alias = ""

    async def connect(self) -> None:
        await self.close(code=GONE)


class Doorkeeper:
    """Says whose session a key is now: to all sockets of an event loop that ask at the same moment, by one read.

    The read begins after the question, never before it: what was committed by then is seen.
    """

    def __init__(self) -> None:
        self._asked: set[str] = set()
        self._next: asyncio.Task[Mapping[str, UUID]] | None = None
        self._reading = asyncio.Lock()
        self._admitted: set[DeskConsumer] = set()
        self._pages: Counter[str | UUID | None] = Counter()
        self._rounds: asyncio.Task[None] | None = None

    @property
    def is_on_rounds(self) -> bool:
        """Say whether sessions are looked at every few seconds."""
        return self._rounds is not None and not self._rounds.done()

    async def ask(self, *keys: str) -> Mapping[str, UUID]:
        """Return the subject of each of these sessions that is a moderator's, and perhaps of others.

        Raises:
            DatabaseError: there is no answer, for nobody who asked at this moment.
        """
        self._asked.update(keys)
        if self._next is None:
            self._next = asyncio.create_task(self._read(), name="doorkeeper")
        # Shielded: a page that goes while it waits must not take the answer from the others.
        return await asyncio.shield(self._next)

    async def _read(self) -> Mapping[str, UUID]:
        async with self._reading:
            asked, self._asked, self._next = sorted(self._asked), set(), None
            found: dict[str, UUID] = {}
            for keys in parts(asked, MOST_IN_ONE_READ):
                found |= await find_moderators(keys)
            return found

    def is_crowded(self, key: str, subject: UUID) -> bool:
        """Say whether this session, or this person, has as many pages here as anybody may."""
        return self._pages[key] >= MOST_OF_A_SESSION or self._pages[subject] >= MOST_OF_A_PERSON

    def admit(self, page: "DeskConsumer") -> None:
        """Look at this page's session every few seconds from now on; the first page starts the rounds."""
        self._admitted.add(page)
        self._pages.update((page.key, page.subject))
        if not self.is_on_rounds:
            self._rounds = asyncio.create_task(self._go_rounds(), name="doorkeeper-rounds")

    async def dismiss(self, page: "DeskConsumer") -> None:
        """Look at it no more; the last page ends the rounds."""
        if page in self._admitted:
            self._admitted.remove(page)
            self._pages.subtract((page.key, page.subject))
            self._pages += Counter()  # forgets whose last page that was
        if not self._admitted:
            rounds, self._rounds = self._rounds, None
            await cancelled(rounds)

    async def _go_rounds(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            try:
                # In parts, so that a number that comes meanwhile waits for one of them and not for all.
                for pages in parts(list(self._admitted), MOST_IN_ONE_READ):
                    await self._look_at(pages)
            except Exception as error:  # noqa: BLE001 - no number passes without an answer; the next round asks again
                log.warning("nobody could check the sockets (%s)", type(error).__name__)

    async def _look_at(self, pages: "Sequence[DeskConsumer]") -> None:
        found = await self.ask(*(page.key for page in pages))
        for page in pages:
            if page.key not in found:
                await page.close(code=GONE)


_doorkeepers: WeakKeyDictionary[asyncio.AbstractEventLoop, Doorkeeper] = WeakKeyDictionary()


def doorkeeper() -> Doorkeeper:
    """Return the doorkeeper of the running event loop."""
    return _doorkeepers.setdefault(asyncio.get_running_loop(), Doorkeeper())


def parts(all_of_them: Sequence[One], size: int) -> Iterator[Sequence[One]]:
    """Cut a list into pieces of at most *size*."""
    for first in range(0, len(all_of_them), size):
        yield all_of_them[first : first + size]


def is_own_origin(scope: Mapping[str, Any]) -> bool:
    """Tell whether the page that connects was served by this very host and port."""
    headers = dict(scope["headers"])
    origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
    host = headers.get(b"host", b"").decode("latin-1")
    return origin.scheme in {"http", "https"} and bool(host) and origin.netloc.lower() == host.lower()


def session_key_of(scope: Mapping[str, Any]) -> str:
    """Return what the cookie of the page that connects says, empty where it says nothing."""
    cookie = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    return parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")


def read_moderators(keys: Collection[str]) -> dict[str, UUID]:
    """Return whose these sessions are now, read anew; who is nobody, or no moderator, is not in it."""
    return moderators_by_session(keys, at=import_string(settings.TRUSTED_CLOCK)())


find_moderators = database_sync_to_async(read_moderators, thread_sensitive=False, executor=POOL)
