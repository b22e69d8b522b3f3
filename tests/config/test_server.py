"""The embedded server against a stranger, over real sockets, in a process of its own whose memory is watched."""

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

pytestmark = pytest.mark.any_database

MEGABYTE = 1024 * 1024
MAX_BODY = 64 * MEGABYTE
STRANGER = 400 * MEGABYTE
GROWTH = 32 * MEGABYTE


@dataclass(frozen=True)
class Site:
    port: int
    pid: int

    def forget_peak(self) -> int:
        """Begin to measure, and return the memory held now."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return self.peak_bytes()

    def peak_bytes(self) -> int:
        """Return the most memory the server process held since `forget_peak`."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024

    @contextlib.contextmanager
    def connection(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as link:
            yield link

    def exchange(self, request: bytes) -> bytes:
        with self.connection() as link:
            link.sendall(request)
            return everything_from(link)


@contextlib.contextmanager
def a_site(folder: Path, *words: str) -> Iterator[Site]:
    """Run the tiny site with these bounds."""
    port_file = folder / "port"
    command = [sys.executable, "-m", "tests.config.tiny_site", str(port_file), *words]
    with subprocess.Popen(command) as child:
        try:
            deadline = time.monotonic() + 20
            while not port_file.exists() or not port_file.read_text():
                assert child.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield Site(port=int(port_file.read_text()), pid=child.pid)
        finally:
            child.terminate()
            assert child.wait(10) is not None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("site"), str(MAX_BODY), "1.5") as site:
        yield site


def everything_from(link: socket.socket) -> bytes:
    """Read until the server closes."""
    received = b""
    while piece := link.recv(65536):
        received += piece
    return received


def post(headers: str, body: bytes = b"") -> bytes:
    return f"POST /x HTTP/1.1\r\nHost: respite\r\n{headers}\r\n".encode() + body


def chunks_of(size: int, total: int) -> Iterator[bytes]:
    for _ in range(total // size):
        yield f"{size:x}\r\n".encode() + bytes(size) + b"\r\n"


def problem_of(answer: bytes) -> dict[str, object]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    decoded: dict[str, object] = json.loads(body)
    return decoded


def test_a_body_within_the_limit_arrives_whole(site: Site) -> None:
    answer = site.exchange(
        post(f"Content-Length: {3 * MEGABYTE}\r\nConnection: close\r\n", bytes(3 * MEGABYTE))
    )
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(str(3 * MEGABYTE).encode())


def test_a_chunked_body_within_the_limit_arrives_whole(site: Site) -> None:
    body = b"".join(chunks_of(65536, MEGABYTE)) + b"0\r\n\r\n"
    answer = site.exchange(post("Transfer-Encoding: chunked\r\nConnection: close\r\n", body))
    assert answer.endswith(str(MEGABYTE).encode())


def test_the_largest_allowed_body_does_not_pass_through_memory(site: Site) -> None:
    before = site.forget_peak()
    with site.connection() as link:
        link.sendall(post(f"Content-Length: {MAX_BODY}\r\nConnection: close\r\n"))
        for _ in range(64):
            link.sendall(bytes(MEGABYTE))
        assert everything_from(link).endswith(str(MAX_BODY).encode())
    assert site.peak_bytes() - before < GROWTH


def test_a_form_is_not_parsed_a_second_time_in_memory(site: Site) -> None:
    before = site.forget_peak()
    headers = f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {MAX_BODY}\r\nConnection: close\r\n"
    with site.connection() as link:
        link.sendall(post(headers))
        for _ in range(64):
            link.sendall(bytes(MEGABYTE))
        assert everything_from(link).endswith(str(MAX_BODY).encode())
    assert site.peak_bytes() - before < GROWTH


def test_400_mb_announced_are_refused_before_the_body_is_read(site: Site) -> None:
    answer = site.exchange(post(f"Content-Length: {STRANGER}\r\n"))
    assert answer.startswith(b"HTTP/1.1 413")
    problem = problem_of(answer)
    assert problem["code"] == "too_large"
    assert problem["status"] == 413
    assert problem["instance"] == "/x"
    assert "64 MB" in str(problem["detail"])


def test_one_byte_too_many_is_refused(site: Site) -> None:
    assert site.exchange(post(f"Content-Length: {MAX_BODY + 1}\r\n")).startswith(b"HTTP/1.1 413")


def test_nobody_is_asked_to_continue_with_a_body_that_is_refused(site: Site) -> None:
    answer = site.exchange(post(f"Content-Length: {STRANGER}\r\nExpect: 100-continue\r\n"))
    assert answer.startswith(b"HTTP/1.1 413")


def test_400_mb_in_chunks_end_the_connection_and_take_no_memory(site: Site) -> None:
    before, sent, received = site.forget_peak(), 0, b""
    with site.connection() as link, contextlib.suppress(ConnectionError):
        link.sendall(post("Transfer-Encoding: chunked\r\n"))
        for chunk in chunks_of(MEGABYTE, STRANGER):
            link.sendall(chunk)
            sent += len(chunk)
        received = everything_from(link)
    assert received.startswith(b"HTTP/1.1 413") or sent < STRANGER
    assert site.peak_bytes() - before < GROWTH


def test_400_mb_sent_all_the_same_still_read_their_413(site: Site) -> None:
    before = site.forget_peak()
    with site.connection() as link:
        link.sendall(post(f"Content-Length: {STRANGER}\r\n"))
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                link.sendall(bytes(MEGABYTE))
        assert link.recv(65536).startswith(b"HTTP/1.1 413")
    assert site.peak_bytes() - before < GROWTH


def test_the_server_answers_others_after_a_refusal(site: Site) -> None:
    site.exchange(post(f"Content-Length: {STRANGER}\r\n"))
    assert site.exchange(post("Content-Length: 2\r\nConnection: close\r\n", b"ok")).endswith(b"2")


@pytest.mark.parametrize(
    "headers",
    [
        "".join(f"X-{n}: 1\r\n" for n in range(200)),
        "X-Long: " + "a" * 20_000 + "\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: " + "9" * 5_000 + "\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    ],
    ids=["too many", "too long", "negative length", "absurd length", "two lengths"],
)
def test_malformed_headers_end_the_connection_without_reaching_the_application(
    site: Site, headers: str
) -> None:
    answer = b""
    with contextlib.suppress(ConnectionError):
        answer = site.exchange(post(headers))
    assert b"200 OK" not in answer


def test_a_handshake_brings_no_body(site: Site) -> None:
    answer = site.exchange(
        post(f"Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: {MEGABYTE}\r\n")
    )
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_head_that_drips_is_ended(site: Site) -> None:
    with site.connection() as link:
        link.settimeout(0.1)
        for letter in b"GET / HTTP/1.1 and so on for ever, a letter at a time":
            link.sendall(bytes([letter]))
            with contextlib.suppress(TimeoutError):
                assert link.recv(65536).startswith(b"HTTP/1.1 408")
                return
    pytest.fail("the connection was still open")


def test_two_requests_share_a_connection(site: Site) -> None:
    first = post("Content-Length: 3\r\n", b"abc")
    second = post("Content-Length: 4\r\nConnection: close\r\n", b"abcd")
    answer = site.exchange(first + second)
    assert answer.count(b"200 OK") == 2
    assert b"\r\n\r\n3" in answer
    assert b"\r\n\r\n4" in answer


def test_a_small_message_passes_the_websocket_and_a_large_one_ends_it(site: Site) -> None:
    with connect(f"ws://127.0.0.1:{site.port}/") as link:
        link.send('{"rev": 7}')
        assert link.recv(timeout=10) == '{"rev": 7}'
        link.send("x" * 5_000)
        with pytest.raises(ConnectionClosed):
            link.recv(timeout=10)


def test_a_page_without_origin_cannot_open_a_websocket(site: Site) -> None:
    with (
        pytest.raises(Exception, match="400"),
        connect(f"ws://127.0.0.1:{site.port}/", origin=Origin("null")),
    ):
        pass
