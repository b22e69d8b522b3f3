"""What one decision costs altogether: everything that follows it included, and beside another commit by turns.

    python -m benchmarks.cycle [--quick] [--against COMMIT | --alone] [--turns 3] [--json FILE]

The whole cluster runs. Eight people do nothing but decide over HTTP, a fixed number of times; the turn ends when nothing
is provisional, due in the outbox, or unsealed any more. Counted until then: the processor time of every process
of Respite, of PostgreSQL and of Redis, and the statements that PostgreSQL ran for them (``pg_stat_statements``; marks of
transactions and what triggers run left out: the extension leaves that out by itself but for foreign keys that are checked
at the commit, which are told apart). This very file measures another commit too, with that commit's own pages,
world and processes; turns alternate, so that a busy machine slows both. PostgreSQL only.
"""

import argparse
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from benchmarks.browsers import Page
from benchmarks.measuring import Report, Row, asked, at_least, at_most, insist, report
from benchmarks.servers import ROOT, Served, cluster, cpu_seconds, database, postmaster
from scripts.with_postgres import private_postgres
from scripts.with_redis import private_redis

if TYPE_CHECKING:
    from benchmarks.world import Worker, World

LANES = 6
PEOPLE = 8
BASELINE = "31f3ece"
"""How things were before an act, its answer and what follows it were made one each."""
WARM = 5
PATIENCE_SECONDS = 300
COUNTING = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.max": "10000",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
MARKS = "^(begin|commit|rollback|savepoint|release|start|set|show|discard|deallocate|listen|notify)"
KEYS = "FROM ONLY .* FOR KEY SHARE OF x$"
"""How PostgreSQL looks for the row of a foreign key."""
LEFT = """
SELECT (SELECT count(*) FROM moderation_decision WHERE state = 'provisional')
     + (SELECT count(*) FROM outbox_outboxentry WHERE state NOT IN ('done', 'quarantined') AND run_after <= now())
     + (SELECT count(*) FROM audit_auditpending)
"""
RAN = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements JOIN pg_database ON oid = dbid
WHERE datname = current_database() AND query !~* %s AND (query ~ %s) = %s
"""


@dataclass(frozen=True)
class Turn:
    """What one turn came to, per decision: milliseconds of processor time, statements; and decisions a second.

    ``rate`` is the rate that is kept up: until nothing is left to do. ``burst`` is that of the answers alone.
    """

    web: float
    workers: float
    sweeper: float
    postgresql: float
    redis: float
    statements: float
    keys: float
    rate: float
    burst: float

    @property
    def processor(self) -> float:
        """Everything together, in milliseconds per decision."""
        return self.web + self.workers + self.sweeper + self.postgresql + self.redis


# ── one turn ─────────────────────────────────────────────────────────────────────────────────────────────────────


def turn(decisions: int) -> Turn:
    """Measure this tree once; DATABASE_URL names a server that counts its statements."""
    with private_redis() as shared, database(shared=shared) as url:
        from benchmarks.world import fill_cases, fill_jobs, hire, seed

        world = seed(url, lanes=LANES)
        waiting = 3 * PEOPLE * (decisions + WARM)
        fill_jobs(world, waiting)
        fill_cases(world, waiting)
        with cluster() as served:
            return _measured(world, served, hire(world.team, count=PEOPLE), decisions, shared)


def _measured(
    world: "World", served: Mapping[str, Served], people: "Sequence[Worker]", decisions: int, shared: str
) -> Turn:
    pages = [Page(served["web"].port, worker.session) for worker in people]
    with ThreadPoolExecutor(PEOPLE) as hands, psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        list(hands.map(Page.open, pages))
        list(hands.map(lambda page: _decide(page, WARM), pages))
        _catch_up(connection)
        used, begun = _used(served, world.url, shared), time.monotonic()
        ran, keys = _ran(connection), _ran(connection, keys=True)
        list(hands.map(lambda page: _decide(page, decisions), pages))
        burst = time.monotonic() - begun
        _catch_up(connection)
        whole = time.monotonic() - begun
        count = PEOPLE * decisions
        spent = {
            name: 1000 * (after - used[name]) / count
            for name, after in _used(served, world.url, shared).items()
        }
        for page in pages:
            page.close()
        return Turn(
            **spent,
            statements=(_ran(connection) - ran) / count,
            keys=(_ran(connection, keys=True) - keys) / count,
            rate=count / whole,
            burst=count / burst,
        )


def _decide(page: Page, times: int) -> None:
    for _ in range(times):
        page.decide()


def _catch_up(connection: "psycopg.Connection[tuple[int]]") -> None:
    """Wait until nothing is left to do; what this looks is not counted by whom it would concern."""
    until = time.monotonic() + PATIENCE_SECONDS
    while insist(connection.execute(LEFT).fetchone(), "no answer")[0]:
        insist(time.monotonic() < until, f"after {PATIENCE_SECONDS} s something is still to be done")
        time.sleep(0.05)


def _ran(connection: "psycopg.Connection[tuple[int]]", *, keys: bool = False) -> int:
    """Return how many statements were run in this database but ours, or how many *keys* were looked for at a commit."""
    ours = "|moderation_decision WHERE state = |pg_stat_statements"
    return int(insist(connection.execute(RAN, [MARKS + ours, KEYS, keys]).fetchone(), "no answer")[0])


def _used(served: Mapping[str, Served], url: str, shared: str) -> dict[str, float]:
    seconds = {name: cpu_seconds(one.process.pid) for name, one in served.items()}
    return {
        "web": seconds["web"] + seconds["live"],
        "workers": sum(spent for name, spent in seconds.items() if name.startswith("worker")),
        "sweeper": seconds["sweeper"],
        "postgresql": cpu_seconds(postmaster(url)),
        "redis": cpu_seconds(_redis(shared)),
    }


def _redis(shared: str) -> int:
    import redis

    with redis.Redis.from_url(shared) as client:
        return int(client.info("server")["process_id"])


# ── turns ────────────────────────────────────────────────────────────────────────────────────────────────────────


def run_turn(tree: Path, server: str, decisions: int) -> Turn:
    """Measure the tree at *tree* once, in a process of its own."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [sys.executable, "-m", "benchmarks.cycle", "--turn", str(decisions), "--json", file.name]
        here = {"DATABASE_URL": server, "PYTHONPATH": str(tree)}
        subprocess.run(command, cwd=tree, env=os.environ | here, check=True)
        return Turn(**json.loads(Path(file.name).read_text()))


def tree_of(commit: str, folder: Path) -> Path:
    """Write the files of *commit* there, with this very measurement."""
    git = insist(shutil.which("git"), "git is not installed")
    archived = subprocess.run([git, "archive", commit], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as archive:
        archive.extractall(folder, filter="data")
    (folder / "benchmarks" / "cycle.py").write_bytes(Path(__file__).read_bytes())
    return folder


def middle(turns: Sequence[Turn], name: str) -> float:
    """Return the median of one figure."""
    return float(statistics.median(getattr(one, name) for one in turns))


def tell(rows: Report, ours: Sequence[Turn], theirs: Sequence[Turn], commit: str) -> None:
    """Add the rows: medians of the turns, beside those of the other commit where there is one."""
    limits = {"processor": at_most(0.25), "rate": at_least(3)} if theirs else {}
    told = {
        "processor": ("processor time of all processes per decision", "ms"),
        "web": ("of it web and live", "ms"),
        "workers": ("of it the workers", "ms"),
        "sweeper": ("of it the sweeper", "ms"),
        "postgresql": ("of it PostgreSQL", "ms"),
        "redis": ("of it Redis", "ms"),
        "statements": ("statements per decision, everything that follows included", ""),
        "keys": ("beside them foreign keys, looked for at the commit", ""),
        "rate": ("decide + next over HTTP, 8 people, kept up until nothing is provisional", "/s"),
        "burst": ("decide + next over HTTP, 8 people, answers alone", "/s"),
    }
    for name, (what, unit) in told.items():
        against, limit = (f"at {commit}", middle(theirs, name)) if theirs else ("", None)
        rows.add(Row(what, middle(ours, name), unit, against, limit, target=limits.get(name)))
    rows.add(
        Row(told["statements"][0] + " (their number)", middle(ours, "statements"), "", target=at_most(25))
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark alone may be asked."""
    parser.add_argument("--against", metavar="COMMIT", default=BASELINE, help="by turns with that commit")
    parser.add_argument("--alone", action="store_true", help="beside nothing")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--turn", type=int, default=0, help=argparse.SUPPRESS)


def main() -> int:
    """Measure one turn, or all of them in processes of their own."""
    options = asked(__doc__, add_options)
    if options.turn:
        options.json.write_text(json.dumps(asdict(turn(options.turn))))
        return 0
    decisions, turns = (20, 1) if options.quick else (100, options.turns)
    with (
        report("Intake and pages: one decision altogether", options) as rows,
        private_postgres(COUNTING) as server,
        tempfile.TemporaryDirectory(prefix="respite-tree-") as folder,
    ):
        commit = "" if options.alone else options.against
        trees = {"": ROOT} | ({commit: tree_of(commit, Path(folder))} if commit else {})
        found: dict[str, list[Turn]] = {name: [] for name in trees}
        for _ in range(turns):
            for name, tree in trees.items():
                found[name].append(run_turn(tree, server, decisions))
                print(f"  {name or 'here'}: {found[name][-1]}", flush=True)
        tell(rows, found[""], found[commit] if commit else [], commit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
