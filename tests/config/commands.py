"""Management commands as processes of their own, without each of them loading Django and its libraries anew.

    python -m tests.config.commands

Loads what every command loads before it knows its settings, and opens nothing. For each line of its input, the order as
JSON, it forks a process that takes the order's environment for its own, reads and writes the files of its folder, and
runs the program as Python would, to Python's own end; it answers with that one's id and, when it has ended, its exit
code. Settings, models and all that is Respite's are loaded there. To load the libraries took three quarters of the time of a command.

What is seen of such a process is what is seen of one that starts from nothing, but for the outermost lines of a traceback:
`test_commands.py` compares the two.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "HOME", "LANG")
LIBRARIES = (
    "allauth.core.internal.ratelimit",
    "amqp.exceptions",
    "cryptography.fernet",
    "csp.constants",
    "django.contrib.auth.hashers",
    "django.core.management.commands.migrate",
    "django.core.management.templates",
    "django.core.servers.basehttp",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.template.defaulttags",
    "django.test",
    "kombu.entity",
    "kombu.serialization",
    "packaging.version",
    "psycopg_pool",
    "pydantic.json_schema",
    "pydantic.networks",
    "redis.asyncio",
    "yaml",
)
"""What takes long to load and reads no setting meanwhile; with each comes what it imports."""
STREAMS = {"stdin": os.O_RDONLY, "stdout": os.O_WRONLY, "stderr": os.O_WRONLY}


@dataclass(frozen=True)
class Order:
    """A program and what it is to find: ``manage.py`` or another script, ``-m`` and a module, or ``-c`` and code."""

    program: list[str]
    environment: dict[str, str]
    folder: str
    """Where its three streams are files."""


# ── the side of the tests ────────────────────────────────────────────────────────────────────────────────────────


def run(*program: str, environment: dict[str, str], stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a program to its end, whatever that is, in a process that has the libraries loaded."""
    with _streams(stdin) as folder:
        _begin(program, environment, folder)
        return subprocess.CompletedProcess(program, _answer(), *_said(folder))


@contextmanager
def running(*program: str, environment: dict[str, str]) -> Iterator[int]:
    """Run a program beside this one, give its id, and kill it when the block is left. No other may run meanwhile."""
    with _streams() as folder:
        pid = _begin(program, environment, folder)
        try:
            yield pid
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            code = _answer()
        assert code == -signal.SIGKILL, f"it ended by itself: {_said(folder)}"


def run_anew(
    *program: str, environment: dict[str, str], stdin: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end in a Python that starts from nothing, as a person's does."""
    return subprocess.run(
        [sys.executable, *program],
        cwd=ROOT,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def end() -> None:
    """End the process that has the libraries loaded, if there is one; it ends as well when this one is killed."""
    if _loaded.cache_info().currsize:
        _loaded().communicate()
        _loaded.cache_clear()


@cache
def _loaded() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.config.commands"],
        cwd=ROOT,
        env={name: os.environ[name] for name in KEPT if name in os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _begin(program: Sequence[str], environment: dict[str, str], folder: Path) -> int:
    """Order a program and return the id of its process."""
    orders = _loaded().stdin
    assert orders
    orders.write(json.dumps(asdict(Order(list(program), environment, str(folder)))) + "\n")
    orders.flush()
    return _answer()


def _answer() -> int:
    answers = _loaded().stdout
    assert answers
    answer = answers.readline()
    assert answer, f"the process that has the libraries loaded ended with {_loaded().wait()}"
    return int(answer)


@contextmanager
def _streams(stdin: str = "") -> Iterator[Path]:
    with TemporaryDirectory(prefix="respite-command-") as name:
        folder = Path(name)
        for stream in STREAMS:
            (folder / stream).write_text(stdin if stream == "stdin" else "")
        yield folder


def _said(folder: Path) -> tuple[str, str]:
    return (folder / "stdout").read_text(), (folder / "stderr").read_text()


# ── the side of the commands ─────────────────────────────────────────────────────────────────────────────────────


def main() -> None:
    """Fork for each order; a process that was forked returns, when its program does, to end as Python ends."""
    for library in LIBRARIES:
        importlib.import_module(library)
    gc.collect()
    gc.freeze()  # or each would look through, and so copy, all of it when it ends
    # Its own streams are not touched, for whom is forked to find them new.
    with os.fdopen(os.dup(0)) as orders, os.fdopen(os.dup(1), "w") as answers:
        for line in orders:
            pid = os.fork()
            if not pid:
                _be_the_command(Order(**json.loads(line)))
                return
            print(pid, file=answers, flush=True)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=answers, flush=True)


def _be_the_command(order: Order) -> None:
    for number, (name, mode) in enumerate(STREAMS.items()):
        stream = os.open(Path(order.folder) / name, mode)
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(order.environment)
    match order.program:
        case ["-c", code]:
            sys.argv = ["-c"]
            exec(code, {"__name__": "__main__"})  # noqa: S102 - a test's own, as python -c would
        case ["-m", module, *words]:
            sys.argv = ["-m", *words]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case [script, *words]:
            sys.argv = [script, *words]
            runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
