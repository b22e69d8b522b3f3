"""The embedded HTTP and WebSocket server: daphne, with a bound on everything that a stranger may send.

    python -m config.server --port 8000            listen
    python -m config.server --fd 3                 accept on a socket that the supervisor already holds
    python -m config.server --application config.live.application      WebSockets only, in a cluster

Plain daphne takes a body of any size, spools it and copies it to memory before the application can refuse (measured:
400 MB from a stranger, 65 → 470 MB). Here a body over MAX_BODY_BYTES is refused at its headers with 413, or, if it lies
or comes in chunks, while it streams. What is accepted stays in a temporary file until the application reads it, piece
by piece. Twisted itself bounds the headers (MAX_HEADERS, 16 KB together).
"""

# daphne.server installs Twisted's asyncio reactor, so it comes before anything else of Twisted.
from daphne.server import Server  # isort: skip

import argparse
import asyncio
import json
import os
import socket
from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory
from django.conf import settings
from django.utils.module_loading import import_string
from twisted.internet import defer, reactor
from twisted.logger import globalLogBeginner
from twisted.web.http import HTTPChannel

from config.callers import Callers, CountedFactory, most_connections
from config.preflight import listen, raise_file_limit
from config.proxy import is_trusted, last_address

MAX_HEADERS = 100
HEADER_SECONDS = 20
"""For the whole head of a request, however slowly it drips."""
BODY_SECONDS = 600
"""For a whole body: 64 MB at a megabit a second."""
PACE_SECONDS = 10
LEAST_BYTES_A_SECOND = 1024
"""Below this pace a body is given up. Nobody has looked at its key yet, and it holds a connection and a file."""
IDLE_SECONDS = 75
LINGER_SECONDS = 5
"""After a refusal, what still comes is read and dropped for this long, so that the answer is not lost to a reset."""
ANSWER_SECONDS = 120
READ_BYTES = 64 * 1024
WEBSOCKET_BYTES = 4 * 1024
"""A desk sends change numbers and beats, never content."""

TOO_LARGE = (413, "too_large", "The body is too large")
FULL = (503, "unavailable", "Too many requests at once")
TOO_MANY = (
    "Too many connections are open from this address, or in all. Nothing was stored. Try again in a moment."
)
TIMED_OUT = (408, "timed_out", "The request took too long to arrive")


def problem(status: int, code: str, title: str, *, detail: str, instance: str) -> bytes:
    """Return a whole HTTP/1.1 answer with an RFC 9457 body like the API's, after which the connection closes."""
    body = {
        "type": f"/api/v1/docs#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
        "code": code,
        "errors": [],
    }
    content = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status} {title}\r\n"
        "Content-Type: application/problem+json\r\n"
        f"Content-Length: {len(content)}\r\n"
        "Cache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + content


class BodyQueue(asyncio.Queue[dict[str, Any]]):
    """An application's input: the spooled body, read piece by piece as it is asked for, then daphne's own messages."""

    def __init__(self, body: IO[bytes]) -> None:
        super().__init__()
        self._body = body

    async def get(self) -> dict[str, Any]:
        """Return the next piece of the body, or the next message once there is none."""
        piece = b"" if self._body.closed else self._body.read(READ_BYTES)
        if piece:
            return {"type": "http.request", "body": piece, "more_body": True}
        self._body.close()
        return await super().get()

    def put_nowait(self, item: dict[str, Any]) -> None:
        """Take a message from daphne; a disconnect lets go of the body."""
        if item["type"] == "http.disconnect":
            self._body.close()
        super().put_nowait(item)


class BoundedRequest(WebRequest):
    """A request whose body is counted while it comes."""

    content: IO[bytes]

    def __init__(self, channel: "BoundedChannel", queued: object = False) -> None:
        # Twisted would parse a form by itself, whole and in memory, for nobody: Django reads the body.
        super().__init__(channel, queued, parsePOSTFormSubmission=False)
        self.body_bytes = 0
        self.sender: str | None = None

    @property
    def allowed_bytes(self) -> int:
        """A WebSocket's handshake has no body; daphne would pass it on unread."""
        return 0 if self.requestHeaders.hasHeader(b"Upgrade") else self.server.max_body_bytes

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Refuse at the headers what says that it is too large, and a body too many from one address."""
        super().gotLength(length)
        if length is not None and length > self.allowed_bytes:
            self.refuse_body()
        elif length != 0 and not self.enter():
            self.content.close()
            self.channel.refuse(FULL, TOO_MANY)

    def enter(self) -> bool:
        """Count a body on its way, and say whether there is room for it."""
        sender = self.address_of_sender()
        if not self.server.bodies.enter(sender):
            return False
        self.sender = sender
        return True

    def leave(self) -> None:
        """The body is there, or will never be."""
        if self.sender is not None:
            self.server.bodies.leave(self.sender)
            self.sender = None

    def address_of_sender(self) -> str:
        """Return who sends: the address that a proxy of ours saw, or else the connection's own."""
        peer = str(self.channel.getPeer().host)
        named = self.requestHeaders.getRawHeaders(b"X-Forwarded-For", [b""])[-1].decode("latin-1")
        return (last_address(named) or peer) if is_trusted(peer) else peer

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Spool a piece of the body, unless it is one too many."""
        if self.channel is None or self.channel.refused:
            return
        self.body_bytes += len(data)
        if self.body_bytes > self.allowed_bytes:
            self.refuse_body()
            return
        super().handleContentChunk(data)

    def refuse_body(self) -> None:
        """Answer 413 and forget what came so far."""
        self.content.close()
        megabytes = self.server.max_body_bytes / 1024 / 1024
        self.channel.refuse(TOO_LARGE, f"A request may hold at most {megabytes:g} MB. Nothing was stored.")

    def hand_over_body(self) -> IO[bytes]:
        """Give the spooled body away, so that daphne does not copy it to memory."""
        body, self.content = self.content, BytesIO()
        return body


class BoundedChannel(HTTPChannel):
    """A connection that can be refused in the middle of a request, and does not wait for ever for the rest of one."""

    maxHeaders = MAX_HEADERS  # noqa: N815 - Twisted's name
    refused = False
    body_bytes = 0
    _deadline: Any = None
    _pace: Any = None
    _linger: Any = None

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self._deadline is None and not self._handlingRequest and not self.refused:
            self._allow(self.factory.server.header_seconds)
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:  # noqa: N802 - Twisted's name
        self._allow(BODY_SECONDS)
        self._keep_pace()
        super().allHeadersReceived()

    def allContentReceived(self) -> None:  # noqa: N802 - Twisted's name
        self._body_ends()
        if not self.refused:
            super().allContentReceived()

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self.body_bytes += len(data)
        if not self.refused:
            super().rawDataReceived(data)

    def connectionLost(self, reason: object) -> None:  # noqa: N802 - Twisted's name
        self._body_ends()
        if self._linger is not None and self._linger.active():
            self._linger.cancel()
        super().connectionLost(reason)

    def refuse(self, kind: tuple[int, str, str], detail: str) -> None:
        """Answer with a problem, say that nothing more will come, and drop what the client still sends for a moment."""
        self.refused = True
        path = getattr(self, "_path", b"").partition(b"?")[0].decode("ascii", "replace")
        answer = problem(*kind, detail=detail, instance=path)
        self._body_ends()
        self.setTimeout(None)
        self._networkProducer.unregisterProducer()
        self.transport.write(answer)
        self.transport.loseWriteConnection()
        self._linger = self.callLater(LINGER_SECONDS, self.transport.abortConnection)

    def _send100Continue(self) -> None:  # noqa: N802 - Twisted's name
        if not self.refused:
            super()._send100Continue()

    def _keep_pace(self) -> None:
        """Look once in a while whether the body still comes."""
        self.body_bytes = 0
        self._pace = self.callLater(self.factory.server.pace_seconds, self._look_at_pace)

    def _look_at_pace(self) -> None:
        if self.body_bytes < LEAST_BYTES_A_SECOND * self.factory.server.pace_seconds:
            self._pace = None
            self._time_out()
        else:
            self._keep_pace()

    def _body_ends(self) -> None:
        self._cancel_deadline()
        if self._pace is not None and self._pace.active():
            self._pace.cancel()
        self._pace = None
        for request in self.requests:
            request.leave()

    def _allow(self, seconds: float) -> None:
        self._cancel_deadline()
        self._deadline = self.callLater(seconds, self._time_out)

    def _time_out(self) -> None:
        self._deadline = None
        self.refuse(TIMED_OUT, "Nothing was stored. Send it again over a steadier line.")

    def _cancel_deadline(self) -> None:
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = None


class BoundedFactory(HTTPFactory):
    """Makes our channels with our requests."""

    protocol = BoundedChannel

    def buildProtocol(self, addr: object) -> Any:  # noqa: N802 - Twisted's name
        channel = super().buildProtocol(addr)
        channel.requestFactory = BoundedRequest
        return channel


class BoundedServer(Server):
    """Daphne's server over one listening socket of ours.

    Args:
        application: the ASGI application.
        listener: a bound, listening TCP socket; the server takes it over.
        max_body_bytes: the largest body of a request.
        header_seconds: how long the head of a request may take.
        each: how many connections, and how many bodies on their way, one address may have.
        files: how many files this process may open.
        pace_seconds: how often it is looked whether a body still comes.
    """

    def __init__(
        self,
        application: Callable[..., Any],
        *,
        listener: socket.socket,
        max_body_bytes: int,
        header_seconds: float = HEADER_SECONDS,
        each: int = 256,
        files: int = 1024,
        pace_seconds: float = PACE_SECONDS,
    ) -> None:
        super().__init__(
            application,
            endpoints=["the listener"],
            http_timeout=ANSWER_SECONDS,
            websocket_max_message_size=WEBSOCKET_BYTES,
            websocket_max_frame_size=WEBSOCKET_BYTES,
            server_name="Respite",
        )
        self.listener = listener
        self.max_body_bytes = max_body_bytes
        self.header_seconds = header_seconds
        self.pace_seconds = pace_seconds
        most = most_connections(files)
        each = min(each, most // 2)  # where few files may be open, one address must not have them all
        self.callers = Callers(each=each, most=most)
        self.bodies = Callers(each=each, most=most // 2)
        self.connections: dict[Any, dict[str, Any]] = {}

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        self.http_factory = BoundedFactory(self)
        self.http_factory.timeOut = IDLE_SECONDS
        self.ws_factory = self._websocket_factory()
        globalLogBeginner.beginLoggingTo([lambda _: None], redirectStandardIO=False, discardBuffer=True)
        reactor.callLater(1, self.application_checker)
        reactor.callLater(2, self.timeout_checker)
        self.listener.setblocking(False)
        counted = CountedFactory(
            self.http_factory,
            callers=self.callers,
            is_proxy=is_trusted,
            answer=problem(*FULL, detail=TOO_MANY, instance=""),
        )
        reactor.adoptStreamPort(self.listener.fileno(), self.listener.family, counted)
        asyncio.set_event_loop(reactor._asyncioEventloop)  # noqa: SLF001 - as daphne does
        reactor.addSystemEventTrigger("before", "shutdown", self.kill_all_applications)
        reactor.run()

    def _websocket_factory(self) -> WebSocketFactory:
        factory = WebSocketFactory(self, server=self.server_name)
        factory.setProtocolOptions(
            autoPingTimeout=self.ping_timeout,
            allowNullOrigin=False,
            openHandshakeTimeout=self.websocket_handshake_timeout,
            maxMessagePayloadSize=self.websocket_max_message_size,
            maxFramePayloadSize=self.websocket_max_frame_size,
        )
        return factory

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start the application; an HTTP request's body goes to it from its file, not through memory."""
        if scope["type"] != "http":
            return super().create_application(protocol, scope)
        scope.setdefault("asgi", {"version": "3.0"})
        queue = BodyQueue(protocol.hand_over_body())

        async def send(message: dict[str, Any]) -> None:
            await self.handle_reply(protocol, message)

        answering = self.application(scope=scope, receive=queue.get, send=send)
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(answering)
        return queue

    def kill_all_applications(self) -> Any:
        """Cancel what still answers; unlike daphne's own, a request whose body is still coming is no error."""
        instances = [details.get("application_instance") for details in self.connections.values()]
        running = [instance for instance in instances if instance is not None and not instance.done()]
        for instance in running:
            instance.cancel()
        return defer.Deferred.fromFuture(asyncio.gather(*running, return_exceptions=True))


def main() -> None:
    """Serve an ASGI application on the socket that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m config.server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fd", type=int, help="a listening socket inherited from the supervisor")
    parser.add_argument("--application", help="an ASGI application other than ASGI_APPLICATION")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    application = import_string(asked.application or settings.ASGI_APPLICATION)
    listener = socket.socket(fileno=asked.fd) if asked.fd is not None else listen(asked.host, asked.port)
    server = BoundedServer(
        application,
        listener=listener,
        max_body_bytes=settings.MAX_BODY_BYTES,
        each=settings.CONNECTIONS_PER_ADDRESS,
        files=raise_file_limit(),
    )
    server.run()


if __name__ == "__main__":
    main()
