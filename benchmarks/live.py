"""How fast a tightened limit reaches the desks of a team, and what a desk that only listens costs.

    python -m benchmarks.live [--quick] [--desks 5000] [--json FILE]

The pages' ends of the WebSockets are in this process, the live process (daphne) and Redis beside it. A limit is set
by the very service that a lead's page calls, from a process of its own; its time runs from before the call until a page
has the new number in hand. Without Redis, the live process looks for news in the database five times a second.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import resource
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from benchmarks.measuring import Measured, Report, Row, asked, at_most, insist, let_go_of_database, report
from benchmarks.servers import Served, database, live_without_redis, megabytes, service
from scripts.with_redis import private_redis

if TYPE_CHECKING:
    from benchmarks.world import Worker, World

TEAM = 200
TIGHTENED = 10
PUSHES = 200
AT_ONCE = 50
PATIENCE_SECONDS = 30
SETTLE_SECONDS = 2.0
LIMIT = "seconds_4"
FIRST_VALUES = (1_500, 1_400)


# ── pages that listen ────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.asynccontextmanager
async def listening(port: int, people: "Sequence[Worker]") -> AsyncIterator[list[ClientConnection]]:
    """Open a page's socket for each; the pings of the server are answered, nothing is sent."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(worker: "Worker") -> ClientConnection:
        async with gate:
            return await connect(
                f"ws://127.0.0.1:{port}/ws/desk/",
                origin=Origin(f"http://127.0.0.1:{port}"),
                additional_headers={"Cookie": f"sessionid={worker.session}"},
                compression=None,
                ping_interval=None,
                open_timeout=PATIENCE_SECONDS,
                max_queue=None,
            )

    pages = await asyncio.gather(*(one(worker) for worker in people))
    try:
        yield pages
    finally:
        await asyncio.gather(*(page.close() for page in pages))


async def heard(page: ClientConnection) -> float:
    """Wait for a number; return when it came."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        said = await page.recv()
    insist(str(said).startswith('{"rev":'), f"the socket said {said!r}")
    return time.monotonic()


# ── who changes something ────────────────────────────────────────────────────────────────────────────────────────


class Lead:
    """A process that runs one act each time it is told to, and says when it began and ended. Fork it outside a loop."""

    def __init__(self, act: Callable[[int], object]) -> None:
        let_go_of_database()
        context = multiprocessing.get_context("fork")
        self.ours, theirs = context.Pipe()
        self.process = context.Process(target=self._obey, args=(theirs, act), daemon=True)
        self.process.start()

    async def act(self, number: int) -> tuple[float, float]:
        """Let it act; return when that began, and when it was committed and told."""
        self.ours.send(number)
        said = await asyncio.to_thread(self.ours.recv)
        insist(isinstance(said, tuple), f"the lead could not: {said}")
        begun, ended = said
        return float(begun), float(ended)

    def __enter__(self) -> "Lead":
        return self

    def __exit__(self, *_: object) -> None:
        self.ours.send(None)
        self.process.join()

    @staticmethod
    def _obey(told: "Connection[Any, Any]", act: Callable[[int], object]) -> None:
        while (number := told.recv()) is not None:
            begun = time.monotonic()
            try:
                act(number)
                told.send((begun, time.monotonic()))
            except Exception as error:  # noqa: BLE001 - told, and raised, by who waits for it
                told.send(repr(error))


def tighten(world: "World", below: int, number: int) -> None:
    """Set the team's limit a little tighter than before, as the lead's page does."""
    from django.utils import timezone

    from wellbeing.limits.services.setting import set_limit

    set_limit(
        scope="team",
        scope_ref=str(world.team.pk),
        name=LIMIT,
        value=below - number,
        set_by="system",
        reason="Measured.",
        at=timezone.now(),
    )


async def tightened(
    port: int, people: "Sequence[Worker]", lead: Lead, *, times: int
) -> tuple[Measured, Measured]:
    """Let a lead tighten a limit again and again; return the desks' times, and those of the call itself."""
    reached, called = Measured(), Measured()
    async with listening(port, people) as pages:
        await asyncio.sleep(SETTLE_SECONDS)
        for number in range(times + 1):
            waiting = [asyncio.create_task(heard(page)) for page in pages]
            begun, ended = await lead.act(number)
            moments = await asyncio.gather(*waiting)
            if number:
                reached.times += [moment - begun for moment in moments]
                called.times.append(ended - begun)
    return reached, called


# ── one desk ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def pushed(port: int, people: "Sequence[Worker]", someone: Lead, *, times: int) -> Measured:
    """Tell one desk after another that something of theirs is different."""
    measured = Measured()
    async with listening(port, people) as pages:
        await asyncio.sleep(SETTLE_SECONDS)
        for number in range(times + 1):
            waiting = asyncio.create_task(heard(pages[number % len(pages)]))
            begun, _ = await someone.act(number)
            moment = await waiting
            if number:
                measured.times.append(moment - begun)
    return measured


def bare_push(shared: str, *, times: int) -> Measured:
    """Publish to Redis and receive it, with nothing around."""
    from redis import Redis

    measured, sender = Measured(), Redis.from_url(shared)
    receiver = sender.pubsub()  # type: ignore[no-untyped-call]
    receiver.subscribe("bench")
    insist(receiver.get_message(timeout=5), "Redis does not answer")
    for _ in range(times):
        begun = time.perf_counter()
        sender.publish("bench", b"1")
        insist(receiver.get_message(timeout=5), "a message was lost")
        measured.times.append(time.perf_counter() - begun)
    return measured


# ── many that only listen ────────────────────────────────────────────────────────────────────────────────────────


async def idle(served: Served, people: "Sequence[Worker]") -> tuple[float, float]:
    """Return the megabytes of the live process with everybody listening, and before."""
    async with listening(served.port, people[:AT_ONCE]):
        pass
    before = megabytes(served.process.pid)
    async with listening(served.port, people) as pages:
        await asyncio.sleep(SETTLE_SECONDS)
        held = megabytes(served.process.pid)
        closed = [page for page in pages if page.close_code is not None]
        insist(not closed, f"{len(closed)} of {len(pages)} sockets were closed")
    return held, before


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────────────────────


def tell_tightened(rows: Report, how: str, reached: Measured, called: Measured) -> None:
    """The rows of a tightened limit."""
    what = f"a tightened limit reaches every desk of {TEAM}, {how}"
    rows.add(Row(f"{what}, p50", reached.p50, "ms", "the lead's call itself", called.p50))
    rows.add(Row(f"{what}, p99", reached.p99, "ms", target=at_most(1000)))


def run(rows: Report, world: "World", shared: str, *, desks: int, times: int) -> None:
    """Measure everything."""
    from benchmarks.world import hire
    from live.events import bump

    people = hire(world.team, count=TEAM)
    rows.say(f"{TEAM} desks of one team, {times} changes")
    with service("live") as served:
        with Lead(partial(tighten, world, FIRST_VALUES[0])) as lead:
            found = asyncio.run(tightened(served.port, people, lead, times=times))
        tell_tightened(rows, "with Redis", *found)
        with Lead(lambda number: bump([people[number % TEAM].subject])) as someone:
            push = asyncio.run(pushed(served.port, people, someone, times=PUSHES))
    bare = bare_push(shared, times=PUSHES)
    rows.add(Row("one desk is told, p50", push.p50, "ms", "a bare Redis publish and receive", bare.p50))
    rows.add(Row("one desk is told, p99", push.p99, "ms", "a bare Redis publish and receive", bare.p99))
    with live_without_redis() as served, Lead(partial(tighten, world, FIRST_VALUES[1])) as lead:
        found = asyncio.run(tightened(served.port, people, lead, times=times))
        tell_tightened(rows, "without Redis", *found)
    rows.say("desks that only listen")
    people += hire(world.team, count=desks - TEAM)
    with service("live") as served:
        held, before = asyncio.run(idle(served, people))
    note = f"{before:.0f} MB without any, {(held - before) * 1024 / desks:.0f} KiB for each"
    rows.add(
        Row(f"{desks:,} idle desks with Redis (PSS of live)", held, "MB", target=at_most(250), note=note)
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark alone may be asked."""
    parser.add_argument("--desks", type=int, default=5_000)


def main() -> int:
    """Start everything, measure, report."""
    options = asked(__doc__, add_options)
    desks, times = (1_000, 2) if options.quick else (options.desks, TIGHTENED)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with private_redis() as shared, database(shared=shared) as url, report("Live", options) as rows:
        from benchmarks.world import seed

        run(rows, seed(url), shared, desks=desks, times=times)
    return 0


if __name__ == "__main__":
    sys.exit(main())
