"""What it costs to hand out a case, and to decide it, against the bare statements on a bare table in the same run.

    python -m benchmarks.claims [--quick | --full] [--seconds 1.5] [--rounds 2] [--json FILE]

PostgreSQL only. The bare table has the same rows, its primary key, the index of the pick, and nothing else of Respite:
no trigger, no other index. All ways take turns, so that a busy machine slows all of them. ``--full`` goes to 5 million.
"""

import argparse
import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg

from benchmarks.measuring import (
    Measured,
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
    run_alone,
    run_together,
    statements,
)
from benchmarks.servers import database

if TYPE_CHECKING:
    from benchmarks.world import Worker, World
    from moderation.services.decisions import Said

LANES = 6
FAR_LANES = 129
PEOPLE = 32
REFILLED = 100_000
CYCLES = 4_000
WARM = 5
BARE = """
UPDATE bench_job SET state = 'claimed', fence = fence + 1
WHERE id = (
    SELECT id FROM bench_job WHERE lane_id = %s AND state = 'waiting'
    ORDER BY sort_key, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, case_ref, fence
"""
BARE_DECISION = "INSERT INTO bench_decision (id, job, at) VALUES (%s, %s, now())"
BARE_DONE = "UPDATE bench_job SET state = 'done' WHERE id = %s AND fence = %s"


@dataclass(frozen=True)
class Size:
    """So many jobs wait; how long, how often and how many claims are measured on them."""

    jobs: int
    seconds: float
    rounds: int

    def most(self, workers: int, *, lanes: int = LANES) -> int:
        """Return how often each worker may claim so that half of every lane is left: no lane is ever emptied."""
        a_lane = self.jobs // 2 // LANES
        return max(a_lane // (2 * -(-workers // lanes)) - WARM, 1)

    @property
    def in_words(self) -> str:
        return f"{self.jobs:,} waiting"


# ── the ways ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Ways:
    """Every way that is measured, over one seeded world."""

    def __init__(self, world: "World", people: "list[Worker]") -> None:
        self.world, self.people = world, people

    @contextlib.contextmanager
    def bare(self, number: int) -> Iterator[tuple[Step, Step]]:
        """Psycopg alone: one prepared statement on one lane, committed by itself."""
        lane = self.world.lanes[number % LANES]
        with psycopg.connect(self.world.url, autocommit=True, prepare_threshold=0) as connection:
            yield lambda: connection.execute(BARE, [lane]).fetchone(), lambda: None

    @contextlib.contextmanager
    def pick(
        self, number: int, *, lanes: list[int], by_bookmarks: bool = False
    ) -> Iterator[tuple[Step, Step]]:
        """Respite's pick alone, through Django, committed by itself."""
        from django.utils import timezone

        from queues.rules.lanes import OpenLane
        from queues.services.picking import pick

        now = timezone.now()
        open_lanes = [OpenLane(lane, 600, False) for lane in lanes]
        subject = self.people[number].subject

        def take() -> object:
            return pick(lanes=open_lanes, subject=subject, at=now, by_bookmarks=by_bookmarks)

        yield take, lambda: None

    def one_lane(self, number: int) -> "contextlib.AbstractContextManager[tuple[Step, Step]]":
        """The pick over one lane, another for each of six workers."""
        return self.pick(number, lanes=[self.world.lanes[number % LANES]])

    @contextlib.contextmanager
    def whole(self, number: int) -> Iterator[tuple[Step, Step]]:
        """``claim_next``: lock, rules, pick, claim row; the claim is closed outside the measured time."""
        from django.db import connection
        from django.utils import timezone

        from queues.services import claims

        subject = self.people[number].subject

        def close() -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE queues_claim SET state = 'closed' WHERE subject = %s AND state <> 'closed'",
                    [subject],
                )

        close()
        yield lambda: claims.claim_next(subject=subject, at=timezone.now(), beating=True), close

    @contextlib.contextmanager
    def bare_cycle(self, number: int) -> Iterator[tuple[Step, Step]]:
        """The bare claim, then a transaction that writes a decision and ends the job."""
        lane = self.world.lanes[number % LANES]
        with psycopg.connect(self.world.url, autocommit=True, prepare_threshold=0) as connection:

            def cycle() -> object:
                found = insist(
                    connection.execute(BARE, [lane]).fetchone(), "a lane of the bare table is empty"
                )
                with connection.transaction():
                    connection.execute(BARE_DECISION, [uuid4(), found[0]])
                    connection.execute(BARE_DONE, [found[0], found[2]])
                return found

            yield cycle, lambda: None

    @contextlib.contextmanager
    def cycle(self, number: int) -> Iterator[tuple[Step, Step]]:
        """Decide the case in hand and take the next, by the services that the desk calls."""
        desk = Desk(self.people[number])
        desk.take()
        yield desk.cycle, lambda: None
        desk.decide()


class Desk:
    """A person with a case in hand."""

    def __init__(self, worker: "Worker") -> None:
        self.subject = worker.subject
        self.in_hand: tuple[UUID, int] | None = None

    def take(self) -> object:
        """Take the next case."""
        from django.utils import timezone

        from queues.services import claims

        claim = claims.claim_next(subject=self.subject, at=timezone.now(), beating=True)
        self.in_hand = (claim.id, claim.fence) if claim else None
        return claim

    def decide(self) -> None:
        """Decide the case in hand, and take nothing after it."""
        from django.utils import timezone

        from moderation.services.decisions import decide

        decide(subject=self.subject, at=timezone.now(), **asdict(self._said()))

    def cycle(self) -> object:
        """Decide and take the next in one act, as the desk does; it is on the stage then."""
        from django.utils import timezone

        from moderation.services.decisions import decide_and_go_on

        state = decide_and_go_on(subject=self.subject, said=self._said(), at=timezone.now(), beating=True)
        self.in_hand = (state.claim.id, state.claim.fence) if state.claim else None
        return state.claim

    def _said(self) -> "Said":
        from moderation.services.decisions import Said

        in_hand = insist(self.in_hand, "nothing was handed out, though much waits")
        return Said(*in_hand, uuid4(), ["ILLICIT"], "remove", "")


# ── measuring ────────────────────────────────────────────────────────────────────────────────────────────────────


def claims_alone(rows: Report, ways: Ways, size: Size) -> dict[str, Measured]:
    """One worker: every way, against the bare loop."""
    world = ways.world
    found = turns(
        ways,
        size,
        workers=1,
        chosen={
            "bare": ways.bare,
            "one lane": ways.one_lane,
            "6 lanes": partial(ways.pick, lanes=world.lanes),
            "135 lanes": partial(ways.pick, lanes=world.lanes + world.far_lanes),
            "nothing": partial(ways.pick, lanes=[world.empty_lane]),
            "whole": ways.whole,
        },
    )
    bare = found["bare"]
    insist(found["nothing"].nothing == len(found["nothing"].times), "the empty lane is not empty")
    rows.say(f"{size.in_words}, 1 worker")
    rows.add(against(found["whole"], bare, f"claim_next whole, {size.in_words}", 0.5))
    rows.add(against(found["one lane"], bare, f"its pick alone, {size.in_words}", 0.8))
    rows.add(p50_against(found["6 lanes"], bare, f"pick over 6 lanes, p50, {size.in_words}", 1.5))
    rows.add(p50_against(found["135 lanes"], bare, f"pick over 135 lanes, p50, {size.in_words}", 4))
    rows.add(
        Row(
            f"pick where nothing matches, p50, {size.in_words}", found["nothing"].p50, "ms", target=at_most(1)
        )
    )
    return found


def claims_together(rows: Report, ways: Ways, size: Size, *, workers: int) -> None:
    """Several workers at once: rates, and whether anybody was told 'nothing' while much waited."""
    world = ways.world
    chosen: dict[str, Way] = {
        "bare": ways.bare,
        "6 lanes": partial(ways.pick, lanes=world.lanes),
        "whole": ways.whole,
    }
    found = turns(ways, size, workers=workers, chosen=chosen)
    crowd: dict[str, Way] = {"one lane for all": partial(ways.pick, lanes=world.lanes[:1])}
    found |= turns(ways, size, workers=workers, chosen=crowd, lanes=1)
    where = f"{size.in_words}, {workers} workers"
    rows.say(where)
    rows.add(
        against(
            found["6 lanes"], found["bare"], f"pick over 6 lanes, {where}", 0.65 if workers == 8 else None
        )
    )
    rows.add(against(found["whole"], found["bare"], f"claim_next whole, {where}", None))
    for name in ("6 lanes", "whole", "one lane for all"):
        told = f"false 'nothing for you' of {len(found[name].times):,} ({name}), {where}"
        rows.add(Row(told, found[name].nothing, "", target=at_most(0)))


def turns(
    ways: Ways, size: Size, *, workers: int, chosen: Mapping[str, Way], lanes: int = LANES
) -> dict[str, Measured]:
    """Let the ways take turns on a table without dead rows in front."""
    return in_turns(
        chosen,
        workers=workers,
        rounds=size.rounds,
        seconds=size.seconds,
        most=size.most(workers, lanes=lanes),
        ready=partial(make_ready, ways.world, size),
    )


def make_ready(world: "World", size: Size) -> None:
    """Fill a small table again; of a large one little is missing: clean up, as autovacuum would in time."""
    from benchmarks.world import fill_jobs

    if size.jobs <= REFILLED:
        fill_jobs(world, size.jobs)
        return
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute("VACUUM queues_job, queues_claim, bench_job")


def cycles(rows: Report, ways: Ways, size: Size, *, workers: int) -> Measured:
    """Decide and next, several people at once, over the services."""
    most = min(CYCLES, size.jobs // 2) // (2 * workers)
    ran = {
        name: run_together(way, workers=workers, seconds=size.seconds * size.rounds, most=most)
        for name, way in {"bare": ways.bare_cycle, "Respite": ways.cycle}.items()
    }
    insist(not ran["Respite"].nothing, "somebody was told 'nothing' while much waited")
    rows.add(
        against(
            ran["Respite"], ran["bare"], f"decide + next over the services, 8 people, {size.in_words}", None
        )
    )
    return ran["Respite"]


def count_statements(rows: Report, ways: Ways) -> None:
    """How many statements a decision and the next case take, of somebody in the middle of their work."""
    desk = Desk(ways.people[0])
    desk.take()
    desk.cycle()
    what = "SQL statements of decide + next, over the services"
    rows.add(Row(what, statements(desk.cycle), "", target=at_most(20)))
    desk.decide()


def seen_at_the_head(rows: Report, ways: Ways, size: Size) -> None:
    """One lane, of which one person has skipped the first jobs."""
    from benchmarks.world import skip_the_head

    make_ready(ways.world, size)
    skipped = min(10_000, size.jobs // 2 // LANES // 2)
    unseen = run_alone(ways.one_lane, seconds=size.seconds, most=skipped // 2)
    skip_the_head(ways.world, ways.people[0], seen=skipped)
    by_bookmarks = partial(ways.pick, lanes=ways.world.lanes[:1], by_bookmarks=True)
    seen = run_alone(by_bookmarks, seconds=size.seconds, most=skipped // 2)
    insist(not seen.nothing, "the skipped head hides what is behind it")
    rows.say("already seen at the head")
    rows.add(
        Row(
            f"pick past {skipped:,} seen at the head, p50",
            seen.p50,
            "ms",
            "none seen",
            unseen.p50,
            target=at_most(3),
        )
    )


def against(one: Measured, bare: Measured, what: str, target: float | None) -> Row:
    """A rate beside the bare rate."""
    return Row(what, one.rate, "/s", "the bare loop", bare.rate, target=at_least(target) if target else None)


def p50_against(one: Measured, bare: Measured, what: str, target: float) -> Row:
    """A median beside the bare median."""
    return Row(what, one.p50, "ms", "the bare loop", bare.p50, target=at_most(target))


def over_sizes(rows: Report, what: str, unit: str, figures: dict[int, float], *, target: float) -> None:
    """The largest size beside the smallest."""
    small, large = min(figures), max(figures)
    if small != large:
        row = Row(
            f"{what} at {large:,}",
            figures[large],
            unit,
            f"at {small:,}",
            figures[small],
            target=at_most(target),
        )
        rows.add(row)


def run(rows: Report, url: str, sizes: list[Size]) -> None:
    """Measure every size, small ones first."""
    from benchmarks.world import fill_cases, fill_jobs, hire, seed

    world = seed(url, lanes=LANES, far_lanes=FAR_LANES)
    ways = Ways(world, hire(world.team, count=PEOPLE))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_decision (id uuid PRIMARY KEY, job bigint, at timestamptz)")
    p50, p50_of_cycles, done = {}, {}, 0
    for size in sizes:
        fill_jobs(world, size.jobs, after=done)
        done += min(size.jobs, 2 * CYCLES)
        fill_cases(world, done)
        rows.say(f"{size.in_words}, decide + next")
        p50_of_cycles[size.jobs] = cycles(rows, ways, size, workers=8).p50
        count_statements(rows, ways)
        p50[size.jobs] = claims_alone(rows, ways, size)["whole"].p50
        for workers in (8, 32):
            claims_together(rows, ways, size, workers=workers)
    rows.say("over the sizes")
    over_sizes(rows, "claim_next, p50", "ms", p50, target=1.25)
    over_sizes(rows, "decide + next over the services, p50", "ms", p50_of_cycles, target=1.25)
    seen_at_the_head(rows, ways, sizes[-1])


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark alone may be asked."""
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--rounds", type=int, default=2)


def main() -> int:
    """Start or find the database, measure, report."""
    options = asked(__doc__, add_options)
    jobs = [10_000, 1_000_000] + [5_000_000] * options.full
    sizes = [Size(count, options.seconds, options.rounds) for count in jobs]
    if options.quick:
        sizes = [Size(count, 0.3, 1) for count in (10_000, 30_000)]
    with database() as url, report("Claiming", options) as rows:
        run(rows, url, sizes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
