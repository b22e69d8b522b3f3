"""What a beat costs beside a bare insert, and what 'may I?' costs beside summing.

    python -m benchmarks.exposure [--quick] [--seconds 2] [--rounds 3] [--json FILE]

Beats go 5 s apart on a clock of their own, handed to the services as every caller hands them the time.
"""

import argparse
import contextlib
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg

from benchmarks.measuring import (
    Report,
    Row,
    Step,
    Way,
    asked,
    at_least,
    at_most,
    in_turns,
    insist,
    report,
    statements,
)
from benchmarks.seats import Seated, show, take
from benchmarks.servers import database

if TYPE_CHECKING:
    from benchmarks.world import Worker, World

BEAT = timedelta(seconds=5)
BEATS_OF_A_PERSON = 240
JOBS = 3_000
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
INSERT INTO wellbeing_exposuresum (subject, quarter_at, severity, shown_ms, cases, load_units, units_at_one)
SELECT %(subject)s, date_bin('15 minutes', %(at)s, '2020-01-01') - day * interval '1 day' - quarter * interval '15 minutes',
       severity, 20000, 3, 20000000, 20000000
FROM generate_series(0, %(days)s - 1) AS day, generate_series(1, %(quarters)s) AS quarter,
     generate_series(1, 3) AS severity
"""
PAST_DAYS = """
INSERT INTO wellbeing_daysum (subject, local_date, severity, shown_ms, cases, load_units, units_at_one, night_ms, late_ms)
SELECT %(subject)s, (%(at)s::timestamptz)::date - day, severity, 640000, 96, 640000000, 640000000, 0, 0
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
    from wellbeing.core.person import read_person_then
    from wellbeing.core.rules.limits import Counters, what_fits

    def ask() -> object:
        facts = read_person_then(subject, at=at)
        return what_fits(facts.limits, facts.ledger, Counters(), at=at).fit

    insist(ask(), "this person may take nothing at all")
    yield ask, lambda: None


@contextlib.contextmanager
def who_may(_number: int, *, subject: UUID, at: datetime) -> Iterator[tuple[Step, Step]]:
    """Whether one person may be handed one job that comes in: their lock, all facts, and the job against both."""
    from django.db import transaction

    from queues.models import Job
    from queues.services import lanes
    from wellbeing.core.services import locking

    job = (
        Job.objects.select_related("lane__queue").filter(state="waiting").order_by("sort_key", "id")[:1].get()
    )

    def ask() -> bool:
        with transaction.atomic():
            return lanes.may_take(lanes.eligibility_of(locked=locking.hold(subject=subject, at=at)), job)

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


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark alone may be asked."""
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)


def main() -> int:
    """Start the database, measure, report."""
    options = asked(__doc__, add_options)
    seconds, rounds = (0.3, 1) if options.quick else (options.seconds, options.rounds)
    with database() as url, report("Exposure", options) as rows:
        from benchmarks.world import fill_jobs, seed

        world = seed(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(BARE_TABLE)
        fill_jobs(world, JOBS)
        beat_beside_insert(rows, world, seconds=seconds, rounds=rounds)
        may_i_beside_summing(rows, world, seconds=seconds, rounds=rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
