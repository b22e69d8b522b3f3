"""HTTP under ASGI, answered whole on one of a few threads that stay, each with its own connection to the database.

Django's own ASGI handler makes a thread for every request, and with it a connection: SQLite's file is opened, told its
pragmas and given sixty functions each time, and every step between middleware and view is a hop from thread to thread.
Here a request is one hop: middleware and view run as they do under WSGI.
"""

from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, cast

from asgiref.sync import sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.http import HttpResponse, HttpResponseBase
from django.urls import set_script_prefix

THREADS: Final = 16
"""So many requests are answered at once. A thread, and its connection of up to 2 MB, is made when no other is free."""

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class KeptThreads(ASGIHandler):
    """Answers HTTP requests, each on one kept thread; a WebSocket is none of its business."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self._answer_on_a_thread = sync_to_async(self._answer, thread_sensitive=False, executor=self.pool)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Take the body, answer, and send what was answered; to whoever has gone meanwhile the server sends nothing."""
        if scope["type"] != "http":
            raise ValueError(f"Only HTTP is answered here, not {scope['type']}.")
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            response = await self._answer_on_a_thread(scope, body)
        await self.send_response(response, send)

    def _answer(self, scope: dict[str, Any], body: Any) -> HttpResponse:
        """Answer from beginning to end, as under WSGI, and leave the connection as whoever comes next needs it."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response = cast("HttpResponseBase", refusal) if request is None else self.get_response(request)
        response._handler_class = self.__class__  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's own handlers do
        try:
            return in_one_piece(response)
        finally:
            let_go_of_broken_connections()
            response.close()


def in_one_piece(response: HttpResponseBase) -> HttpResponse:
    """Return a response whose content is read: files are streamed by none but whitenoise, and those are small."""
    if isinstance(response, HttpResponse):
        return response
    whole = HttpResponse(b"".join(response), status=response.status_code, headers=response.headers)
    whole.cookies = response.cookies
    return whole


def let_go_of_broken_connections() -> None:
    """Close this thread's connections on which something went wrong, or that were left in a transaction.

    Django asks such a one whether it is usable, and one to SQLite always says so.
    """
    for used in connections.all(initialized_only=True):
        if used.in_atomic_block or used.errors_occurred:
            if used.connection is not None:
                used.connection.close()
            del connections[used.alias]
