"""The desk's socket, with real sessions, on the application as it is mounted."""

import asyncio
import threading
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.contrib.sessions.models import Session
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone

from config.asgi import application
from live.events import EARS, group_of, message
from people.access import moderators_by_session
from people.models import RoleGrant, User
from tests import cast
from tests.web.desk.scene import works_today
from web.desk import consumers

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
    subject = await database_sync_to_async(cast.subject_of)(user)
    await layer.group_send(EARS, message({group_of(subject): number}))


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


@pytest.mark.parametrize("frame", [{"text_data": '{"rev": 99, "type": "rev"}'}, {"bytes_data": b"\x00\x01"}])
async def test_a_frame_that_is_no_word_of_ours_ends_it(frame: dict[str, Any]) -> None:
    alice = await database_sync_to_async(a_moderator)()
    socket = await opened(alice)
    await socket.send_to(**frame)
    assert await is_closed(socket) == consumers.UNKNOWN_WORD


async def test_a_session_has_so_many_pages_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red without the count, and with pages that stayed counted after their end."""
    monkeypatch.setattr(consumers, "MOST_OF_A_SESSION", 2)
    alice = await database_sync_to_async(a_moderator)()
    key = await database_sync_to_async(a_session)(alice)
    pages = [connection(key) for _ in range(3)]
    assert [(await page.connect())[0] for page in pages] == [True, True, False]
    await pages[0].disconnect()
    again = connection(key)
    assert (await again.connect())[0]
    for page in (pages[1], again):
        await page.disconnect()


async def test_a_person_has_so_many_pages_in_all_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "MOST_OF_A_PERSON", 2)
    alice = await database_sync_to_async(a_moderator)()
    amina = await database_sync_to_async(a_moderator)("amina")
    mine = [connection(await database_sync_to_async(a_session)(alice)) for _ in range(3)]
    hers = connection(await database_sync_to_async(a_session)(amina))
    assert [(await page.connect())[0] for page in (*mine, hers)] == [True, True, False, True]
    for page in (*mine[:2], hers):
        await page.disconnect()


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


async def test_a_session_that_ran_out_is_closed_without_any_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "LOOK_AGAIN_SECONDS", 0.05)
    alice = await database_sync_to_async(a_moderator)()
    socket = await opened(alice)
    await database_sync_to_async(Session.objects.update)(expire_date=timezone.now())
    assert await is_closed(socket) == consumers.GONE


# ── many who ask at the same moment ──────────────────────────────────────────────────────────────────────────────


def signs_out(user: User, key: str) -> None:
    Session.objects.filter(session_key=key).delete()


def expires(user: User, key: str) -> None:
    Session.objects.filter(session_key=key).update(expire_date=timezone.now())


def is_deactivated(user: User, key: str) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def loses_the_role(user: User, key: str) -> None:
    RoleGrant.objects.filter(user=user).update(revoked_at=timezone.now())


def gets_another_password(user: User, key: str) -> None:
    user.set_password("another one of twelve")
    user.save()


HAPPENS = [signs_out, expires, is_deactivated, loses_the_role, gets_another_password]


class Reads:
    """Counts the reads of the doorkeeper; lets one begin, and be held up or refused."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.keys: list[set[str]] = []
        self.refused = False
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()
        self._read = moderators_by_session
        monkeypatch.setattr(consumers, "moderators_by_session", self)

    def __call__(self, keys: Collection[str], *, at: datetime) -> dict[str, UUID]:
        self.keys.append({*keys})
        if self.refused:
            raise OperationalError
        found = self._read(keys, at=at)
        self.begun.set()
        assert self.go_on.wait(10)
        return found


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    return Reads(monkeypatch)


async def a_team_of(count: int) -> list[tuple[User, str, WebsocketCommunicator]]:
    """Return people with a page each: the person, the session's key, the socket."""
    found = []
    for number in range(count):
        user = await database_sync_to_async(a_moderator)(f"m-{number}")
        key = await database_sync_to_async(a_session)(user)
        socket = connection(key)
        assert (await socket.connect())[0]
        found.append((user, key, socket))
    return found


async def tells_all(people: Sequence[User], number: int) -> None:
    layer = get_channel_layer()
    assert layer is not None
    subjects = [await database_sync_to_async(cast.subject_of)(user) for user in people]
    await layer.group_send(EARS, message({group_of(subject): number for subject in subjects}))


async def test_of_many_at_once_each_gets_their_own_answer() -> None:
    team = await a_team_of(len(HAPPENS) + 2)
    for happens, (user, key, _socket) in zip(HAPPENS, team, strict=False):
        await database_sync_to_async(happens)(user, key)
    await tells_all([user for user, _, _ in team], 5)
    for _user, _key, socket in team[: len(HAPPENS)]:
        assert await is_closed(socket) == consumers.GONE
    for _user, _key, socket in team[len(HAPPENS) :]:
        assert await socket.receive_from(timeout=5) == '{"rev": 5}'
        await socket.disconnect()


async def test_many_who_ask_at_once_are_answered_by_one_read(reads: Reads) -> None:
    """Seen red with a read for each of them."""
    team = await a_team_of(8)
    reads.keys.clear()
    await tells_all([user for user, _, _ in team], 6)
    for _user, _key, socket in team:
        assert await socket.receive_from(timeout=5) == '{"rev": 6}'
    assert reads.keys == [{key for _, key, _ in team}]
    for _user, _key, socket in team:
        await socket.disconnect()


async def test_very_many_are_read_in_parts(reads: Reads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "MOST_IN_ONE_READ", 3)
    team = await a_team_of(7)
    reads.keys.clear()
    await tells_all([user for user, _, _ in team], 6)
    for _user, _key, socket in team:
        assert await socket.receive_from(timeout=5) == '{"rev": 6}'
        await socket.disconnect()
    assert [len(keys) for keys in reads.keys] == [3, 3, 1]


async def test_a_read_that_began_before_the_question_does_not_answer_it(reads: Reads) -> None:
    """Signed out between the two: the read that runs has still seen the session. Seen red with its answer shared."""
    [(alice, key, socket)] = await a_team_of(1)
    reads.begun.clear()
    reads.go_on.clear()
    await tells(alice, 1)
    assert await database_sync_to_async(reads.begun.wait, thread_sensitive=False)(5)
    await database_sync_to_async(signs_out)(alice, key)
    await tells(alice, 2)
    await asyncio.sleep(0.05)
    reads.go_on.set()
    assert await socket.receive_from(timeout=5) == '{"rev": 1}'
    assert await is_closed(socket) == consumers.GONE


async def test_a_page_that_goes_while_it_waits_takes_the_answer_from_nobody(reads: Reads) -> None:
    """Seen red without the shield."""
    door = consumers.doorkeeper()
    user = await database_sync_to_async(a_moderator)()
    key = await database_sync_to_async(a_session)(user)
    reads.go_on.clear()
    goes, stays = asyncio.create_task(door.ask(key)), asyncio.create_task(door.ask(key))
    assert await database_sync_to_async(reads.begun.wait, thread_sensitive=False)(5)
    goes.cancel()
    reads.go_on.set()
    assert key in await stays


async def test_who_cannot_be_checked_is_told_nothing_and_comes_again(reads: Reads) -> None:
    """Seen red with the error passed over."""
    team = await a_team_of(2)
    reads.refused = True
    await tells_all([user for user, _, _ in team], 7)
    for _user, _key, socket in team:
        assert await is_closed(socket) == consumers.TRY_AGAIN_LATER
    reads.refused = False
    again = connection(team[0][1])
    assert (await again.connect())[0]
    await tells_all([team[0][0]], 8)
    assert await again.receive_from(timeout=5) == '{"rev": 8}'
    await again.disconnect()


async def test_a_round_that_nobody_answers_closes_nobody_and_the_next_one_does(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red with rounds that end at the first error."""
    monkeypatch.setattr(consumers, "LOOK_AGAIN_SECONDS", 0.05)
    [(alice, key, socket)] = await a_team_of(1)
    reads.refused = True
    assert await socket.receive_nothing(timeout=0.3)
    await database_sync_to_async(signs_out)(alice, key)
    reads.refused = False
    assert await is_closed(socket) == consumers.GONE


async def test_an_odd_cookie_is_refused_and_closes_nobody_else() -> None:
    [(alice, _key, socket)] = await a_team_of(1)
    for odd in ("\0" * 32, "ä" * 32, "x" * 3000, ";;==,"):
        stranger = connection(odd)
        assert not (await stranger.connect())[0]
        await stranger.disconnect()
    await tells(alice, 9)
    assert await socket.receive_from(timeout=5) == '{"rev": 9}'
    await socket.disconnect()


async def test_the_rounds_end_with_the_last_page() -> None:
    (_, _, first), (_, _, second) = await a_team_of(2)
    door = consumers.doorkeeper()
    await first.disconnect()
    assert door.is_on_rounds
    await second.disconnect()
    assert not door.is_on_rounds


@pytest.mark.any_database
def test_sessions_of_sockets_are_looked_at_as_often_as_a_desk_beats() -> None:
    """An idle or an absolute limit, and a session that was ended elsewhere, move no number."""
    assert consumers.LOOK_AGAIN_SECONDS <= 5
