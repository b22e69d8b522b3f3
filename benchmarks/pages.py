"""What a moderator waits for between a decision and the next case, against an empty signed-in page.

    python -m benchmarks.pages [--quick] [--seconds 30] [--json FILE]

The whole cluster runs: web under WSGI, live, one worker, the sweeper, Redis, PostgreSQL. 'At 200 desks' every desk
decides each 30 s and beats each 5 s, as people do; the empty page is read in the same rhythm, in a turn of its own.
'Cycles' are of 8 people who do nothing but decide.
"""

import argparse
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from benchmarks.browsers import FIELDS, Page, Shared
from benchmarks.measuring import (
    Measured,
    Report,
    Row,
    Step,
    asked,
    at_least,
    at_most,
    insist,
    report,
    run_together,
    statements,
)
from benchmarks.servers import WORKERS, Served, cluster, database, megabytes
from scripts.with_redis import private_redis

if TYPE_CHECKING:
    from benchmarks.world import Worker, World

LANES = 6
PEOPLE = 8
BEAT_SECONDS = 5.0
CONTENT = 50_000
HANDS = 16
EMPTY = "/talk/"
WORDS_OF_EMPTY = "Talk to someone"


@dataclass(frozen=True)
class Size:
    """How many jobs wait for the cycles, how many desks are paced, and how long each turn lasts."""

    jobs: tuple[int, int]
    desks: tuple[tuple[int, float], ...]
    """So many desks, each of which decides every so many seconds."""
    seconds: float


# ── desks in a rhythm ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Room:
    """Desks that act each in its turn, on a few threads; no act waits for another desk's answer."""

    pages: Sequence[Page]
    late_beats: int = 0
    taken: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def everybody(self, step: Callable[[Page], object]) -> None:
        """Let everybody do something once, as soon as they can."""
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(step, self.pages))

    def act(self, act: Callable[[Page], float], *, every: float, seconds: float) -> Measured:
        """Let each desk *act* every so often for a while, and beat in between."""
        self.taken, self.late_beats = [], 0
        with ThreadPoolExecutor(HANDS) as hands:
            running = []
            for moment, step in self._moments(act, every=every, seconds=seconds):
                time.sleep(max(moment - time.perf_counter(), 0))
                running.append(hands.submit(step))
            for one in running:
                one.result()
        return Measured(self.taken)

    def _moments(
        self, act: Callable[[Page], float], *, every: float, seconds: float
    ) -> list[tuple[float, Callable[[], None]]]:
        """Return when each desk acts and beats, all of them spread evenly over their rhythm."""
        begins, moments = time.perf_counter() + 0.2, []
        for number, page in enumerate(self.pages):
            place = number / len(self.pages)
            moments += [(at, partial(self._act, page, act)) for at in rhythm(place, every, seconds)]
            moments += [(at, partial(self._beat, page)) for at in rhythm(place, BEAT_SECONDS, seconds)]
        return sorted(((begins + at, step) for at, step in moments), key=lambda one: one[0])

    def _act(self, page: Page, act: Callable[[Page], float]) -> None:
        with page.turn:
            seconds = act(page)
        with self.lock:
            self.taken.append(seconds)

    def _beat(self, page: Page) -> None:
        with page.turn:
            is_shown = page.beat()
        with self.lock:
            self.late_beats += not is_shown


def rhythm(place: float, every: float, seconds: float) -> list[float]:
    """Return the moments of one desk within a turn."""
    count = int((seconds / every) + 1 - place)
    return [(place + number) * every for number in range(count)]


def paced(rows: Report, world: "World", web: Served, size: Size) -> None:
    """Latency at a few and at many desks."""
    from benchmarks.world import hire

    for desks, every in size.desks:
        lines = Shared(web.port)
        room = Room([Page(web.port, worker.session, lines) for worker in hire(world.team, count=desks)])
        room.everybody(Page.open)
        # Once more, because whoever sat down first may have been silent for too long by now.
        room.everybody(Page.decide)
        empty = room.act(
            partial(Page.read, path=EMPTY, holds=WORDS_OF_EMPTY), every=every, seconds=size.seconds
        )
        decided = room.act(Page.decide, every=every, seconds=size.seconds)
        rows.say(f"{desks} desks, each decides every {every:g} s and beats every {BEAT_SECONDS:g} s")
        what = f"decision posted → next case shown, {desks} desks"
        limits = (at_most(60), at_most(200)) if desks == max(size.desks)[0] else (None, None)
        note = f"{len(decided.times):,} decisions"
        rows.add(Row(f"{what}, p50", decided.p50, "ms", target=limits[0], note=note))
        rows.add(Row(f"{what}, p99", decided.p99, "ms", target=limits[1]))
        rows.add(
            Row(f"{what}, p50", decided.p50, "ms", "an empty signed-in page", empty.p50, target=at_most(3))
        )
        rows.add(Row(f"beats that came too late, {desks} desks", room.late_beats, ""))


# ── cycles ───────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def decider(number: int, *, port: int, people: "Sequence[Worker]") -> Iterator[tuple[Step, Step]]:
    """Somebody who does nothing but decide."""
    page = Page(port, people[number].session)
    page.open()
    yield page.decide, lambda: None
    page.close()


def cycles(rows: Report, world: "World", web: Served, size: Size) -> None:
    """Decide + next by 8 people, with few and with many jobs waiting."""
    from benchmarks.world import fill_cases, fill_jobs, hire
    from moderation.models import Decision

    rates: dict[int, float] = {}
    for jobs in size.jobs:
        after = sum(rates)
        fill_jobs(world, jobs, after=after)
        fill_cases(world, after + min(jobs, CONTENT))
        before = Decision.objects.count()
        way = partial(decider, port=web.port, people=hire(world.team, count=PEOPLE))
        found = run_together(
            way, workers=PEOPLE, seconds=size.seconds / 3, most=min(jobs, CONTENT) // (2 * PEOPLE)
        )
        insist(Decision.objects.count() - before >= len(found.times), "decisions are missing")
        rates[jobs] = found.rate
        rows.say(f"{PEOPLE} people, {jobs:,} waiting")
        what = f"decide + next over HTTP, {PEOPLE} people, {jobs:,} waiting"
        rows.add(Row(what, found.rate, "/s", target=at_least(100)))
        rows.add(Row(f"{what}, p50", found.p50, "ms"))
    few, many = size.jobs
    what = f"the same at {few:,} waiting, how much faster than at {many:,}"
    rows.add(Row(what, rates[few], "/s", f"at {many:,}", rates[many], target=at_most(1.25)))


# ── statements and memory ────────────────────────────────────────────────────────────────────────────────────────


def count_statements(rows: Report, world: "World") -> None:
    """How many statements the post of a decision sends, which is answered with the next case."""
    from django.test import Client

    from benchmarks.world import hire

    (worker,) = hire(world.team, count=1)
    browser = Client(SERVER_NAME="127.0.0.1", headers={"X-Respite-Stage": "desk"})
    browser.cookies["sessionid"] = worker.session
    page = browser.post("/desk/open", {"beats": "1"})

    def decide() -> None:
        nonlocal page
        fields = dict(FIELDS.findall(page.content.decode()))
        chosen = {
            "decision": str(uuid4()),
            "category": "ILLICIT",
            "action": "remove",
            "rationale": "",
            "beats": "1",
        }
        page = browser.post("/desk/decide", fields | chosen)
        insist(page.status_code == 200 and "Sent." in page.content.decode(), "it was not decided")

    decide()
    rows.add(
        Row(
            "SQL statements of decide + next, over HTTP",
            statements(decide),
            "",
            target=at_most(20),
        )
    )


def memory(rows: Report, served: dict[str, Served]) -> None:
    """What the processes hold after all that."""
    held = {name: megabytes(one.process.pid) for name, one in served.items()}
    front = held["web"] + held["live"]
    note = ", ".join(f"{name} {held[name]:.0f}" for name in held)
    rows.say("memory")
    what = "resident memory (PSS) of web + live + workers"
    everything = front + sum(held[name] for name in WORKERS)
    rows.add(Row(f"{what}, all pools", everything, "MB", target=at_most(400), note=note))
    rows.add(Row(f"{what}, the main pool alone", front + held["worker"], "MB"))


def run(rows: Report, world: "World", served: dict[str, Served], size: Size) -> None:
    """Measure everything."""
    cycles(rows, world, served["web"], size)
    count_statements(rows, world)
    paced(rows, world, served["web"], size)
    memory(rows, served)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark alone may be asked."""
    parser.add_argument("--seconds", type=float, default=30)


def main() -> int:
    """Start everything, measure, report."""
    options = asked(__doc__, add_options)
    size = Size((10_000, 1_000_000), ((8, 1.0), (200, 30.0)), options.seconds)
    if options.quick:
        size = Size((2_000, 10_000), ((4, 1.0), (16, 5.0)), 4)
    with (
        private_redis() as shared,
        database(shared=shared) as url,
        report("Intake and pages: pages", options) as rows,
    ):
        from benchmarks.world import seed

        world = seed(url, lanes=LANES)
        with cluster() as served:
            run(rows, world, served, size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
