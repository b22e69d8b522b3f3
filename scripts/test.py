"""Everything behind `make test`: lint, types, import contracts, and the suite on SQLite, on PostgreSQL and as a cluster.

    python -m scripts.test [--only lint|sqlite|postgres|cluster] [-- pytest's own arguments]

PostgreSQL is a private server in a temporary folder (scripts/with_postgres.py), or the one that DATABASE_URL names;
Redis is always a private one. The third run is the promises with both of them, and a whole cluster of processes.
It ends by naming what was skipped and why, and with a plain closing line. REQUIRE_ALL=1 makes any skip a failure.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from scripts.with_postgres import PostgresFailed, PostgresMissing, private_postgres, stop_in_order
from scripts.with_redis import RedisFailed, RedisMissing, find_redis, private_redis

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
ALONE = "browser or faults"
"""They measure moments, and a driver of browsers leaves an event loop behind: no other test shares their process."""
OTHERS = {"DATABASE_URL", "REDIS_URL", "PORT", "CLUSTER"}
"""What names somebody else's server."""
LEAN = ["-p", "no:schemathesis", "--ignore", "tests/contracts/test_schemathesis.py"]
"""To load it takes 2 s, to collect its tests 4 s, for runs that have none of them."""
SLOW = {"PYTHONDONTWRITEBYTECODE"}
"""With it, each of the many processes of a run would compile Respite and its tests anew, for 15 s."""
NO_TESTS = 5
INTERRUPTED = 130


@dataclass
class Tally:
    """What one or more runs of tests came to."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)
    """One line for each: which test or run, and why."""
    broken: list[str] = field(default_factory=list)
    """Checks and runs that ended badly without being a test."""

    def add(self, other: Tally) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.broken += other.broken


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


def lint() -> Tally:
    """Run every check, two at a time, and print the output of those that fail."""

    def run(command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    commands, tally = lint_commands(), Tally()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        environment = lint_environment(Path(folder))
        for name, done in zip(commands, pool.map(run, commands.values()), strict=True):
            say(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'}")
            if done.returncode != 0:
                say(done.stdout + done.stderr)
                tally.broken.append(name)
    return tally


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
) -> Tally:
    """Run pytest once, in so many processes (0: this one's own child, file by file), and read its report.

    *servers*: variable → address.
    """
    say(f"\n── {name} " + "─" * (100 - len(name)))
    with tempfile.TemporaryDirectory(prefix="respite-test-") as temporary:
        folder = Path(temporary)
        (folder / "data").mkdir()
        report = folder / "report.xml"
        command = [str(BIN / "python"), "-m", "pytest", "-q", "-n", str(processes), "--dist", "worksteal"]
        command += ["--durations", "10", "-m", marks, f"--junitxml={report}", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=suite_environment(folder, servers or {}), check=False)
        tally = read_report(name, report)
    nothing_asked_for = done.returncode == NO_TESTS and bool(set(arguments) - set(LEAN))
    if done.returncode != 0 and not tally.failed and not nothing_asked_for:
        tally.broken.append(f"{name}: pytest ended with {done.returncode}")
    return tally


def read_report(run: str, report: Path) -> Tally:
    """Read pytest's JUnit file."""
    tally = Tally()
    if not report.exists():
        return tally
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest has just written it
        skipped = case.find("skipped")
        if skipped is not None:
            test = f"{case.get('classname', '')}.{case.get('name', '')}".strip(".")
            tally.skipped.append(f"{run}: {test}: {skipped.get('message', '')}")
        elif case.find("failure") is not None or case.find("error") is not None:
            tally.failed += 1
        else:
            tally.passed += 1
    return tally


@contextlib.contextmanager
def some_postgres() -> Iterator[dict[str, str]]:
    """Yield the variables that name a server: that of DATABASE_URL, where no ready database is left, or one of our own."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield {"DATABASE_URL": given, "TEST_READY_FOLDER": ""}
        return
    with private_postgres() as url:
        yield {"DATABASE_URL": url}


@contextlib.contextmanager
def ready_databases() -> Iterator[None]:
    """Let all processes of all runs share what tests/ready_database.py makes."""
    with tempfile.TemporaryDirectory(prefix="respite-ready-") as folder:
        os.environ["TEST_READY_FOLDER"] = folder
        yield


def on_sqlite(arguments: list[str]) -> Tally:
    """Run what needs no PostgreSQL. What drives browsers or kills processes has the machine to itself."""
    tally = suite("SQLite", marks=f"not cluster and not postgres and not ({ALONE})", arguments=arguments)
    alone = suite(
        "SQLite: browsers and kills",
        marks=f"not cluster and not postgres and ({ALONE})",
        arguments=[*LEAN, *arguments],
        processes=1,
    )
    tally.add(alone)
    return tally


def on_postgres(arguments: list[str], *, promises: bool) -> Tally:
    """Run everything again, but for what is SQLite's own, what touches no database at all, and what comes a third time.

    *promises*: whether they are run here; on the same database they are run as a cluster, too.
    """
    marks = "not cluster and not sqlite and not any_database"
    arguments = arguments if promises else [*arguments, "--ignore", "tests/promises"]
    try:
        with some_postgres() as database:
            return suite("PostgreSQL", marks=marks, servers=database, arguments=arguments)
    except PostgresMissing as missing:
        return Tally(skipped=[f"PostgreSQL: the whole run: {missing}"])
    except PostgresFailed as failed:
        return Tally(broken=[f"PostgreSQL: the private server did not start: {failed}"])


def has_redis() -> bool:
    """Say whether the third run can be made."""
    try:
        find_redis()
    except RedisMissing:
        return False
    return True


def on_cluster(arguments: list[str]) -> Tally:
    """Run the promises with the shared cache, limits and channel layer, then a whole cluster alone on the machine."""
    try:
        with some_postgres() as database, private_redis() as redis:
            tally = suite(
                "Cluster: the promises",
                marks="not cluster and not sqlite and not any_database",
                servers=database | {"REDIS_URL": redis},
                arguments=[*LEAN, *(arguments or ["tests/promises"])],
            )
    except (PostgresMissing, RedisMissing) as missing:
        return Tally(skipped=[f"Cluster: the whole run: {missing}"])
    except (PostgresFailed, RedisFailed) as failed:
        return Tally(broken=[f"Cluster: a private server did not start: {failed}"])
    whole = [*LEAN, *(arguments or ["tests/cluster"])]
    tally.add(suite("Cluster: every process", marks="cluster", arguments=whole, processes=0))
    return tally


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────


def say(text: str) -> None:
    """Print at once: what follows may come from another process."""
    print(text, flush=True)


def conclude(tally: Tally, *, seconds: float) -> int:
    """Name what was skipped and what broke, print the closing line, return the exit code."""
    if tally.skipped:
        say("\nSkipped:")
        for line in tally.skipped:
            say(f"  {line}")
    for line in tally.broken:
        say(f"\nFAILED: {line}")
    require_all = os.environ.get("REQUIRE_ALL") == "1"
    if require_all and tally.skipped:
        say("\nFAILED: REQUIRE_ALL=1 allows no skip.")
    say(f"\n{seconds:.0f} s")
    say(f"{tally.passed} passed, {tally.failed + len(tally.broken)} failed, {len(tally.skipped)} skipped")
    bad = tally.failed or tally.broken or (require_all and tally.skipped)
    return 1 if bad else 0


def runs(only: str | None, arguments: list[str]) -> Iterator[Callable[[], Tally]]:
    """Yield what was asked for, in the order in which it is run; everything, if *only* names nothing."""
    if only in {None, "lint"}:
        yield lint
    if only in {None, "sqlite"}:
        yield partial(on_sqlite, arguments)
    if only in {None, "postgres"}:
        again = only is None and has_redis()
        yield partial(on_postgres, arguments, promises=not again)
    if only in {None, "cluster"}:
        yield partial(on_cluster, arguments)


def main() -> int:
    """Run what the command line asks for; everything, if it asks for nothing."""
    parser = argparse.ArgumentParser(
        description="Lint, types, import contracts and the suite in all three modes."
    )
    parser.add_argument("--only", choices=["lint", "sqlite", "postgres", "cluster"])
    parser.add_argument("arguments", nargs="*", metavar="pytest argument", help="after --")
    asked = parser.parse_args()
    stop_in_order()
    started, tally = time.monotonic(), Tally()
    try:
        with ready_databases():
            for run in runs(asked.only, asked.arguments):
                tally.add(run())
    except KeyboardInterrupt:
        say("\nStopped.")
        return INTERRUPTED
    return conclude(tally, seconds=time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
