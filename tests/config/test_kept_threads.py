"""Requests are answered on threads that stay: one request at a time each, on a connection that is clean when it is taken."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import translation

from config import kept_threads
from config.kept_threads import KeptThreads, let_go_of_broken_connections

pytestmark = pytest.mark.django_db(transaction=True)


def seen(_request: HttpRequest) -> HttpResponse:
    """Answer which thread and which connection this is, in a language that the next request must not find."""
    before = translation.get_language()
    translation.activate("ar")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(f"{threading.get_ident()} {id(connection.connection)} {before}")


def breaks(_request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    return HttpResponse()


def leaves_a_transaction_open(_request: HttpRequest) -> HttpResponse:
    transaction.atomic().__enter__()
    return HttpResponse(str(id(connection.connection)))


def in_transaction(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(connection.in_atomic_block))


def a_file(_request: HttpRequest) -> FileResponse:
    return FileResponse(iter([b"a" * 70_000, b"b"]), content_type="text/plain")


def body(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(request.body)
    answer.set_cookie("one", "1")
    return answer


urlpatterns = [
    path("seen", seen),
    path("breaks", breaks),
    path("leaves", leaves_a_transaction_open),
    path("in", in_transaction),
    path("file", a_file),
    path("body", body),
]


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeptThreads]:
    """A handler with one thread, so that each request meets what the one before left there."""
    monkeypatch.setattr(kept_threads, "THREADS", 1)
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[], DEBUG_PROPAGATE_EXCEPTIONS=False):
        made = KeptThreads()
        yield made
        made.pool.submit(connections.close_all).result()
        made.pool.shutdown()


def ask(
    handler: KeptThreads, address: str, sent: bytes = b""
) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
    """Return status, content and headers of the answer."""
    said: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": sent, "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": address, "headers": [], "query_string": b""}
    asyncio.run(handler(scope, receive, send))
    return said[0]["status"], b"".join(part.get("body", b"") for part in said[1:]), said[0]["headers"]


def test_requests_of_one_thread_share_its_connection_and_nothing_else(handler: KeptThreads) -> None:
    first, second = (ask(handler, "/seen")[1].split() for _ in range(2))
    assert first[0] == second[0] != str(threading.get_ident()).encode()
    if connection.vendor == "sqlite":
        assert first[1] == second[1]
    assert first[2] == second[2] == b"en"


def test_a_connection_that_failed_is_not_kept(handler: KeptThreads) -> None:
    """Seen red without ``let_go_of_broken_connections``: SQLite says of each that it is usable."""
    before = handler.pool.submit(lambda: connections["default"]).result()
    assert ask(handler, "/breaks")[0] == 500
    assert handler.pool.submit(lambda: connections["default"]).result() is not before


def test_a_transaction_that_was_left_open_is_nobody_elses(handler: KeptThreads) -> None:
    """Seen red without ``let_go_of_broken_connections``: the next request was in it."""
    ask(handler, "/leaves")
    assert ask(handler, "/in")[1] == b"False"


def test_a_file_comes_whole(handler: KeptThreads) -> None:
    status, content, headers = ask(handler, "/file")
    assert (status, content) == (200, b"a" * 70_000 + b"b")
    assert (b"Content-Type", b"text/plain") in headers


def test_body_and_cookies_pass(handler: KeptThreads) -> None:
    status, content, headers = ask(handler, "/body", b"what was sent")
    assert (status, content) == (200, b"what was sent")
    assert any(name == b"Set-Cookie" and value.startswith(b"one=1") for name, value in headers)


def test_who_goes_before_the_body_is_there_gets_nothing(handler: KeptThreads) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        raise AssertionError(message)

    asyncio.run(handler({"type": "http", "method": "GET", "path": "/seen", "headers": []}, receive, send))


def test_only_the_threads_own_connections_are_let_go() -> None:
    mine = connections["default"]
    with pytest.raises(DatabaseError), mine.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    other: Callable[[], None] = let_go_of_broken_connections
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert connections["default"] is mine
    mine.errors_occurred = False
