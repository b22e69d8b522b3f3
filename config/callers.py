"""How many connections a stranger may hold open: a file of the process each, and another one for a body that is spooled.

Connections are counted by address from the moment they are made, and bodies that are still on their way by the address
that a proxy of ours (TRUSTED_PROXIES) names, too: until a body is there, nobody has looked at its key. All together
leave the process files for its database and its media, and half-sent bodies leave half of the room to everybody else.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from twisted.internet.protocol import Protocol
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory

KEPT_FILES = 256
"""For the database, media, the log, and what libraries open."""
FILES_EACH = 3
"""A connection, its spooled body, and the database connection of the thread that answers."""


def most_connections(files: int) -> int:
    """Return how many connections a process that may open so many files can serve."""
    return max((files - KEPT_FILES) // FILES_EACH, 16)


class Callers:
    """Who is connected, by address: at most ``each`` of one address, and ``most`` in all."""

    def __init__(self, *, each: int, most: int) -> None:
        self.each, self.most = each, most
        self.here: Counter[str] = Counter()

    def enter(self, address: str, *, is_many: bool = False) -> bool:
        """Count one more of this address, unless it or the house is full. ``is_many``: it is a proxy's, for many people."""
        if self.here.total() >= self.most or (self.here[address] >= self.each and not is_many):
            return False
        self.here[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Count one less."""
        self.here[address] -= 1
        if self.here[address] <= 0:
            del self.here[address]


class Refused(Protocol):
    """A connection too many: it is told so at once, without being listened to, and closed."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        self.transport.write(self.answer)
        self.transport.loseConnection()


class CountedFactory(WrappingFactory):
    """Lets connections in while there is room. The wrapper sees their end also where a WebSocket took them over.

    Args:
        inner: makes the protocol of a connection that was let in.
        callers: who is connected.
        is_proxy: says whether an address is a proxy of ours, whose connections are many people's.
        answer: what one too many is told.
    """

    def __init__(
        self, inner: Any, *, callers: Callers, is_proxy: Callable[[str], bool], answer: bytes
    ) -> None:
        super().__init__(inner)
        self.callers, self.is_proxy, self.answer = callers, is_proxy, answer

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        if not self.callers.enter(addr.host, is_many=self.is_proxy(addr.host)):
            return Refused(self.answer)
        return CountedConnection(self, self.wrappedFactory.buildProtocol(addr), addr.host)


class CountedConnection(ProtocolWrapper):
    """One connection that was let in."""

    def __init__(self, factory: CountedFactory, inner: Any, address: str) -> None:
        super().__init__(factory, inner)
        self.callers, self.address = factory.callers, address

    def connectionLost(self, reason: Any) -> None:  # noqa: N802 - Twisted's name
        self.callers.leave(self.address)
        super().connectionLost(reason)
