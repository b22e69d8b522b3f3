"""One POST to an address that somebody else chose: resolved once, checked, and connected to as checked.

The name is never resolved a second time between check and connection, so a name that changes its answer
(DNS rebinding) gains nothing. TLS is verified against the name. Redirects are not followed. No proxy or
other setting of the environment is read. The whole exchange has one time-out, however slowly it drips.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import httpcore
import httpx

from moderation.rules.addresses import Network, in_networks, may_connect

TIMEOUT_SECONDS: Final = 10.0
EXCERPT_BYTES: Final = 2_048
EXCERPT_CHARACTERS: Final = 500

Resolve = Callable[[str, int], Sequence[str]]


class AddressRefused(httpcore.ConnectError):
    """The name leads only to addresses that a webhook may not be sent to."""


class NameNotFound(httpcore.ConnectError):
    """The name leads nowhere."""


class TooSlow(httpcore.TimeoutException):
    """The whole exchange took longer than its time-out."""


FAILURES: Final = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    ValueError,  # a URL or header that cannot be written on the wire
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: *status* is None where no answer came, and *error* then names why."""

    status: int | None
    latency_ms: int
    error: str = ""
    excerpt: str = ""
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Where a POST may go: public addresses over TLS, and *allowed* networks also in the clear."""

    allowed: Sequence[Network]
    plain: bool = False

    def permit(self, address: str) -> bool:
        """Whether this resolved address may be connected to."""
        return (
            in_networks(address, self.allowed) if self.plain else may_connect(address, allowed=self.allowed)
        )


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of *host*, in the order in which the system would try them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections to permitted addresses alone, all of whose waits end at one deadline (monotonic seconds)."""

    def __init__(self, *, rules: Rules, deadline: float, resolve: Resolve) -> None:
        self._rules = rules
        self._deadline = deadline
        self._resolve = resolve
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first permitted address of *host* that answers."""
        failure: Exception = AddressRefused()
        for address in self._permitted(host, port):
            try:
                left = seconds_left(self._deadline, timeout)
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return DeadlineStream(stream, self._deadline)
        raise failure

    def _permitted(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise NameNotFound from None
        return [address for address in addresses if self._rules.permit(address)]


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline: a drip of bytes does not prolong it."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, seconds_left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, seconds_left(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = seconds_left(self._deadline, timeout)
        secured = self._inner.start_tls(ssl_context, server_hostname, left)
        return DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class CheckedTransport(httpx.BaseTransport):
    """httpx over a `CheckedBackend`; one per POST, since the deadline is its own."""

    def __init__(self, *, backend: CheckedBackend, context: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=backend, retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method, url=target, headers=request.headers.raw, content=request.stream
            )
        )
        return httpx.Response(status_code=answer.status, headers=answer.headers, stream=_AnswerStream(answer))

    def close(self) -> None:
        self._pool.close()


class _AnswerStream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@cache
def trusted() -> ssl.SSLContext:
    """Return the one TLS context of the process: the usual authorities, names verified."""
    return httpx.create_ssl_context(trust_env=False)


def post(
    *,
    url: str,
    body: str,
    headers: dict[str, str],
    allowed: Sequence[Network],
    resolve: Resolve = resolve,
    context: ssl.SSLContext | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Reply:
    """Send *body* once and read at most 2 KB of what comes back. Never raises for what the other side does."""
    begun = time.monotonic()
    rules = Rules(allowed=allowed, plain=not url.lower().startswith("https:"))
    backend = CheckedBackend(rules=rules, deadline=begun + timeout_seconds, resolve=resolve)
    transport = CheckedTransport(backend=backend, context=context or trusted())
    try:
        with (
            httpx.Client(transport=transport, timeout=None, trust_env=False) as client,  # noqa: S113 - the backend's deadline
            client.stream("POST", url, content=body.encode(), headers=headers) as response,
        ):
            return Reply(
                status=response.status_code,
                excerpt=_excerpt(response.iter_raw()),
                retry_after=response.headers.get("retry-after"),
                latency_ms=_since(begun),
            )
    except FAILURES as error:
        return Reply(status=None, latency_ms=_since(begun), error=type(error).__name__)


def seconds_left(deadline: float, at_most: float | None) -> float:
    """Return how long may still be waited, in seconds.

    Raises:
        TooSlow: no longer.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TooSlow
    return left if at_most is None else min(left, at_most)


def _excerpt(chunks: Iterable[bytes]) -> str:
    """Read the beginning of the answer as text. What is not text is shown as such, and no NUL is kept."""
    read = b""
    for chunk in chunks:
        read += chunk
        if len(read) >= EXCERPT_BYTES:
            break
    text = read[:EXCERPT_BYTES].decode("utf-8", errors="replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text[:EXCERPT_CHARACTERS]


def _since(begun: float) -> int:
    return int((time.monotonic() - begun) * 1000)
