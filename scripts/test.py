"""Everything behind `make test`: lint, types, import contracts, and the suite on SQLite, on PostgreSQL and as a cluster.

    python -m scripts.test [--only lint|sqlite|postgres|cluster] [-- pytest's own arguments]

PostgreSQL is a private server in a temporary folder (scripts/with_postgres.py), or the one that DATABASE_URL names;
Redis is always a private one. The third run is the promises with both of them, and a whole cluster of processes.
What leaves half of the machine idle has company: beside the tests on SQLite run lint, browsers, kills and a whole cluster.
It ends by naming what was skipped and why, and with a plain closing line. REQUIRE_ALL=1 makes any skip a failure.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from scripts.with_postgres import (
    PostgresFailed,
    PostgresMissing,
    find_binaries,
    private_postgres,
    stop_in_order,
)
from scripts.with_redis import RedisFailed, RedisMissing, find_redis, private_redis

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
ALONE = {"browsers": "browser", "kills": "faults and not browser"}
"""They measure moments, and a driver of browsers leaves an event loop behind: no other test shares their process."""
FOLDERS = {
    "browsers": ["tests/browser"],
    "kills": ["tests/config", "tests/faults", "tests/promises", "tests/scripts"],
}
"""Where all tests of a run are, so that it need not collect every other. tests/scripts/test_test.py looks that it is so."""
OTHERS = {"DATABASE_URL", "REDIS_URL", "PORT", "CLUSTER"}
"""What names somebody else's server."""
LEAN = ["-p", "no:schemathesis", "--ignore", "tests/contracts/test_schemathesis.py"]
"""To load it takes 2 s, to collect its tests 4 s, for runs that have none of them."""
SLOW = {"PYTHONDONTWRITEBYTECODE"}
"""With it, each of the many processes of a run would compile Respite and its tests anew, for 15 s."""
NO_TESTS = 5
STOP_SECONDS = 3
INTERRUPTED = 130


@dataclass
class Results:
    """What one or more runs of tests came to."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)
    """One line for each: which test or run, and why."""
    broken: list[str] = field(default_factory=list)
    """Checks and runs that ended badly without being a test."""
    said: list[str] = field(default_factory=list)
    """What was kept back, for not to interrupt the output of what ran beside it."""

    def add(self, other: Results) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.broken += other.broken
        self.said += other.said


class Children:
    """The programs that run now. Only the main thread hears Ctrl-C, so it is the one that stops all of them."""

    def __init__(self) -> None:
        self.lock, self.running, self.stopped = threading.Lock(), set[subprocess.Popen[str]](), False

    def run(
        self, command: list[str], environment: dict[str, str], output: Any = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one to its end.

        Raises:
            Stopped: everything is told to stop.
        """
        with self.lock:
            if self.stopped:
                raise Stopped
            child = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=output, stderr=output, text=True
            )
            self.running.add(child)
        try:
            said, complained = child.communicate()
        finally:
            self.running.discard(child)
        return subprocess.CompletedProcess(command, child.returncode, said, complained)

    def stop(self) -> None:
        """Start no more. Who was at the terminal has heard Ctrl-C as well and may end in order; then they are ended."""
        with self.lock:
            self.stopped = True
        for child in list(self.running):
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.terminate()


class Stopped(Exception):
    """Nothing more is started."""


CHILDREN = Children()


# ── lint ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def templates() -> list[str]:
    """Return every template, relative to the project."""
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def lint_commands() -> dict[str, list[str]]:
    """Return name → command of every check that needs no test database."""
    python = str(BIN / "python")
    commands = {
        "mypy": [str(BIN / "mypy")],
        "ruff": [str(BIN / "ruff"), "check", "--quiet", "."],
        "ruff format": [str(BIN / "ruff"), "format", "--quiet", "--check", "."],
        "import contracts": [str(BIN / "lint-imports"), "--no-logo", "--no-cache"],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "system checks": [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    }
    if templates():
        commands["djade"] = [str(BIN / "djade"), "--target-version", "5.2", "--check", *templates()]
        commands["djhtml"] = [str(BIN / "djhtml"), "--tabwidth", "2", "--check", *templates()]
    return commands


def lint_environment(folder: Path) -> dict[str, str]:
    """Return the environment of a production-like installation in `folder`, for Django's checks."""
    clean = {name: value for name, value in os.environ.items() if name not in OTHERS}
    return clean | {
        "DATA_DIR": str(folder),
        "PUBLIC_URL": "https://respite.example",
        "ALLOWED_HOSTS": "respite.example",
        "SECRET_KEY": "of-a-check-that-keeps-nothing-" + "0123456789abcdef" * 4,
    }


def lint(*, at_once: int = 2) -> Results:
    """Run every check, so many at once. What is said is how they went, with the output of those that fail."""

    def run(command: list[str]) -> subprocess.CompletedProcess[str]:
        return CHILDREN.run(command, environment, subprocess.PIPE)

    commands, results, lines = lint_commands(), Results(), [headline("Lint")]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(at_once) as pool:
        environment = lint_environment(Path(folder))
        for name, done in zip(commands, pool.map(run, commands.values()), strict=True):
            lines.append(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'}")
            if done.returncode != 0:
                lines.append(done.stdout + done.stderr)
                results.broken.append(name)
    results.said.append("\n".join(lines))
    return results


# ── the suite ────────────────────────────────────────────────────────────────────────────────────────────────────


def suite_environment(folder: Path, servers: dict[str, str]) -> dict[str, str]:
    """Return the environment of one run: data of its own in `folder`, and no servers but the ones named."""
    environment = {name: value for name, value in os.environ.items() if name not in OTHERS | SLOW}
    environment |= {"DATA_DIR": str(folder / "data"), "TEST_SQLITE_FILE": str(folder / "test.sqlite3")}
    return environment | servers


def suite(
    name: str,
    *,
    marks: str,
    arguments: list[str],
    servers: dict[str, str] | None = None,
    processes: int = 2,
    at_the_end: bool = False,
) -> Results:
    """Run pytest once, in so many processes (0: this one's own child, file by file), and read its report.

    *servers*: variable → address. *at_the_end*: keep its output back, in one piece, instead of printing it as it comes.
    """
    if not at_the_end:
        say(headline(name))
    with tempfile.TemporaryDirectory(prefix="respite-test-") as temporary:
        folder = Path(temporary)
        (folder / "data").mkdir()
        report = folder / "report.xml"
        command = [str(BIN / "python"), "-m", "pytest", "-q", "-n", str(processes), "--dist", "worksteal"]
        command += ["--durations", "10", "-m", marks, f"--junitxml={report}", *arguments]
        output = folder / "output"
        with output.open("w") if at_the_end else contextlib.nullcontext() as kept:
            done = CHILDREN.run(command, suite_environment(folder, servers or {}), kept)
        results = read_report(name, report)
        if at_the_end:
            results.said.append(headline(name) + "\n" + output.read_text(errors="replace"))
    nothing_asked_for = done.returncode == NO_TESTS and bool(set(arguments) - set(LEAN))
    if done.returncode != 0 and not results.failed and not nothing_asked_for:
        results.broken.append(f"{name}: pytest ended with {done.returncode}")
    return results


def read_report(run: str, report: Path) -> Results:
    """Read pytest's JUnit file."""
    results = Results()
    if not report.exists():
        return results
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest has just written it
        skipped = case.find("skipped")
        if skipped is not None:
            test = f"{case.get('classname', '')}.{case.get('name', '')}".strip(".")
            results.skipped.append(f"{run}: {test}: {skipped.get('message', '')}")
        elif case.find("failure") is not None or case.find("error") is not None:
            results.failed += 1
        else:
            results.passed += 1
    return results


class Postgres:
    """The server of two runs: that of DATABASE_URL, or one of our own, which the first that asks starts.

    What the first run has migrated is still there for the second.
    """

    def __init__(self, until_the_end: contextlib.ExitStack) -> None:
        self.until_the_end, self.variables = until_the_end, self._given()

    def __call__(self) -> dict[str, str]:
        """Return the variables that name it.

        Raises:
            PostgresMissing, PostgresFailed: there is none.
        """
        if not self.variables:
            self.variables = {"DATABASE_URL": self.until_the_end.enter_context(private_postgres())}
        return self.variables

    def _given(self) -> dict[str, str]:
        """Return where it is said to be; nothing of ours is left there for a second run."""
        given = os.environ.get("DATABASE_URL", "")
        return {"DATABASE_URL": given, "TEST_READY_FOLDER": ""} if given.startswith("postgres") else {}


@contextlib.contextmanager
def ready_databases() -> Iterator[None]:
    """Let all processes of all runs share what tests/ready_database.py makes."""
    with tempfile.TemporaryDirectory(prefix="respite-ready-") as folder:
        os.environ["TEST_READY_FOLDER"] = folder
        yield


PLAIN = "not cluster and not postgres"


def plain_on_sqlite(arguments: list[str], *, processes: int = 2) -> Results:
    """Run what needs no PostgreSQL, no browser, and kills nothing."""
    marks = f"{PLAIN} and not browser and not faults"
    return suite("SQLite", marks=marks, arguments=arguments or ["tests"], processes=processes)


def alone_on_sqlite(kind: str, arguments: list[str], *, at_the_end: bool = False) -> Results:
    """Run what drives browsers, or what kills processes."""
    return suite(
        f"SQLite: {kind}",
        marks=f"{PLAIN} and {ALONE[kind]}",
        arguments=[*LEAN, *(arguments or FOLDERS[kind])],
        processes=0,
        at_the_end=at_the_end,
    )


def on_sqlite(arguments: list[str]) -> Results:
    """Run everything that needs no PostgreSQL."""
    alone = [partial(alone_on_sqlite, kind, arguments) for kind in ALONE]
    return in_turn([partial(plain_on_sqlite, arguments), *alone])


def side_by_side(parts: Sequence[Callable[[], Results]]) -> Results:
    """Run parts that leave half of the machine to each other; all but one must keep their output back."""
    results = Results()
    with ThreadPoolExecutor(len(parts)) as pool:
        begun = [pool.submit(part) for part in parts]
        try:
            for part in begun:
                results.add(part.result())
        except KeyboardInterrupt:
            CHILDREN.stop()
            raise
    return results


def on_postgres(arguments: list[str], postgres: Postgres, *, promises: bool) -> Results:
    """Run everything again, but for what is SQLite's own, what touches no database at all, and what comes a third time.

    *promises*: whether they are run here; on the same database they are run as a cluster, too.
    """
    marks = "not cluster and not sqlite and not any_database"
    arguments = [*LEAN, *arguments] if promises else [*LEAN, *arguments, "--ignore", "tests/promises"]
    try:
        return suite("PostgreSQL", marks=marks, servers=postgres(), arguments=arguments)
    except PostgresMissing as missing:
        return Results(skipped=[f"PostgreSQL: the whole run: {missing}"])
    except PostgresFailed as failed:
        return Results(broken=[f"PostgreSQL: the private server did not start: {failed}"])


def has_redis() -> bool:
    """Say whether the third run can be made."""
    try:
        find_redis()
    except RedisMissing:
        return False
    return True


def has_postgres() -> bool:
    """Say whether a private server can be started."""
    try:
        find_binaries()
    except PostgresMissing:
        return False
    return True


def on_cluster(arguments: list[str], postgres: Postgres) -> Results:
    """Run the promises with the shared cache, limits and channel layer, on PostgreSQL."""
    try:
        with private_redis() as redis:
            return suite(
                "Cluster: the promises",
                marks="not cluster and not sqlite and not any_database",
                servers=postgres() | {"REDIS_URL": redis},
                arguments=[*LEAN, *(arguments or ["tests/promises"])],
            )
    except (PostgresMissing, RedisMissing) as missing:
        return Results(skipped=[f"Cluster: the whole run: {missing}"])
    except (PostgresFailed, RedisFailed) as failed:
        return Results(broken=[f"Cluster: a private server did not start: {failed}"])


def every_process(arguments: list[str], *, at_the_end: bool = False) -> Results:
    """Run a whole cluster of processes, which starts its own servers; without them ``on_cluster`` says what is skipped."""
    if not (has_redis() and has_postgres()):
        return Results()
    whole = [*LEAN, *(arguments or ["tests/cluster"])]
    name = "Cluster: every process"
    return suite(name, marks="cluster", arguments=whole, processes=0, at_the_end=at_the_end)


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────


def headline(name: str) -> str:
    return f"\n── {name} " + "─" * (100 - len(name))


def say(text: str) -> None:
    """Print at once: what follows may come from another process."""
    print(text, flush=True)


def conclude(results: Results, *, seconds: float) -> int:
    """Name what was skipped and what broke, print the closing line, return the exit code."""
    if results.skipped:
        say("\nSkipped:")
        for line in results.skipped:
            say(f"  {line}")
    for line in results.broken:
        say(f"\nFAILED: {line}")
    require_all = os.environ.get("REQUIRE_ALL") == "1"
    if require_all and results.skipped:
        say("\nFAILED: REQUIRE_ALL=1 allows no skip.")
    say(f"\n{seconds:.0f} s")
    say(
        f"{results.passed} passed, {results.failed + len(results.broken)} failed, {len(results.skipped)} skipped"
    )
    bad = results.failed or results.broken or (require_all and results.skipped)
    return 1 if bad else 0


def in_turn(parts: Sequence[Callable[[], Results]]) -> Results:
    """Run parts one after the other."""
    results = Results()
    for part in parts:
        results.add(part())
    return results


def runs(only: str | None, arguments: list[str], postgres: Postgres) -> Iterator[Callable[[], Results]]:
    """Yield what was asked for, in the order in which it is run; everything, if *only* names nothing."""
    if only is None:
        yield from everything(arguments, postgres)
    elif only == "lint":
        yield lint
    elif only == "sqlite":
        yield partial(on_sqlite, arguments)
    elif only == "postgres":
        yield partial(on_postgres, arguments, postgres, promises=True)
    else:
        yield partial(on_cluster, arguments, postgres)
        yield partial(every_process, arguments)


def everything(arguments: list[str], postgres: Postgres) -> Iterator[Callable[[], Results]]:
    """Yield all runs.

    A browser, processes that are killed and a cluster wait for one another and take one of two cores: the tests on SQLite,
    which wait for nothing, have the other one. Two that wait, side by side, would only make each other wait longer.
    """
    alone = [partial(alone_on_sqlite, kind, arguments, at_the_end=True) for kind in ALONE]
    whole = partial(every_process, arguments, at_the_end=True)
    one_after_the_other = partial(in_turn, [*alone, whole, partial(lint, at_once=1)])
    yield partial(side_by_side, [partial(plain_on_sqlite, arguments, processes=1), one_after_the_other])
    yield partial(on_postgres, arguments, postgres, promises=not has_redis())
    yield partial(on_cluster, arguments, postgres)


def main() -> int:
    """Run what the command line asks for; everything, if it asks for nothing."""
    parser = argparse.ArgumentParser(
        description="Lint, types, import contracts and the suite in all three modes."
    )
    parser.add_argument("--only", choices=["lint", "sqlite", "postgres", "cluster"])
    parser.add_argument("arguments", nargs="*", metavar="pytest argument", help="after --")
    asked = parser.parse_args()
    stop_in_order()
    started, results = time.monotonic(), Results()
    try:
        with ready_databases(), contextlib.ExitStack() as until_the_end:
            for run in runs(asked.only, asked.arguments, Postgres(until_the_end)):
                results.add(run())
                while results.said:
                    say(results.said.pop(0))
    except (KeyboardInterrupt, Stopped):
        CHILDREN.stop()
        say("\nStopped.")
        return INTERRUPTED
    return conclude(results, seconds=time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
