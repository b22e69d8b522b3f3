"""How many cases a small office gets through in embedded mode, on one machine with SQLite, and what that takes of it.

    python -m benchmarks.embedded [--quick] [--json FILE]

`manage.py serve` runs as an operator starts it. Four people do nothing but decide over HTTP; the turn ends when nothing is
provisional, due in the outbox, or unsealed any more.
"""

import os
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

import django

from benchmarks.browsers import Page
from benchmarks.measuring import Report, Row, asked, at_least, at_most, insist, report
from benchmarks.servers import OURS_TO_SAY, ROOT, cpu_seconds, megabytes, program, status_of, wait_for
from scripts.with_redis import free_port

if TYPE_CHECKING:
    import subprocess

    from people.models import Platform

PEOPLE = 4
WARM = 3
PATIENCE_SECONDS = 300


def fill(platform: "Platform", count: int, at: datetime) -> None:
    """Take items in as the API does; the background worker puts them in line."""
    from django.db import transaction

    from benchmarks.world import CATEGORY, WORDS
    from moderation.services.intake import NewItem, accept

    for number in range(count):
        item = NewItem(f"item {number}", CATEGORY, text=WORDS.format(number))
        with transaction.atomic():
            accept(platform=platform, item=item, at=at)


def wait_until(is_so: "Sequence[object]", what: str) -> None:
    """Look until none of these querysets has a row."""
    until = time.monotonic() + PATIENCE_SECONDS
    while any(one.all().exists() for one in is_so):  # type: ignore[attr-defined]
        insist(time.monotonic() < until, what)
        time.sleep(0.1)


def left() -> "list[object]":
    """Return what is still to be done after decisions."""
    from django.db.models.functions import Now

    from audit.models import AuditPending
    from moderation.models import Decision, DecisionState
    from outbox.models import OutboxEntry, OutboxState

    ended = [OutboxState.DONE, OutboxState.QUARANTINED]
    return [
        Decision.objects.filter(state=DecisionState.PROVISIONAL),
        OutboxEntry.objects.filter(run_after__lte=Now()).exclude(state__in=ended),
        AuditPending.objects.all(),
    ]


def measure(rows: Report, served: "subprocess.Popen[bytes]", pages: Sequence[Page], decisions: int) -> None:
    """Let everybody decide, and tell the rate that was kept up, the processor time and the memory."""

    def decide(page: Page, times: int = decisions) -> list[float]:
        return [page.decide() for _ in range(times)]

    with ThreadPoolExecutor(PEOPLE) as hands:
        list(hands.map(Page.open, pages))
        list(hands.map(lambda page: decide(page, WARM), pages))
        wait_until(left(), "what was decided to warm up is not final")
        used, begun = cpu_seconds(served.pid), time.monotonic()
        taken = sorted(one for each in hands.map(decide, pages) for one in each)
        burst = time.monotonic() - begun
        wait_until(left(), "not all is final")
        whole = time.monotonic() - begun
    count = PEOPLE * decisions
    what = f"decide + next, {PEOPLE} desks on SQLite"
    rows.add(Row(f"{what}, kept up until nothing is provisional", count / whole, "/s", target=at_least(20)))
    rows.add(Row(f"{what}, answers alone", count / burst, "/s"))
    rows.add(Row(f"{what}, p50", 1000 * taken[len(taken) // 2], "ms"))
    rows.add(Row(f"{what}, processor time", 1000 * (cpu_seconds(served.pid) - used) / count, "ms"))
    rows.add(Row("all processes of embedded mode (PSS)", megabytes(served.pid), "MB", target=at_most(400)))


def main() -> int:
    """Make an installation, serve it, and measure."""
    options = asked(__doc__)
    decisions = 20 if options.quick else 100
    for name in (*OURS_TO_SAY, "DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with (
        report("Embedded mode", options) as rows,
        tempfile.TemporaryDirectory(prefix="respite-bench-") as folder,
    ):
        port = free_port()
        os.environ |= {
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": secrets.token_hex(32),
        }
        django.setup()
        with program([sys.executable, str(ROOT / "manage.py"), "serve"], PORT=str(port)) as served:
            wait_for(served, lambda: status_of(port, "/healthz") == 200)
            from django.utils import timezone

            from benchmarks.world import first_office, hire
            from outbox.models import OutboxEntry, OutboxState

            team, new = first_office(timezone.now())
            fill(new.platform, PEOPLE * (decisions + WARM + 2), timezone.now())
            wait_until([OutboxEntry.objects.filter(state=OutboxState.PENDING)], "not all came in line")
            pages = [Page(port, worker.session) for worker in hire(team, count=PEOPLE)]
            measure(rows, served, pages, decisions)
    return 0


if __name__ == "__main__":
    sys.exit(main())
