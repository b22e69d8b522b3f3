"""What it costs to take an item in over HTTP, against a bare Django view that inserts one row.

    python -m benchmarks.intake [--quick] [--seconds 4] [--rounds 3] [--json FILE]

Both run under the same server (granian under WSGI, as docker-compose.yml starts it) in the same run, asked by the same clients: four processes,
each with one line that is kept open. Every answer must be 201, and every row must be there at the end.
"""

import argparse
import contextlib
import itertools
import json
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import psycopg

from benchmarks.browsers import Line
from benchmarks.measuring import Report, Row, Step, asked, at_least, in_turns, insist, report
from benchmarks.servers import database, service
from scripts.with_redis import private_redis

if TYPE_CHECKING:
    from benchmarks.world import World

CLIENTS = 4
NO_BATCH = "the API has no batch route yet"
TABLE = """
CREATE TABLE bench_item (
    id bigserial PRIMARY KEY, external_id text NOT NULL, text text NOT NULL, created_at timestamptz NOT NULL
)
"""


@dataclass(frozen=True)
class Door:
    """Where items go: the port, the path, and the keys of the platform, if any is asked for."""

    port: int
    path: str
    keys: tuple[str, ...] = ()


@contextlib.contextmanager
def sender(number: int, *, door: Door) -> Iterator[tuple[Step, Step]]:
    """A client that posts one text item after another, each new, each under a key of its own."""
    headers = {"Content-Type": "application/json"}
    if door.keys:
        headers["Authorization"] = f"Bearer {door.keys[number % len(door.keys)]}"
    line, run, count = Line(door.port, **headers), secrets.token_hex(6), itertools.count()

    def post() -> object:
        name = f"{run}-{next(count)}"
        item = {
            "external_id": name,
            "category": "ILLICIT",
            "language": "en",
            "text": f"Offer {name}, today only.",
        }
        answer = line.ask("POST", door.path, body=json.dumps(item).encode(), **{"Idempotency-Key": name})
        insist(answer.status == 201, f"an item was answered {answer.status}: {answer.text[:300]}")
        return answer

    yield post, lambda: None
    line.close()


def single_item(rows: Report, world: "World", *, seconds: float, rounds: int) -> None:
    """One text item a request."""
    with (
        service("web") as ours,
        service("web", application="benchmarks.bare:application") as bare,
    ):
        doors = {
            "bare": Door(bare.port, "/items"),
            "Respite": Door(ours.port, "/api/v1/items", tuple(world.api_keys)),
        }
        ways = {name: partial(sender, door=door) for name, door in doors.items()}
        found = in_turns(ways, workers=CLIENTS, rounds=rounds, seconds=seconds)
    insist(rows_of(world.url, "bench_item") >= len(found["bare"].times), "the bare view lost rows")
    for table in ("moderation_item", "moderation_idempotencykey"):
        insist(
            rows_of(world.url, table) >= len(found["Respite"].times), f"an item without its row in {table}"
        )
    rows.say(f"one text item a request, {CLIENTS} lines")
    what, against = "single text item over HTTP, whole path", "a bare Django WSGI view, one insert"
    rows.add(Row(what, found["Respite"].rate, "/s", against, found["bare"].rate, target=at_least(0.5)))
    rows.add(Row("the same, p50", found["Respite"].p50, "ms", against, found["bare"].p50))
    rows.add(Row("the same, p99", found["Respite"].p99, "ms", against, found["bare"].p99))


def rows_of(url: str, table: str) -> int:
    """Return how many rows a table holds."""
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(insist(row, "a count is a row")[0])


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark alone may be asked."""
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)


def main() -> int:
    """Start everything, measure, report."""
    options = asked(__doc__, add_options)
    seconds, rounds = (0.5, 1) if options.quick else (options.seconds, options.rounds)
    with (
        private_redis() as shared,
        database(shared=shared) as url,
        report("Intake and pages: intake", options) as rows,
    ):
        from benchmarks.world import seed

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(TABLE)
        single_item(rows, seed(url), seconds=seconds, rounds=rounds)
        rows.add(
            Row(
                "batch of 100",
                None,
                "/s",
                "bulk_create of the same rows",
                target=at_least(0.5),
                note=NO_BATCH,
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
