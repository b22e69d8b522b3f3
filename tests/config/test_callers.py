"""Who holds connections open: half-sent bodies without a key keep nobody else out.

Seen red without each count: of one address, of bodies on their way, of the pace, and of a connection's end.
"""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from config.callers import Callers, most_connections
from tests.config.test_server import Site, a_site, everything_from, post

pytestmark = pytest.mark.any_database

BODY = "1000000"
HALF = post("Content-Length: 1000\r\n", b"half")
QUICK = b"GET / HTTP/1.1\r\nHost: respite\r\nConnection: close\r\n\r\n"
EACH, FILES = 8, 256 + 3 * 20


@contextlib.contextmanager
def sent_by(site: Site, address: str, sent: bytes) -> Iterator[socket.socket]:
    """Send from one of this machine's own addresses."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=20, source_address=(address, 0)) as link:
        with contextlib.suppress(ConnectionError):
            link.sendall(sent)
        yield link


def status(site: Site, address: str) -> bytes:
    with sent_by(site, address, QUICK) as link:
        return everything_from(link)[9:12]


def is_taken_in(link: socket.socket) -> bool:
    """Say whether a half-sent request waits for its other half."""
    link.settimeout(0.3)
    try:
        return link.recv(12) == b""
    except TimeoutError:
        return True
    except ConnectionError:
        return False


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with a_site(tmp_path, BODY, "20", str(EACH), str(FILES), "30") as site:
        yield site


def test_one_address_holds_so_many_connections_and_no_more(site: Site) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(EACH):
            stack.enter_context(sent_by(site, "127.0.0.2", HALF))
        assert status(site, "127.0.0.1") == b"200"
        with sent_by(site, "127.0.0.2", b"") as link:
            answer = everything_from(link)
        assert answer.startswith(b"HTTP/1.1 503")
        assert b'"code": "unavailable"' in answer


def test_what_one_address_let_go_of_it_may_have_again(site: Site) -> None:
    for _ in range(3 * EACH):
        assert status(site, "127.0.0.2") == b"200"


def test_half_sent_bodies_of_many_addresses_leave_half_of_the_room(site: Site) -> None:
    with contextlib.ExitStack() as stack:
        links = [
            stack.enter_context(sent_by(site, f"127.0.1.{number}", HALF))
            for number in range(1, 7)
            for _ in range(2)
        ]
        assert sum(map(is_taken_in, links)) == most_connections(FILES) // 2
        assert status(site, "127.0.0.1") == b"200"


def test_a_body_that_does_not_come_is_given_up(tmp_path: Path) -> None:
    with a_site(tmp_path, BODY, "20", str(EACH), str(FILES), "0.5") as site:
        with sent_by(site, "127.0.0.2", HALF) as link:
            assert everything_from(link).startswith(b"HTTP/1.1 408")
        assert status(site, "127.0.0.2") == b"200"


def test_a_websocket_is_counted_until_it_ends(site: Site) -> None:
    for _ in range(2 * EACH):
        with connect(f"ws://127.0.0.1:{site.port}/") as link:
            link.send("hello")
            assert link.recv(timeout=10) == "hello"
    with contextlib.ExitStack() as stack:
        for _ in range(EACH):
            stack.enter_context(connect(f"ws://127.0.0.1:{site.port}/"))
        with sent_by(site, "127.0.0.1", QUICK) as link:
            assert everything_from(link).startswith(b"HTTP/1.1 503")


def test_505_half_sent_bodies_from_one_address_close_no_page(tmp_path: Path) -> None:
    with a_site(tmp_path, BODY, "20", "256", "1024", "30") as site, contextlib.ExitStack() as stack:
        for _ in range(505):
            stack.enter_context(sent_by(site, "127.0.0.2", HALF))
        for _ in range(5):
            assert status(site, "127.0.0.1") == b"200"


def test_a_proxys_connections_are_many_peoples() -> None:
    callers = Callers(each=2, most=10)
    assert [callers.enter("proxy", is_many=True) for _ in range(11)] == [True] * 10 + [False]


def test_who_left_is_forgotten() -> None:
    callers = Callers(each=1, most=1)
    assert callers.enter("somebody")
    callers.leave("somebody")
    assert not callers.here
    assert callers.enter("somebody else")
