"""Private servers for the length of a run: PostgreSQL, and Respite's own processes by the commands of the cluster."""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO

import django
import psycopg

from benchmarks.measuring import let_go_of_database
from scripts.with_postgres import private_postgres
from scripts.with_redis import free_port
from tests.cluster.compose import command_of, environment_of

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 60
STOP_SECONDS = 30
WORKERS = ("worker", "worker-media", "worker-webhooks")
SERVICES = ("web", "live", *WORKERS, "sweeper")
OURS_TO_SAY = ("ALLOWED_HOSTS", "CLUSTER", "DEBUG", "MEDIA_ROOT", "PUBLIC_URL")
PROBES = {"web": ("/healthz", 200), "live": ("/", 426)}
TICKS = os.sysconf("SC_CLK_TCK")


class NotStarted(Exception):
    """A server did not come up; the message carries the end of its log."""


# ── the database ─────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def database(*, shared: str = "") -> Iterator[str]:
    """Yield the address of a migrated, empty database, with Django set up on it, and on the Redis at *shared* if given.

    It is on a private server with durability off, so that no limit pays for a disk; or, where DATABASE_URL names a
    server, a database made there, and dropped at the end.
    """
    with _empty_database() as url:
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.setdefault("SECRET_KEY", secrets.token_hex(32))
        os.environ.setdefault("FIELD_KEYS", field_key())
        for name in OURS_TO_SAY:
            os.environ.pop(name, None)
        os.environ |= {"DEMO": "0", "REDIS_URL": shared}
        with tempfile.TemporaryDirectory(prefix="respite-bench-") as folder:
            os.environ["DATA_DIR"] = folder
            (Path(folder) / "static").mkdir()
            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0, interactive=False)
            yield url
            let_go_of_database()


def field_key() -> str:
    """Return a key for fields, as the settings want it."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


@contextlib.contextmanager
def _empty_database() -> Iterator[str]:
    given = os.environ.get("DATABASE_URL")
    if not given:
        with private_postgres() as url:
            yield url
        return
    name = f"respite_bench_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield in_database(given, name)
    finally:
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def in_database(url: str, name: str) -> str:
    """Return *url* with another database in it."""
    address, _, options = url.partition("?")
    base = address.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{options}" if options else "")


# ── processes ────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def program(command: Sequence[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program beside us; it ends with the block, its children too."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        except Exception as trouble:
            trouble.add_note(f"{Path(command[0]).name} said at last:\n{end_of(log)}")
            raise
        finally:
            stop(process)


def end_of(log: IO[bytes]) -> str:
    """Return the last lines of a log."""
    log.seek(0)
    return log.read().decode(errors="replace")[-3000:]


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a program, politely first."""
    for request in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            process.send_signal(request)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)


@contextlib.contextmanager
def service(name: str, *, application: str = "config.web:application") -> Iterator["Served"]:
    """Run a service of docker-compose.yml by its own command and environment, on this machine.

    *application*: another one for the command of ``web``.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        here = {
            "web": {"0.0.0.0": "127.0.0.1", "8000": str(port), "config.web:application": application},  # noqa: S104
            "live": {"0.0.0.0": "127.0.0.1", "8001": str(port)},  # noqa: S104 - to be replaced
            "sweeper": {"/tmp/sweeper": f"{folder}/alive"},  # noqa: S108 - to be replaced
        }.get(name, {})
        around = environment_of(
            name, {"REDIS_URL": os.environ["REDIS_URL"], "TRUSTED_PROXIES": "127.0.0.1/32"}
        )
        with program(command_of(name, here), PORT=str(port), **around) as process:
            if name in PROBES:
                wait_for(process, lambda: status_of(port, PROBES[name][0]) == PROBES[name][1])
            yield Served(process, port)


@contextlib.contextmanager
def live_without_redis() -> Iterator["Served"]:
    """Serve WebSockets as a single server on PostgreSQL does."""
    port = free_port()
    command = [sys.executable, "-m", "config.server", "--port", str(port)]
    with program(command, PORT=str(port), REDIS_URL="") as process:
        wait_for(process, lambda: status_of(port, "/healthz") == 200)
        yield Served(process, port)


@contextlib.contextmanager
def cluster() -> Iterator[dict[str, "Served"]]:
    """Run every service of Respite's own, one of each."""
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(service(name)) for name in SERVICES}


class Served:
    """A server of ours: its process and its port."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port


def wait_for(process: subprocess.Popen[bytes], is_ready: Callable[[], bool]) -> None:
    """Wait until a server answers.

    Raises:
        NotStarted: it ended, or took too long.
    """
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if is_ready():
            return
        time.sleep(0.05)
    raise NotStarted("a server did not come up")


def status_of(port: int, path: str) -> int:
    """Return the status of what somebody answers there, 0 where nobody does."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.suppress(OSError, HTTPException):
        connection.request("GET", path)
        return connection.getresponse().status
    return 0


# ── what they use ────────────────────────────────────────────────────────────────────────────────────────────────


def family(process: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                children.setdefault(stat_of(int(entry.name))[1], []).append(int(entry.name))
    found = [process]
    for member in found:
        found += children.get(member, [])
    return found


def stat_of(process: int) -> list[int]:
    """Return the numbers of /proc/PID/stat after the name; the state letter, first of them, as 0."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, fields[1:])]


def megabytes(process: int) -> float:
    """Return what a process and its descendants hold in memory, pages that they share counted once (PSS)."""
    kilobytes = 0
    for member in family(process):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return kilobytes / 1024


def cpu_seconds(process: int) -> float:
    """Return the processor time that a process, its descendants and those that ended have used."""
    ticks = 0
    for member in family(process):
        with contextlib.suppress(OSError):
            # utime, stime, and those of the children that were waited for
            ticks += sum(stat_of(member)[11:15])
    return ticks / TICKS


def postmaster(url: str) -> int:
    """Return the process id of the database server, which must run on this machine."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    folder = Path(str(row[0] if row else ""))
    return int((folder / "postmaster.pid").read_text().splitlines()[0])
