"""What it costs to hand out a case, against a bare SKIP LOCKED loop on the same table in the same run.

    python -m benchmarks.claims [--seconds 1.5] [--rounds 2] [--jobs 10000 1000000]

PostgreSQL only: the server that DATABASE_URL names (a database of its own is made there and dropped), or else a
private one, with durability off, that lives as long as the run. All ways take turns, so that a busy machine slows
all of them; every target is a ratio inside this run, from the design's page on performance.
"""

import argparse
import contextlib
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import django
import psycopg

from scripts.with_postgres import private_postgres

LANES = 6
REFILLED = 100_000
BARE = """
UPDATE queues_job SET state = 'claimed', fence = fence + 1
WHERE id = (
    SELECT id FROM queues_job WHERE lane_id = %s AND state = 'waiting'
    ORDER BY sort_key, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, case_ref, fence
"""
FILL = """
INSERT INTO queues_job (case_ref, lane_id, kind, state, sort_key, fence, medium, sound, mild_confirmed,
                        expected_seconds, created_at)
SELECT gen_random_uuid(), (%s::bigint[])[1 + number %% %s], 'first', 'waiting', number, 0, 'image', false, false,
       30, now()
FROM generate_series(1, %s) AS number
"""


@dataclass
class Measured:
    """What one worker, or several together, did."""

    times: list[float] = field(default_factory=list)
    nothing: int = 0

    @property
    def p50(self) -> float:
        """Median milliseconds."""
        return median(self.times) * 1000 if self.times else 0.0

    @property
    def rate(self) -> float:
        """How many a second one worker did while it did nothing else."""
        return len(self.times) / sum(self.times) if self.times else 0.0


@dataclass(frozen=True)
class World:
    """What was seeded: the subjects of the workers, the lanes, a lane without jobs."""

    url: str
    subjects: list[UUID]
    lanes: list[int]
    empty: int


Step = Callable[[], object]
Way = Callable[[World, int], "contextlib.AbstractContextManager[tuple[Step, Step]]"]


# ── the ways ─────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def bare(world: World, number: int) -> Iterator[tuple[Step, Step]]:
    """Psycopg alone: one prepared statement on one lane, committed by itself."""
    with psycopg.connect(world.url, autocommit=True, prepare_threshold=0) as connection:
        lane = world.lanes[number % len(world.lanes)]
        yield lambda: connection.execute(BARE, [lane]).fetchone(), lambda: None


@contextlib.contextmanager
def pick_from(world: World, number: int, *, lanes: list[int]) -> Iterator[tuple[Step, Step]]:
    """Respite's pick alone, through Django, committed by itself."""
    from queues.rules.lanes import OpenLane
    from queues.services.picking import pick

    open_lanes = [OpenLane(lane, 600, False) for lane in lanes]
    subject = world.subjects[number]
    yield lambda: pick(lanes=open_lanes, subject=subject), lambda: None


def pick_one_lane(world: World, number: int) -> "contextlib.AbstractContextManager[tuple[Step, Step]]":
    """The pick over one lane."""
    return pick_from(world, number, lanes=[world.lanes[number % len(world.lanes)]])


def pick_six_lanes(world: World, number: int) -> "contextlib.AbstractContextManager[tuple[Step, Step]]":
    """The pick over all lanes."""
    return pick_from(world, number, lanes=world.lanes)


def pick_nothing(world: World, number: int) -> "contextlib.AbstractContextManager[tuple[Step, Step]]":
    """The pick over a lane where nothing waits."""
    return pick_from(world, number, lanes=[world.empty])


@contextlib.contextmanager
def whole(world: World, number: int) -> Iterator[tuple[Step, Step]]:
    """``claim_next``: lock, rules, pick, claim row; the claim is closed outside the measured time."""
    from django.db import connection
    from django.utils import timezone

    from queues.services import claims

    subject = world.subjects[number]

    def close() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE queues_claim SET state = 'closed' WHERE subject = %s AND state = 'live'", [subject]
            )

    yield lambda: claims.claim_next(subject=subject, at=timezone.now(), beating=True), close


# ── measuring ────────────────────────────────────────────────────────────────────────────────────────────────────


def run_alone(way: Way, world: World, number: int, seconds: float, most: int) -> Measured:
    """Repeat one way for a while, at *most* so often, on a connection of its own."""
    from django.db import connection

    measured = Measured()
    with way(world, number) as (step, after):
        for _ in range(5):
            step()
            after()
        until = time.perf_counter() + seconds
        while time.perf_counter() < until and len(measured.times) < most:
            begun = time.perf_counter()
            found = step()
            measured.times.append(time.perf_counter() - begun)
            measured.nothing += found is None
            after()
    connection.close()
    return measured


def run_together(way: Way, world: World, workers: int, seconds: float, most: int) -> Measured:
    """Repeat one way in several processes at once."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(workers), context.SimpleQueue()

    def work(number: int) -> None:
        barrier.wait(30)
        results.put(run_alone(way, world, number, seconds, most))

    processes = [context.Process(target=work, args=(number,)) for number in range(workers)]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return Measured([taken for one in found for taken in one.times], sum(one.nothing for one in found))


def in_turns(
    ways: dict[str, Way], world: World, *, jobs: int, workers: int, rounds: int, seconds: float
) -> dict[str, Measured]:
    """Let the ways take turns, each on a full table without dead rows in front, of which it takes half at most."""
    total = {name: Measured() for name in ways}
    most = jobs // (2 * workers)
    for _ in range(rounds):
        for name, way in ways.items():
            make_ready(world, jobs)
            one = (
                run_alone(way, world, 0, seconds, most)
                if workers == 1
                else run_together(way, world, workers, seconds, most)
            )
            total[name].times += one.times
            total[name].nothing += one.nothing
    return total


# ── the world ────────────────────────────────────────────────────────────────────────────────────────────────────


def make_ready(world: World, jobs: int) -> None:
    """Fill a small table again; of a large one little is missing: clean up, as autovacuum would in time."""
    if jobs <= REFILLED:
        fill(world, jobs)
        return
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute("VACUUM queues_job")


def seed(url: str, *, people: int) -> World:
    """Migrate an empty database and write people, a queue and its lanes."""
    from django.core.management import call_command
    from django.utils import timezone

    from people.models import Organisation, Platform, Subject, Team, TeamMembership, User
    from queues.models import Lane, Queue

    call_command("migrate", verbosity=0, interactive=False)
    now = timezone.now()
    Organisation.objects.get_or_create(name="Benchmark", defaults={"created_at": now})
    team = Team.objects.create(name="Benchmark", created_at=now)
    subjects = []
    for number in range(people):
        user = User(username=f"bench{number}", created_at=now)
        user.set_unusable_password()
        user.save()
        TeamMembership.objects.create(user=user, team=team, effective_from=now)
        subjects.append(Subject.objects.create(id=uuid4(), user=user, created_at=now).id)
    platform = Platform.objects.create(name="Benchmark", created_at=now)
    queue = Queue.objects.create(platform=platform, name="Benchmark", created_at=now)
    queue.teams.add(team)
    lanes = [Lane.objects.create(queue=queue, category=f"C{n}", severity=n % 3).pk for n in range(LANES + 1)]
    return World(url, subjects, lanes[:LANES], lanes[LANES])


def fill(world: World, jobs: int) -> None:
    """Make exactly *jobs* wait, spread over the lanes."""
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute("TRUNCATE queues_job CASCADE")
        connection.execute(FILL, [world.lanes, LANES, jobs])
        connection.execute("VACUUM ANALYZE queues_job")


def skip_the_head(world: World, *, seen: int) -> None:
    """Let the first worker have skipped the first *seen* jobs of the first lane."""
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO queues_skip (subject, case_ref, at) SELECT %s, case_ref, now() FROM queues_job "
            "WHERE lane_id = %s AND state = 'waiting' ORDER BY sort_key, id LIMIT %s",
            [world.subjects[0], world.lanes[0], seen],
        )
        connection.execute("VACUUM ANALYZE queues_skip")


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Yield the address of an empty database: of a private server, or made beside the one that was given."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        with private_postgres() as url:
            yield url
        return
    name = f"respite_bench_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield (
            psycopg.conninfo.make_conninfo(given, dbname=name)
            if "://" not in given
            else in_database(given, name)
        )
    finally:
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def in_database(url: str, name: str) -> str:
    """Return *url* with another database in it."""
    address, _, options = url.partition("?")
    base = address.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{options}" if options else "")


# ── the report ───────────────────────────────────────────────────────────────────────────────────────────────────

ONE: dict[str, Way] = {
    "bare loop": bare,
    "pick, 1 lane": pick_one_lane,
    "pick, 6 lanes": pick_six_lanes,
    "pick, nothing": pick_nothing,
    "claim_next": whole,
}
EIGHT: dict[str, Way] = {"bare loop": bare, "pick, 6 lanes": pick_six_lanes, "claim_next": whole}


def table(title: str, measured: dict[str, Measured]) -> None:
    """Print one block: rate of a worker, median, and against the bare loop."""
    print(f"\n{title}")
    limit = measured["bare loop"].rate
    for name, one in measured.items():
        print(
            f"  {name:24} {one.rate:8.0f}/s a worker   p50 {one.p50:7.2f} ms   this ÷ bare {one.rate / limit:5.2f}"
        )


def verdict(what: str, value: float, target: str, *, met: bool) -> None:
    """One line: measured, target, whether it is met."""
    print(f"  {what:58} {value:8.2f}   target {target:8} {'met' if met else 'NOT MET'}")


def at_least(what: str, value: float, target: float) -> None:
    """A ratio that should be no smaller."""
    verdict(what, value, f"≥ {target:g}", met=value >= target)


def at_most(what: str, value: float, target: float) -> None:
    """A ratio or a time that should be no larger."""
    verdict(what, value, f"≤ {target:g}", met=value <= target)


def report(world: World, sizes: list[int], *, rounds: int, seconds: float) -> None:
    """Measure every size and print the tables with the targets below each."""
    p50: dict[int, float] = {}
    for jobs in sizes:
        fill(world, jobs)
        one = in_turns(ONE, world, jobs=jobs, workers=1, rounds=rounds, seconds=seconds)
        table(f"{jobs:,} waiting, 1 worker", one)
        limit = one["bare loop"]
        at_least("claim_next ÷ bare", one["claim_next"].rate / limit.rate, 0.5)
        at_least("pick ÷ bare", one["pick, 1 lane"].rate / limit.rate, 0.8)
        at_most("6 lanes: p50 ÷ bare", one["pick, 6 lanes"].p50 / limit.p50, 1.5)
        at_most("nothing matches, ms", one["pick, nothing"].p50, 1)
        p50[jobs] = one["claim_next"].p50
        eight = in_turns(EIGHT, world, jobs=jobs, workers=8, rounds=rounds, seconds=seconds)
        table(f"{jobs:,} waiting, 8 workers", eight)
        at_least("pick ÷ bare", eight["pick, 6 lanes"].rate / eight["bare loop"].rate, 0.65)
        false_nothing = eight["pick, 6 lanes"].nothing + eight["claim_next"].nothing
        at_most("false 'nothing for you'", false_nothing, 0)
    print("\nOver the sizes")
    at_most(f"claim_next: p50 at {max(sizes):,} ÷ at {min(sizes):,}", p50[max(sizes)] / p50[min(sizes)], 1.25)
    make_ready(world, max(sizes))
    unseen = run_alone(pick_one_lane, world, 0, seconds, 10_000)
    skip_the_head(world, seen=10_000)
    seen = run_alone(pick_one_lane, world, 0, seconds, 10_000)
    at_most("10,000 seen at the head: p50 ÷ none seen", seen.p50 / unseen.p50, 3)


def main() -> int:
    """Start or find the database, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--jobs", type=int, nargs="+", default=[10_000, 1_000_000])
    options: Any = parser.parse_args()
    with database() as url:
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.setdefault("SECRET_KEY", uuid4().hex)
        django.setup()
        report(seed(url, people=8), options.jobs, rounds=options.rounds, seconds=options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
