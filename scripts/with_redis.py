"""Run a command against a private Redis that lives only as long as the command.

    python -m scripts.with_redis COMMAND [ARGUMENT …]

The command finds the server in REDIS_URL: a free port of this machine's own address. It keeps nothing on disk, so a
restart comes back empty.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.with_postgres import STOP_SECONDS, die_with_parent, stop_in_order

START_SECONDS = 10


class RedisMissing(Exception):
    """No redis-server is installed."""


class RedisFailed(Exception):
    """The private server did not start; the message carries the end of its log."""


def find_redis() -> str:
    """Return the installed server.

    Raises:
        RedisMissing: there is none.
    """
    found = shutil.which("redis-server")
    if found is None:
        raise RedisMissing("no redis-server is installed")
    return found


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_redis(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Start a server on this port, with its log in *folder*, and wait until it answers."""
    command = [find_redis(), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    with (folder / "redis.log").open("ab") as log:
        server = subprocess.Popen(
            [*command, "--save", "", "--appendonly", "no"],
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread has been started yet
        )
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        if answers(port):
            return server
        time.sleep(0.02)
    stop_redis(server)
    raise RedisFailed((folder / "redis.log").read_text(errors="replace")[-2000:])


def answers(port: int) -> bool:
    """Say whether a server says PONG there."""
    with socket.socket() as line, contextlib.suppress(OSError):
        line.settimeout(1)
        line.connect(("127.0.0.1", port))
        line.sendall(b"PING\r\n")
        return line.recv(16).startswith(b"+PONG")
    return False


def stop_redis(server: subprocess.Popen[bytes]) -> None:
    """Stop the server, politely first."""
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextlib.contextmanager
def private_redis() -> Iterator[str]:
    """Yield the REDIS_URL of a server of our own.

    Raises:
        RedisMissing: Redis is not installed.
        RedisFailed: it is installed, but did not start.
    """
    with tempfile.TemporaryDirectory(prefix="respite-redis-", ignore_cleanup_errors=True) as folder:
        port = free_port()
        server = start_redis(Path(folder), port)
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            stop_redis(server)


def main() -> int:
    """Run the command of the command line and return its exit code."""
    if not sys.argv[1:]:
        sys.exit(__doc__)
    stop_in_order()
    try:
        with private_redis() as url:
            return subprocess.run(sys.argv[1:], env={**os.environ, "REDIS_URL": url}, check=False).returncode
    except (RedisMissing, RedisFailed) as error:
        sys.exit(f"No private Redis: {error}")
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
