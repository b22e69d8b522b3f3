"""What 1,000 desks that beat every 5 s ask of the database, and of the whole machine.

    python -m benchmarks.beats [--quick] [--seconds 30] [--json FILE]

All of it runs on the real clock. First the beats call the service itself, from four processes, while the processor time of
all of PostgreSQL is read. Then they are posted as pages post them, to the web service of the cluster, while that of the web
service and of PostgreSQL is read; the pages' own work is not in it, though it takes from the same cores.
"""

import argparse
import contextlib
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import BrokenBarrierError
from typing import TYPE_CHECKING, Any

from benchmarks.browsers import Page, Shared
from benchmarks.measuring import (
    START_SECONDS,
    Report,
    Row,
    asked,
    at_most,
    insist,
    let_go_of_database,
    report,
)
from benchmarks.seats import Seated, seat
from benchmarks.servers import cpu_seconds, database, postmaster, service
from scripts.with_redis import private_redis

if TYPE_CHECKING:
    from benchmarks.world import Worker, World

BEAT = timedelta(seconds=5)
DESKS = 1_000
BEATS_A_SECOND = DESKS / BEAT.total_seconds()
PROCESSES = 4
ROOM_TO_SPARE = 70
"""Percent of all cores: beside beats people decide, and pictures are prepared."""

Beat = Callable[[], bool]
"""Beats once, and says whether the page still shows what it showed."""


# ── desks in a rhythm ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Told:
    """What came of a while of beating. ``spent``: seconds of processor time, of each process that was asked about."""

    done: int
    late: int
    lasted: float
    spent: Mapping[str, float]

    @property
    def note(self) -> str:
        """How much of what should be sent was sent, and heard in time."""
        return (
            f"{self.done / self.lasted:.0f} beats a second were sent, {self.late} came too late; "
            f"told for {BEATS_A_SECOND:.0f}"
        )

    def share(self, *names: str) -> float:
        """Return how many percent of one core these processes spend at the full rate."""
        return sum(self.spent[name] for name in names) / self.done * BEATS_A_SECOND * 100


def beating(
    people: "Sequence[Worker]",
    of: "Callable[[Seated, Worker], Beat]",
    *,
    seconds: float,
    asked: Mapping[str, int],
) -> Told:
    """Seat everybody, then let them beat from a few processes. *asked*: name → process whose time is read meanwhile."""
    let_go_of_database()
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(PROCESSES + 1), context.SimpleQueue()
    arguments = [(people[number::PROCESSES], of, seconds, barrier, results) for number in range(PROCESSES)]
    processes = [context.Process(target=beat_in_rhythm, args=each) for each in arguments]
    for process in processes:
        process.start()
    with contextlib.suppress(BrokenBarrierError):  # who broke it says why
        barrier.wait(START_SECONDS * 4)
    before, begun = {name: cpu_seconds(process) for name, process in asked.items()}, time.monotonic()
    told = [results.get() for _ in processes]
    lasted = time.monotonic() - begun
    spent = {name: cpu_seconds(process) - before[name] for name, process in asked.items()}
    for process in processes:
        process.join()
    insist(all(isinstance(one, tuple) for one in told), f"a worker of the benchmark failed: {told}")
    done, late = (sum(counts) for counts in zip(*told, strict=True))
    return Told(done, late, lasted, spent)


def beat_in_rhythm(
    people: "Sequence[Worker]",
    of: "Callable[[Seated, Worker], Beat]",
    seconds: float,
    barrier: Any,
    results: Any,
) -> None:
    """Seat these people, then beat for each every 5 s, spread evenly; tell how many beats, and how many too late."""
    try:
        seated = seat(people)
        beats = [of(one, worker) for one, worker in zip(seated, people, strict=True)]
        barrier.wait(START_SECONDS * 4)
        results.put(keep_beating(beats, seconds))
    except Exception as error:  # noqa: BLE001 - told, and raised, by who waits for it
        barrier.abort()
        results.put(repr(error))


def keep_beating(beats: "Sequence[Beat]", seconds: float) -> tuple[int, int]:
    """Beat for each in turn; return how many beats there were, and how many found their stage covered."""
    every = BEAT.total_seconds() / len(beats)
    begun, done, late = time.monotonic(), 0, 0
    while time.monotonic() - begun < seconds:
        time.sleep(max(begun + done * every - time.monotonic(), 0))
        late += not beats[done % len(beats)]()
        done += 1
    return done, late


# ── two ways to beat ─────────────────────────────────────────────────────────────────────────────────────────────


def by_service(seated: Seated, _worker: "Worker") -> "Beat":
    """Call what the page's post calls."""
    from django.utils import timezone

    from wellbeing.exceptions import BeatLate

    def beat() -> bool:
        try:
            return seated.beat(timezone.now()) is not None
        except BeatLate:
            return False

    return beat


def by_post(seated: Seated, worker: "Worker", *, lines: Shared) -> "Beat":
    """Post as a page does."""
    page = Page(lines.port, worker.session, lines)
    page.fields = {"claim": str(seated.claim.id), "fence": str(seated.claim.fence)}
    page.exposure = str(seated.shown.id)
    return page.beat


def run(rows: Report, world: "World", *, desks: int, seconds: float) -> None:
    """Measure both."""
    from benchmarks.world import hire

    cores = len(os.sched_getaffinity(0))
    database = {"PostgreSQL": postmaster(world.url)}
    asked = database | {"callers": os.getpid()}
    told = beating(hire(world.team, count=desks), by_service, seconds=seconds, asked=asked)
    rows.say(f"{desks:,} desks beat every 5 s for {seconds:g} s")
    what = f"{DESKS:,} desks: share of one core of PostgreSQL"
    rows.add(Row(what, told.share("PostgreSQL"), "%", target=at_most(15), note=told.note))
    whole = told.share("PostgreSQL", "callers") / cores
    what = f"{DESKS:,} desks: share of all {cores} cores, with the processes that call the service"
    rows.add(Row(what, whole, "%", target=at_most(ROOM_TO_SPARE)))
    with service("web") as web:
        people, post = hire(world.team, count=desks), partial(by_post, lines=Shared(web.port))
        told = beating(people, post, seconds=seconds, asked=database | {"web": web.process.pid})
    what = f"{DESKS:,} desks, posted as pages post them"
    rows.add(Row(f"{what}: share of one core of PostgreSQL", told.share("PostgreSQL"), "%", note=told.note))
    rows.add(Row(f"{what}: share of one core of the web service", told.share("web"), "%"))
    whole = told.share("PostgreSQL", "web") / cores
    rows.add(Row(f"{what}: share of all {cores} cores of both", whole, "%", target=at_most(ROOM_TO_SPARE)))


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark alone may be asked."""
    parser.add_argument("--seconds", type=float, default=30)


def main() -> int:
    """Start everything, measure, report."""
    options = asked(__doc__, add_options)
    desks, seconds = (40, 5) if options.quick else (DESKS, options.seconds)
    with (
        private_redis() as shared,
        database(shared=shared) as url,
        report("Exposure: desks that beat", options) as rows,
    ):
        from benchmarks.world import fill_jobs, seed

        world = seed(url)
        fill_jobs(world, 3 * DESKS)
        run(rows, world, desks=desks, seconds=seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
