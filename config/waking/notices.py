"""The wake of PostgreSQL without Redis: LISTEN and NOTIFY, on one connection of each process that nothing else uses.

NOTIFY takes a lock of the whole server at its commit, so it is never part of an act's transaction: it goes out after it,
by this connection, whose every statement commits by itself, at most 20 times a second and without a payload. A channel
for each kind of entry. What is rung while the line is down is told once it is up again, and whoever listens looks then.
"""

import atexit
import contextlib
import logging
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

import psycopg
from django.db import connections
from psycopg import sql

log = logging.getLogger("respite.waking")

PREFIX: Final = "respite."
APART_SECONDS: Final = 0.05
TRY_AGAIN_SECONDS: Final = 2.0
CHECK_SECONDS: Final = 30.0
"""A line on which nothing came for so long is asked whether it still stands: a cut one would be silent for ever."""
AT_THE_END_SECONDS: Final = 1.0

Hear = Callable[[Collection[str]], None]


class Line:
    """One connection and the thread that holds it: rings what others are to hear, hands over what they ring.

    Args:
        connect: opens a connection that commits each statement by itself.
        hear: takes the names that were rung.
        names: what it listens for.
    """

    def __init__(
        self,
        connect: Callable[[], "psycopg.Connection[Any]"],
        hear: Hear = lambda _: None,
        names: Iterable[str] = (),
    ) -> None:
        self._connect, self._hear, self._names = connect, hear, frozenset(names)
        self._to_ring: set[str] = set()
        self._changed = threading.Condition()
        self._alarm, self._bell = socket.socketpair()
        self._alarm.setblocking(False)
        self._bell.setblocking(False)
        self._rung_at = 0.0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
        self._thread.start()

    def ring(self, name: str) -> None:
        """Ring soon; a name that waits to be rung is rung once."""
        with self._changed:
            if name in self._to_ring:
                return
            self._to_ring.add(name)
        self._poke()

    def end(self, seconds: float = AT_THE_END_SECONDS) -> None:
        """Ring what is to be rung, for a command that ends at once has something to say, too; then let go of the line."""
        with self._changed:
            self._changed.wait_for(lambda: not self._to_ring, seconds)
        self._ends.set()
        self._poke()
        self._thread.join(seconds)

    def _poke(self) -> None:
        # It has been poked often enough already, or has ended.
        with contextlib.suppress(OSError):
            self._bell.send(b".")

    def _run(self) -> None:
        with self._alarm, self._bell:
            self._hold()

    def _hold(self) -> None:
        """Hold the line, and make it again as often as it breaks."""
        is_said = False
        while not self._ends.is_set():
            try:
                with contextlib.closing(self._connect()) as connection:
                    self._begin(connection)
                    is_said = False
                    while not self._ends.is_set():
                        self._turn(connection)
            except (psycopg.Error, OSError) as error:
                if not is_said:
                    log.warning("the line for wakes is down (%s); trying again", type(error).__name__)
                is_said = True
                self._ends.wait(TRY_AGAIN_SECONDS)

    def _begin(self, connection: "psycopg.Connection[Any]") -> None:
        """Listen, and look at once: while the line was down, nobody was told anything."""
        for name in self._names:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(PREFIX + name)))
        self._hear(self._names)

    def _turn(self, connection: "psycopg.Connection[Any]") -> None:
        """Wait for something to ring or to hear, and do it."""
        pause = self._rung_at + APART_SECONDS - time.monotonic()
        if self._to_ring and pause <= 0:
            self._ring(connection)
            self._hand_over(connection)
            return
        alarm, line = self._alarm.fileno(), connection.fileno()
        heard, _, _ = select.select([alarm, line], [], [], pause if self._to_ring else CHECK_SECONDS)
        if alarm in heard:
            self._alarm.recv(4096)
        if line in heard:
            self._hand_over(connection)
        elif not heard and not self._to_ring:
            connection.execute("SELECT 1")

    def _hand_over(self, connection: "psycopg.Connection[Any]") -> None:
        """Tell what came, also with the answer to what was rung."""
        if channels := {notice.channel for notice in connection.notifies(timeout=0)}:
            self._hear({channel.removeprefix(PREFIX) for channel in channels})

    def _ring(self, connection: "psycopg.Connection[Any]") -> None:
        with self._changed:
            names, self._to_ring = self._to_ring, set()
        try:
            channels = [PREFIX + name for name in sorted(names)]
            connection.execute("SELECT pg_notify(channel, '') FROM unnest(%s::text[]) AS channel", [channels])
        except psycopg.Error:
            with self._changed:
                self._to_ring |= names
            raise
        self._rung_at = time.monotonic()
        with self._changed:
            self._changed.notify_all()


def connect() -> "psycopg.Connection[Any]":
    """Open a connection to the default database, beside Django's own and beside their pool.

    Raises:
        psycopg.Error: there is no database now.
    """
    given = connections["default"].get_connection_params()
    where = {name: value for name, value in given.items() if name not in HOW}
    return psycopg.connect(**{"connect_timeout": 5} | where, autocommit=True)


HOW: Final = frozenset({"pool", "context", "cursor_factory", "prepare_threshold"})
"""How Django's own connections behave; the rest of its parameters says where the database is, and how it is reached."""
_lines: dict[int, Line] = {}
_first = threading.Lock()


def nudge(*, kind: str, is_due: bool) -> None:  # noqa: ARG001 - who is woken looks when it is due
    """Wake who runs entries of this kind, in whichever process, a moment from now."""
    with _first:
        # By process: neither a thread nor a connection survives a fork.
        if os.getpid() not in _lines:
            _lines[os.getpid()] = line = Line(connect)
            atexit.register(line.end)
        line = _lines[os.getpid()]
    line.ring(kind)


def listen(hear: Hear, names: Collection[str]) -> None:
    """Hand over what is rung of these names, as long as the process lives; on the same line it rings itself."""
    with _first:
        _lines[os.getpid()] = line = Line(connect, hear, names)
        atexit.register(line.end)
