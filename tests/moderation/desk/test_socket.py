"""The desk's socket, with real sessions, on the application as it is mounted."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from django.utils import timezone

from config.asgi import application
from moderation.desk import consumers
from people.models import RoleGrant, User
from tests import cast
from tests.moderation.desk.scene import works_today
from wellbeing.events import group_of, message

pytestmark = pytest.mark.django_db(transaction=True)

HOST = "127.0.0.1:8000"


@pytest.fixture(autouse=True)
def the_pools_connections_are_closed() -> Iterator[None]:
    """Channels' test harness keeps connections open that a server closes; a test database could not be dropped."""
    yield
    threads = len(consumers.POOL._threads)
    barrier = threading.Barrier(threads) if threads else None

    def close() -> None:
        assert barrier
        barrier.wait(10)
        connections.close_all()

    for closing in [consumers.POOL.submit(close) for _ in range(threads)]:
        closing.result(10)


def a_moderator(username: str = "alice") -> User:
    return works_today(cast.a_user(username, "moderator", team=cast.a_team()))


def a_session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.session.session_key)


def connection(
    key: str = "", *, origin: str | None = f"http://{HOST}", host: str = HOST
) -> WebsocketCommunicator:
    headers = [(b"host", host.encode())]
    if key:
        headers.append((b"cookie", f"sessionid={key}".encode()))
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return WebsocketCommunicator(application, "/ws/desk/", headers=headers)


async def opened(user: User) -> WebsocketCommunicator:
    socket = connection(await database_sync_to_async(a_session)(user))
    connected, _protocol = await socket.connect()
    assert connected
    return socket


async def tells(user: User, number: int) -> None:
    layer = get_channel_layer()
    assert layer is not None
    await layer.group_send(group_of(await database_sync_to_async(cast.subject_of)(user)), message(number))


async def is_closed(socket: WebsocketCommunicator) -> int:
    closed: dict[str, Any] = await socket.receive_output(timeout=5)
    assert closed["type"] == "websocket.close"
    return int(closed["code"])


async def test_a_moderators_page_hears_the_number_and_nothing_else() -> None:
    alice = await database_sync_to_async(a_moderator)()
    socket = await opened(alice)
    await tells(alice, 12)
    assert await socket.receive_from(timeout=5) == '{"rev": 12}'
    assert await socket.receive_nothing()
    await socket.disconnect()


async def test_it_hears_nothing_of_another_person() -> None:
    alice = await database_sync_to_async(a_moderator)()
    amina = await database_sync_to_async(a_moderator)("amina")
    socket = await opened(alice)
    await tells(amina, 3)
    assert await socket.receive_nothing()
    await socket.disconnect()


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://127.0.0.1.evil.example",
        "http://127.0.0.1:9000",
        "null",
        "",
        None,
    ],
)
async def test_a_foreign_origin_is_refused(origin: str | None) -> None:
    alice = await database_sync_to_async(a_moderator)()
    socket = connection(await database_sync_to_async(a_session)(alice), origin=origin)
    connected, _code = await socket.connect()
    assert not connected
    await socket.disconnect()


async def test_who_is_not_signed_in_is_refused() -> None:
    for key in ("", "x" * 32):
        socket = connection(key)
        connected, _code = await socket.connect()
        assert not connected
        await socket.disconnect()


async def test_who_is_no_moderator_is_refused() -> None:
    dana = await database_sync_to_async(cast.a_user)(
        "dana", "lead", team=await database_sync_to_async(cast.a_team)()
    )
    socket = connection(await database_sync_to_async(a_session)(dana))
    connected, _code = await socket.connect()
    assert not connected
    await socket.disconnect()


async def test_what_a_client_sends_is_ignored() -> None:
    alice = await database_sync_to_async(a_moderator)()
    socket = await opened(alice)
    await socket.send_to(text_data='{"rev": 99, "type": "rev"}')
    await socket.send_to(bytes_data=b"\x00\x01")
    assert await socket.receive_nothing()
    await tells(alice, 1)
    assert await socket.receive_from(timeout=5) == '{"rev": 1}'
    await socket.disconnect()


async def test_a_session_that_was_signed_out_is_closed_with_the_next_number() -> None:
    alice = await database_sync_to_async(a_moderator)()
    socket = await opened(alice)
    await database_sync_to_async(Session.objects.all().delete)()
    await tells(alice, 2)
    assert await is_closed(socket) == consumers.GONE


async def test_a_deactivated_person_is_closed_with_the_next_number() -> None:
    alice = await database_sync_to_async(a_moderator)()
    socket = await opened(alice)
    await database_sync_to_async(User.objects.filter(pk=alice.pk).update)(is_active=False)
    await tells(alice, 2)
    assert await is_closed(socket) == consumers.GONE


async def test_who_lost_the_role_is_closed_without_any_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "LOOK_AGAIN_SECONDS", 0.05)
    alice = await database_sync_to_async(a_moderator)()
    socket = await opened(alice)
    grants = RoleGrant.objects.filter(user=alice)
    await database_sync_to_async(grants.update)(revoked_at=timezone.now())
    assert await is_closed(socket) == consumers.GONE
