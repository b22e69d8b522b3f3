"""Run a command against a private PostgreSQL that lives only as long as the command.

    python -m scripts.with_postgres COMMAND [ARGUMENT …]

The command finds the server in DATABASE_URL. The server is made from the installed binaries in a temporary folder,
listens on a Unix socket there and nowhere else, and is stopped and deleted at the end, after Ctrl-C too. No other
server is ever looked for or touched. Durability is off: nothing in it outlives the command anyway.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

OLDEST = 15
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
START_SECONDS = 30
STOP_SECONDS = 15
PR_SET_PDEATHSIG = 1
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "max_wal_size": "4GB",
    "timezone": "UTC",
}
QUIET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}
"""What of the compose file's settings is not the default: config/database_logs.py looks for it."""


class PostgresMissing(Exception):
    """No usable PostgreSQL is installed; the message says what was looked for."""


class PostgresFailed(Exception):
    """The private server did not start; the message carries the end of its log."""


def find_binaries() -> Path:
    """Return the folder of the newest installed server's binaries.

    Raises:
        PostgresMissing: there is none, or only ones older than OLDEST.
    """
    found = {path for pattern in PLACES for path in Path("/").glob(pattern.lstrip("/"))}
    on_path = shutil.which("initdb")
    if on_path:
        found.add(Path(on_path).resolve().parent)
    usable = {version_of(path): path for path in found if (path / "postgres").exists()}
    if not usable or max(usable) < OLDEST:
        raise PostgresMissing(f"no PostgreSQL {OLDEST} or newer is installed (initdb was not found)")
    return usable[max(usable)]


def version_of(binaries: Path) -> int:
    """Return the major version, from 'postgres (PostgreSQL) 15.19 (Debian …)'."""
    words = subprocess.check_output([binaries / "postgres", "--version"], text=True).split()
    return int(words[2].split(".")[0])


def ordinary_user() -> dict[str, Any]:
    """Return what subprocess needs to become an ordinary user; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PostgresMissing(
        "PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as"
    )


def die_with_parent() -> None:
    """Ask Linux to stop the server at once if this process is killed; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def make_cluster(binaries: Path, folder: Path, who: dict[str, Any]) -> None:
    """Run initdb."""
    command: list[str | Path] = [
        binaries / "initdb",
        "--pgdata",
        folder / "data",
        "--username",
        "respite",
        "--auth",
        "trust",
    ]
    options = ["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    done = subprocess.run(
        [*command, *options], cwd=folder, capture_output=True, text=True, check=False, **who
    )
    if done.returncode != 0:
        raise PostgresFailed(done.stderr[-2000:])


def start(
    binaries: Path, folder: Path, who: dict[str, Any], more: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers on its socket."""
    command: list[Any] = [binaries / "postgres", "-D", folder / "data", "-k", folder]
    for name, value in {**SETTINGS, **more}.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        # Its own session, so that Ctrl-C reaches the tests first and the server is stopped in order afterwards.
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread has been started yet
            **who,
        )
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        if subprocess.run([binaries / "pg_isready", "-q", "-h", folder], check=False).returncode == 0:
            return server
        time.sleep(0.1)
    stop(server)
    raise PostgresFailed((folder / "log").read_text(errors="replace")[-2000:])


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server, politely first."""
    for request in (signal.SIGINT, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(request)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(STOP_SECONDS)


@contextlib.contextmanager
def private_postgres(more: Mapping[str, str] = QUIET) -> Iterator[str]:
    """Yield the DATABASE_URL of a server of our own, which has *more* settings and writes to ``log`` in its folder.

    Raises:
        PostgresMissing: PostgreSQL is not installed, or there is nobody to run it as.
        PostgresFailed: it is installed, but did not start.
    """
    binaries, who = find_binaries(), ordinary_user()
    # /tmp, whatever TMPDIR says: a Unix socket's path may be no longer than about 100 bytes.
    folder = Path(tempfile.mkdtemp(prefix="respite-pg-", dir="/tmp"))
    try:
        if who:
            os.chown(folder, who["user"], who["group"])
        make_cluster(binaries, folder, who)
        server = start(binaries, folder, who, more)
        try:
            yield f"postgresql://respite@/postgres?host={quote(str(folder), safe='/')}"
        finally:
            stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop_in_order() -> None:
    """Let SIGTERM and SIGHUP unwind like Ctrl-C, so that the server is stopped and its folder deleted.

    SIGINT as well where it was ignored until now, as in what a shell begins in the background.
    """
    for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(request, signal.default_int_handler)


def main() -> int:
    """Run the command of the command line and return its exit code."""
    if not sys.argv[1:]:
        sys.exit(__doc__)
    stop_in_order()
    try:
        with private_postgres() as url:
            return subprocess.run(
                sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False
            ).returncode
    except (PostgresMissing, PostgresFailed) as error:
        sys.exit(f"No private PostgreSQL: {error}")
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
