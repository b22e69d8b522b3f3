"""The desk's socket: it says that something changed, by number, and never what. What a client sends is ignored."""

import asyncio
import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from people.access import moderator_for
from wellbeing import live
from wellbeing.events import group_of

GONE = 4403
"""Signed out, deactivated, or no moderator any more."""
POOL = ThreadPoolExecutor(4, thread_name_prefix="desk-socket")
"""Bounded: a change that concerns everybody asks for every page at once, and pages by HTTP go before."""
LOOK_AGAIN_SECONDS = 60.0
"""A session that runs out changes nothing in the database, so the socket asks by itself, too."""


class DeskConsumer(AsyncWebsocketConsumer):
    """One page of one signed-in, active moderator, from our own origin."""

    group = ""
    watch: "asyncio.Task[None] | None" = None

    async def connect(self) -> None:
        subject = await self._subject() if is_own_origin(self.scope) else None
        if subject is None:
            await self.close(code=GONE)
            return
        self.group = group_of(subject)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await live.watch(self.group)
        await self.accept()
        self.watch = asyncio.create_task(self._look_again())

    async def disconnect(self, _code: int) -> None:
        if self.watch is not None:
            self.watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.watch
        if self.group:
            await live.unwatch(self.group)
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Do nothing: a desk acts by its forms alone."""

    async def rev(self, event: Mapping[str, Any]) -> None:
        """Pass a change number on, to whoever may still hear it."""
        if await self._subject() is None:
            await self.close(code=GONE)
            return
        await self.send(text_data=f'{{"rev": {int(event["rev"])}}}')

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            if await self._subject() is None:
                await self.close(code=GONE)
                return

    async def _subject(self) -> UUID | None:
        session = self.scope.get("session")
        key = getattr(session, "session_key", None)
        return await find_moderator(key) if key else None


def is_own_origin(scope: Mapping[str, Any]) -> bool:
    """Tell whether the page that connects was served by this very host and port."""
    headers = dict(scope["headers"])
    origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
    host = headers.get(b"host", b"").decode("latin-1")
    return origin.scheme in {"http", "https"} and bool(host) and origin.netloc.lower() == host.lower()


def read_moderator(session_key: str) -> UUID | None:
    """Return who the session belongs to now, read anew; None when nobody, or no moderator."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    try:
        return moderator_for(get_user(request))
    except PermissionDenied:
        return None


find_moderator = database_sync_to_async(read_moderator, thread_sensitive=False, executor=POOL)
