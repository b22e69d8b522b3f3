"""What every benchmark shares: percentiles, taking turns, a row beside its limit, and the file of a run.

A row is one figure, what it is measured against in the same run, and its target. Where there is something to be
measured against, the ratio of the two is judged, else the figure itself.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import multiprocessing
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psycopg

T = TypeVar("T")
Step = Callable[[], object]
Way = Callable[[int], "contextlib.AbstractContextManager[tuple[Step, Step]]"]
"""Given a worker's number, lend a step that is timed and one that tidies up, outside the time."""

START_SECONDS = 60
MARKS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class NotWhatWasMeant(Exception):
    """What was measured did something else than it should have; no figure of it is told."""


def insist(found: T | None, sentence: str) -> T:
    """Return what was found, or what is so; stop the run where it is nothing, or not so.

    Raises:
        NotWhatWasMeant: it did not.
    """
    if not found:
        raise NotWhatWasMeant(sentence)
    return found


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value under which *share* (0 to 1) of *values* lie, by the nearest rank.

    Raises:
        ValueError: there are no values, or *share* is none.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError("a percentile needs values, and a share from 0 to 1")
    rank = max(math.ceil(share * len(values)), 1)
    return sorted(values)[rank - 1]


@dataclass
class Measured:
    """What one worker, or several together, did. ``times`` in seconds; ``nothing``: steps that returned None."""

    times: list[float] = field(default_factory=list)
    nothing: int = 0
    workers: int = 1

    @property
    def p50(self) -> float:
        """Median milliseconds."""
        return percentile(self.times, 0.5) * 1000

    @property
    def p99(self) -> float:
        """The milliseconds that one step in a hundred exceeds."""
        return percentile(self.times, 0.99) * 1000

    @property
    def rate(self) -> float:
        """How many a second all workers did, while they did nothing else."""
        return self.workers * len(self.times) / sum(self.times)

    def add(self, other: Measured) -> None:
        """Take in what the same number of workers did in another turn."""
        self.times += other.times
        self.nothing += other.nothing
        self.workers = other.workers


# ── repeating ────────────────────────────────────────────────────────────────────────────────────────────────────


def run_alone(way: Way, *, seconds: float, most: int, number: int = 0) -> Measured:
    """Repeat one way for a while, at most *most* times, on a connection of its own."""
    from django.db import connection

    measured = Measured()
    with way(number) as (step, tidy):
        for _ in range(min(5, most)):
            step()
            tidy()
        until = time.perf_counter() + seconds
        while time.perf_counter() < until and len(measured.times) < most:
            begun = time.perf_counter()
            found = step()
            measured.times.append(time.perf_counter() - begun)
            measured.nothing += found is None
            tidy()
    connection.close()
    return measured


def run_together(way: Way, *, workers: int, seconds: float, most: int) -> Measured:
    """Repeat one way in several processes at once, all released by one barrier."""
    let_go_of_database()
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(workers), context.SimpleQueue()

    def work(number: int) -> None:
        try:
            barrier.wait(START_SECONDS)
            results.put(run_alone(way, seconds=seconds, most=most, number=number))
        except Exception as error:  # noqa: BLE001 - told, and raised, by who waits for it
            results.put(repr(error))

    processes = [context.Process(target=work, args=(number,)) for number in range(workers)]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join()
    if broken := [one for one in found if not isinstance(one, Measured)]:
        raise NotWhatWasMeant(f"a worker of the benchmark failed: {broken[0]}")
    return Measured(
        [taken for one in found for taken in one.times], sum(one.nothing for one in found), workers
    )


def in_turns(
    ways: Mapping[str, Way],
    *,
    workers: int = 1,
    rounds: int,
    seconds: float,
    most: int = 1_000_000,
    ready: Callable[[], object] = lambda: None,
) -> dict[str, Measured]:
    """Let the ways take turns, so that a busy machine slows all of them; *ready* comes before each turn."""
    total = {name: Measured() for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            ready()
            total[name].add(
                run_alone(way, seconds=seconds, most=most)
                if workers == 1
                else run_together(way, workers=workers, seconds=seconds, most=most)
            )
    return total


def let_go_of_database() -> None:
    """Close this process's connections and their pool: a child that is forked now must not share them."""
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    for connection in connections.all():
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()


def statements(act: Step) -> int:
    """Return how many statements *act* sends, transaction marks left out. Every cursor counts, also ours past Django."""
    sent: list[str] = []
    execute = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        sent.append(query if isinstance(query, str) else bytes(query).decode())
        return execute(self, query, *arguments, **options)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign]
    try:
        act()
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    return len([one for one in sent if not one.lstrip().upper().startswith(MARKS)])


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Target:
    """``sign`` is ≥ or ≤."""

    sign: str
    value: float

    def is_met_by(self, value: float) -> bool:
        """Say whether a figure is on the right side."""
        return value >= self.value if self.sign == "≥" else value <= self.value


@dataclass(frozen=True)
class Row:
    """One figure. ``faster``: the ratio says how often it goes into its limit, and not the other way round.

    ``measured`` None: it cannot be measured (yet), ``note`` says why.
    """

    what: str
    measured: float | None
    unit: str
    against: str = ""
    limit: float | None = None
    faster: bool = False
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Measured beside its limit."""
        if self.measured is None or self.limit is None:
            return None
        return self.limit / self.measured if self.faster else self.measured / self.limit

    @property
    def judged(self) -> float | None:
        """What the target is about."""
        return self.measured if self.limit is None else self.ratio

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none, or no figure."""
        if self.target is None or self.judged is None:
            return None
        return self.target.is_met_by(self.judged)

    def cells(self) -> list[str]:
        """Return what, measured, against, ratio, target and verdict, as words."""
        limit = "" if self.limit is None else f": {in_words(self.limit, self.unit)}"
        return [
            self.what + (f" ({self.note})" if self.note else ""),
            "–" if self.measured is None else in_words(self.measured, self.unit),
            self.against + limit or "–",
            "–" if self.ratio is None else f"{figure(self.ratio)} ×",
            self._target_in_words(),
            {True: "met", False: "**not met**", None: "–"}[self.met],
        ]

    def _target_in_words(self) -> str:
        if self.target is None:
            return "–"
        value = f"{self.target.value:,g}"
        return (
            f"{self.target.sign} {value} ×"
            if self.limit is not None
            else f"{self.target.sign} {value} {self.unit}".rstrip()
        )


def figure(value: float) -> str:
    """Return a number with about three digits that say something."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"


def in_words(value: float, unit: str) -> str:
    """Return a figure and its unit."""
    return f"{figure(value)} {unit}".rstrip()


def at_least(value: float) -> Target:
    """No less than this."""
    return Target("≥", value)


def at_most(value: float) -> Target:
    """No more than this."""
    return Target("≤", value)


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Report:
    """The rows of one section, printed as they come."""

    section: str
    is_quick: bool
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Print a row and keep it."""
        self.rows.append(row)
        what, measured, against, ratio, target, met = row.cells()
        print(
            f"  {what:76} {measured:>14}  {against:44} {ratio:>9}  {target:12} {met.strip('*')}", flush=True
        )

    def say(self, title: str) -> None:
        """Print what comes next."""
        print(f"\n{self.section}: {title}", flush=True)

    def save(self, path: Path) -> None:
        """Write the run as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        said = {
            "section": self.section,
            "quick": self.is_quick,
            "machine": machine(),
            "rows": [asdict(row) for row in self.rows],
        }
        path.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")


def row_from(said: dict[str, Any]) -> Row:
    """Return the row that a file holds."""
    target = Target(**said["target"]) if said["target"] else None
    return Row(**{**said, "target": target})


def machine() -> dict[str, str]:
    """Say what this is measured on, read from the system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.0f} GiB",
        "python": platform.python_version(),
        "postgresql": postgresql_version(),
    }


def postgresql_version() -> str:
    """Return the version of the server that DATABASE_URL names, or nothing."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return ""
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        return str(connection.info.parameter_status("server_version") or "").partition(" ")[0]
    return ""


def asked(doc: str | None, *add: Callable[[argparse.ArgumentParser], object]) -> argparse.Namespace:
    """Return what the command line of a benchmark asks."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--quick", action="store_true", help="small and short: only to see that it runs")
    sizes.add_argument("--full", action="store_true", help="as large as it gets: 5 million jobs that wait")
    for more in add:
        more(parser)
    return parser.parse_args()


@contextlib.contextmanager
def report(section: str, options: argparse.Namespace) -> Iterator[Report]:
    """Lend the report of a section; at the end it is written where the command line says."""
    begun = time.monotonic()
    rows = Report(section, options.quick)
    yield rows
    if options.json:
        rows.save(options.json)
    print(f"\n{section}: {time.monotonic() - begun:.0f} s in all", flush=True)
