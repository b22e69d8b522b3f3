"""What a beat costs beside a bare insert, what 'may I?' costs beside summing, and what 1,000 desks ask of the database.

    python -m benchmarks.exposure [--quick] [--seconds 2] [--rounds 3] [--json FILE]

Beats go 5 s apart on a clock of their own, handed to the services as every caller hands them the time. Only the last
part runs on the real one: desks that beat every 5 s, while the processor time of all of PostgreSQL is read.
"""

import argparse
import contextlib
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import BrokenBarrierError
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg

from benchmarks.measuring import (
    START_SECONDS,
    Report,
    Row,
    Step,
    Way,
    asked,
    at_least,
    at_most,
    in_turns,
    insist,
    let_go_of_database,
    report,
    statements,
)
from benchmarks.servers import cpu_seconds, database, postmaster

if TYPE_CHECKING:
    from benchmarks.world import Worker, World
    from queues.models import Claim
    from wellbeing.selectors.stage import OnStage

BEAT = timedelta(seconds=5)
BEATS_OF_A_PERSON = 240
DESKS = 1_000
PROCESSES = 4
RAW_HOURS = 8
YEAR = 365
QUARTERS_A_DAY = 32
BARE_TABLE = """
CREATE TABLE bench_beat (
    id uuid PRIMARY KEY, subject uuid, case_ref uuid, level text, severity int, shown_ms int,
    at timestamptz
);
CREATE INDEX ON bench_beat (subject, at);
"""
BARE_INSERT = "INSERT INTO bench_beat VALUES (%s, %s, %s, 'text', 1, 5000, now())"
RAW_ROWS = """
INSERT INTO bench_beat
SELECT gen_random_uuid(), %(subject)s, md5((nth / 6)::text)::uuid, 'text', 1 + nth %% 3, 5000,
    %(at)s - nth * interval '5 seconds'
FROM generate_series(1, %(count)s) AS nth
"""
SUM_RAW = """
SELECT severity, sum(shown_ms) FROM bench_beat
WHERE subject = %s AND at >= %s GROUP BY severity
"""
READ_SUMS = """
SELECT quarter_at, severity, shown_ms, cases FROM wellbeing_exposuresum WHERE subject = %s AND quarter_at >= %s
"""
PAST_SUMS = """
INSERT INTO wellbeing_exposuresum (subject, quarter_at, severity, shown_ms, cases, load_units)
SELECT %(subject)s, date_bin('15 minutes', %(at)s, '2020-01-01') - day * interval '1 day' - quarter * interval '15 minutes',
       severity, 20000, 3, 20000000
FROM generate_series(0, %(days)s - 1) AS day, generate_series(1, %(quarters)s) AS quarter,
     generate_series(1, 3) AS severity
"""
PAST_DAYS = """
INSERT INTO wellbeing_daysum (subject, local_date, severity, shown_ms, cases, load_units, night_ms, late_ms)
SELECT %(subject)s, (%(at)s::timestamptz)::date - day, severity, 640000, 96, 640000000, 0, 0
FROM generate_series(0, %(days)s - 1) AS day, generate_series(1, 3) AS severity
WHERE severity < 3 OR day %% 3 = 0
"""
PAST_SHIFTS = """
INSERT INTO wellbeing_shift (id, subject, starts_at, ends_at, planned_by, planned_at, cancelled_by)
SELECT gen_random_uuid(), %(subject)s, %(at)s - day * interval '1 day' - interval '1 hour',
    %(at)s - day * interval '1 day' + interval '7 hours', 'system', %(at)s - interval '400 days', ''
FROM generate_series(0, %(days)s - 1) AS day
"""
SAME_TIME = 1.3


# ── people at their desks ────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Seated:
    """A person with a case on their stage."""

    claim: "Claim"
    shown: "OnStage"

    def beat(self, at: datetime) -> object:
        """Beat as the desk's page does; return None if the stage was found covered."""
        from queues.services import desk

        answer = desk.beat(
            subject=self.claim.subject,
            claim_id=self.claim.id,
            exposure_id=self.shown.id,
            holding=False,
            at=at,
        )
        return answer if answer.level else None


def take(subject: UUID, at: datetime) -> "Claim":
    """Take a case."""
    from queues.services import claims

    return insist(claims.claim_next(subject=subject, at=at, beating=True), "nothing was handed out")


def show(claim: "Claim", at: datetime) -> Seated:
    """Put the case in hand on the stage."""
    from queues.services import desk

    shown = desk.show(
        subject=claim.subject,
        claim_id=claim.id,
        fence=claim.fence,
        level="text",
        with_text=True,
        at=at,
        beating=True,
    )
    return Seated(claim, shown)


# ── a beat ───────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def bare_insert(_number: int, *, url: str) -> Iterator[tuple[Step, Step]]:
    """One row by psycopg, prepared, committed by itself."""
    with psycopg.connect(url, autocommit=True, prepare_threshold=0) as connection:
        subject, case = uuid4(), uuid4()
        yield lambda: connection.execute(BARE_INSERT, [uuid4(), subject, case]), lambda: None


@contextlib.contextmanager
def beats(_number: int, *, team: Any) -> Iterator[tuple[Step, Step]]:
    """The beat of a desk, 5 s after the last; another person takes over before a break is due."""
    from django.utils import timezone

    from benchmarks.world import hire

    now = timezone.now()
    seated, count = Seated.__new__(Seated), BEATS_OF_A_PERSON

    def change_over() -> None:
        nonlocal seated, count
        if count >= BEATS_OF_A_PERSON:
            (worker,) = hire(team, count=1)
            seated, count = show(take(worker.subject, now), now), 0
        count += 1

    change_over()
    yield lambda: insist(seated.beat(now + count * BEAT), "a beat found its stage covered"), change_over


def beat_beside_insert(rows: Report, world: "World", *, seconds: float, rounds: int) -> None:
    """A beat against a bare insert."""
    ways = {"bare": partial(bare_insert, url=world.url), "beat": partial(beats, team=world.team)}
    found = in_turns(ways, rounds=rounds, seconds=seconds)
    rows.say("a beat")
    rows.add(
        Row(
            "a beat, whole service, p50",
            found["beat"].p50,
            "ms",
            "a bare insert",
            found["bare"].p50,
            target=at_most(1.3),
        )
    )
    with beats(0, team=world.team) as (step, tidy):
        step()
        tidy()
        rows.add(Row("SQL statements of a beat", statements(step), ""))


# ── may I? ───────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def asking(
    _number: int, *, url: str, statement: str, subject: UUID, since: datetime
) -> Iterator[tuple[Step, Step]]:
    """One read by psycopg, prepared."""
    with psycopg.connect(url, autocommit=True, prepare_threshold=0) as connection:
        yield (
            lambda: insist(connection.execute(statement, [subject, since]).fetchall(), "no rows"),
            lambda: None,
        )


@contextlib.contextmanager
def may_i(_number: int, *, subject: UUID, at: datetime) -> Iterator[tuple[Step, Step]]:
    """All facts of a person, and what the rules make of them: what is asked before anything is handed out."""
    from wellbeing.rules.limits import Counters, what_fits
    from wellbeing.selectors.facts import facts_of

    def ask() -> object:
        facts = facts_of(subject, at=at)
        return what_fits(facts.limits, facts.ledger, Counters(), mild_owed=0, at=at).fit

    insist(ask(), "this person may take nothing at all")
    yield ask, lambda: None


@contextlib.contextmanager
def who_may(_number: int, *, subject: UUID, at: datetime) -> Iterator[tuple[Step, Step]]:
    """Whether one person may be handed one job that comes in: their lock, all facts, and the job against both."""
    from django.db import transaction

    from queues.models import Job
    from queues.services import lanes
    from wellbeing.services import person

    job = (
        Job.objects.select_related("lane__queue").filter(state="waiting").order_by("sort_key", "id")[:1].get()
    )

    def ask() -> bool:
        with transaction.atomic():
            return lanes.may_take(lanes.reach_of(held=person.hold(subject=subject, at=at)), job)

    insist(ask(), "this person may not take the job")
    yield ask, lambda: None


def has_worked(world: "World", worker: "Worker", *, at: datetime, days: int) -> None:
    """Write sums of so many days, of 8 h each, in three severities, and the shifts in which they came about."""
    said = {"subject": worker.subject, "at": at, "days": days, "quarters": QUARTERS_A_DAY}
    with psycopg.connect(world.url, autocommit=True) as connection:
        for rows in (PAST_SUMS, PAST_DAYS, PAST_SHIFTS):
            connection.execute(rows, said)
        connection.execute("VACUUM ANALYZE wellbeing_exposuresum, wellbeing_daysum, wellbeing_shift")


def may_i_beside_summing(rows: Report, world: "World", *, seconds: float, rounds: int) -> None:
    """The sums against raw rows, and a day of history against a year."""
    from django.utils import timezone

    from benchmarks.world import hire

    now = timezone.now()
    fresh, old = hire(world.team, count=2)
    has_worked(world, fresh, at=now, days=1)
    has_worked(world, old, at=now, days=YEAR)
    count = RAW_HOURS * 3600 // 5
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute(RAW_ROWS, {"subject": fresh.subject, "at": now, "count": count})
        connection.execute("VACUUM ANALYZE bench_beat")
    asked_of = partial(asking, url=world.url, subject=fresh.subject, since=now - timedelta(hours=26))
    ways: dict[str, Way] = {
        "raw": partial(asked_of, statement=SUM_RAW),
        "sums": partial(asked_of, statement=READ_SUMS),
        "a day": partial(may_i, subject=fresh.subject, at=now),
        "a year": partial(may_i, subject=old.subject, at=now),
        "who, a day": partial(who_may, subject=fresh.subject, at=now),
        "who, a year": partial(who_may, subject=old.subject, at=now),
    }
    found = in_turns(ways, rounds=rounds, seconds=seconds)
    rows.say("may I?")
    raw, against = found["raw"].p50, f"summing {count:,} raw rows ({RAW_HOURS} h)"
    rows.add(
        Row("reading the sums, p50", found["sums"].p50, "ms", against, raw, faster=True, target=at_least(8))
    )
    rows.add(Row("'may I?', all facts and rules, p50", found["a day"].p50, "ms", against, raw, faster=True))
    for asked_for, day, year in (
        ("'may I?'", "a day", "a year"),
        ("'who may take this?'", "who, a day", "who, a year"),
    ):
        rows.add(
            Row(
                f"{asked_for} after a year, p50",
                found[year].p50,
                "ms",
                "after a day",
                found[day].p50,
                target=at_most(SAME_TIME),
            )
        )
        same = count_of(ways[year]) / count_of(ways[day])
        rows.add(
            Row(
                f"{asked_for}: SQL statements after a year, of those after a day",
                same,
                "×",
                target=at_most(1),
            )
        )


def count_of(way: Way) -> int:
    """Return how many SQL statements one step of a way takes."""
    with way(0) as (step, tidy):
        found = statements(step)
        tidy()
    return found


# ── many desks ───────────────────────────────────────────────────────────────────────────────────────────────────


def many_desks(rows: Report, world: "World", *, desks: int, seconds: float) -> None:
    """So many desks beat every 5 s: the share of one core that PostgreSQL spends on it."""
    from benchmarks.world import hire

    people = hire(world.team, count=desks)
    let_go_of_database()
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(PROCESSES + 1), context.SimpleQueue()
    arguments = [(people[number::PROCESSES], seconds, barrier, results) for number in range(PROCESSES)]
    processes = [context.Process(target=beat_in_rhythm, args=each) for each in arguments]
    for process in processes:
        process.start()
    server = postmaster(world.url)
    with contextlib.suppress(BrokenBarrierError):  # who broke it says why
        barrier.wait(START_SECONDS * 4)
    before, begun = cpu_seconds(server), time.monotonic()
    told = [results.get() for _ in processes]
    spent, lasted = cpu_seconds(server) - before, time.monotonic() - begun
    for process in processes:
        process.join()
    insist(all(isinstance(one, tuple) for one in told), f"a worker of the benchmark failed: {told}")
    done, late = (sum(counts) for counts in zip(*told, strict=True))
    rows.say(f"{desks:,} desks beat every 5 s for {seconds:g} s")
    asked_for = DESKS / BEAT.total_seconds()
    note = f"{done / lasted:.0f} beats a second were sent, {late} came too late; told for {asked_for:.0f}"
    share = spent / done * asked_for * 100
    rows.add(
        Row(f"{DESKS:,} desks: share of one core of PostgreSQL", share, "%", target=at_most(15), note=note)
    )


def beat_in_rhythm(people: "Sequence[Worker]", seconds: float, barrier: Any, results: Any) -> None:
    """Seat these people, then beat for each every 5 s, spread evenly; tell how many beats, and how many too late."""
    try:
        seated = seat(people)
        barrier.wait(START_SECONDS * 4)
        results.put(keep_beating(seated, seconds))
    except Exception as error:  # noqa: BLE001 - told, and raised, by who waits for it
        barrier.abort()
        results.put(repr(error))


def seat(people: "Sequence[Worker]") -> list[Seated]:
    """Hand everybody a case first, then show them all, so that nobody's line is lost; one beat each to warm up."""
    from django.utils import timezone

    claims = [take(worker.subject, timezone.now()) for worker in people]
    seated = [show(claim, timezone.now()) for claim in claims]
    for one in seated:
        one.beat(timezone.now())
    return seated


def keep_beating(seated: Sequence[Seated], seconds: float) -> tuple[int, int]:
    """Beat for each in turn; return how many beats there were, and how many found their stage covered."""
    from django.utils import timezone

    from wellbeing.exceptions import BeatLate

    every = BEAT.total_seconds() / len(seated)
    begun, done, late = time.monotonic(), 0, 0
    while time.monotonic() - begun < seconds:
        time.sleep(max(begun + done * every - time.monotonic(), 0))
        try:
            late += seated[done % len(seated)].beat(timezone.now()) is None
        except BeatLate:
            late += 1
        done += 1
    return done, late


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark alone may be asked."""
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)


def main() -> int:
    """Start the database, measure, report."""
    options = asked(__doc__, add_options)
    seconds, rounds = (0.3, 1) if options.quick else (options.seconds, options.rounds)
    desks, beating = (40, 5) if options.quick else (DESKS, 30)
    with database() as url, report("Exposure", options) as rows:
        from benchmarks.world import fill_jobs, seed

        world = seed(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(BARE_TABLE)
        fill_jobs(world, 3 * DESKS)
        beat_beside_insert(rows, world, seconds=seconds, rounds=rounds)
        may_i_beside_summing(rows, world, seconds=seconds, rounds=rounds)
        many_desks(rows, world, desks=desks, seconds=beating)
    return 0


if __name__ == "__main__":
    sys.exit(main())
