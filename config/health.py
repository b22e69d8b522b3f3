"""Two questions of whoever watches the servers: is it alive, and may it be sent work?

Both answer JSON without a name, or a count or a figure of anybody; how many recounts differed tells of sums alone, and how many reports came
of browsers alone. `/healthz` touches nothing, so that a slow database
does not get the web server restarted. `/readyz` says which mode runs, and what that mode cannot do.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import clock, database_logs
from config.shared.breaker import Breaker
from config.shared.connection import ping
from people.selectors import leads_who_operate
from web.shared.plain_line import missing_guards
from web.shared.policy_reports import reported_lately
from wellbeing.core.selectors.recounted import differed_lately

redis_breaker = Breaker()

LEAST_FREE_BYTES = 256 * 1024 * 1024
"""Below this nothing more is taken in: one item may hold 64 MB, and its renditions and the database need room too."""


class NotReady(Exception):
    """Something that work needs is missing; the message says what."""


def mode() -> str:
    """Return which mode runs: `embedded` (SQLite), `postgresql` (one web process) or `cluster` (with Redis, many)."""
    return str(settings.MODE)


def cannot() -> list[str]:
    """Return what the mode that runs cannot do, as sentences for an operator."""
    limits = {
        "embedded": [
            _("It runs on one machine: a second one cannot share its database."),
            _("It writes one thing at a time: enough for an office, not for several."),
        ],
        "postgresql": [
            _("Without Redis, live pages look for news every half second instead of being told."),
            _("Without Redis, limits of sign-in and of the API hold for one web process: run no second one."),
        ],
        "cluster": [
            _("Media lie in one folder, which every web process and worker must see."),
        ],
    }
    return limits[mode()]


def degraded() -> list[str]:
    """Return what does not work as it should, without keeping anybody from working."""
    found = []
    if mode() == "cluster" and not redis_answers():
        found.append(
            _(
                "Redis does not answer. Work goes on: pages ask every few seconds, and limits hold for each process alone."
            )
        )
    if database_talks():
        found.append(
            _(
                "PostgreSQL's log may repeat what people sent; the operator has said that they know (DATABASE_LOGS_ACKNOWLEDGED)."
            )
        )
    found += missing_guards(settings.PUBLIC_URL)
    if recounts := recounts_that_differed():
        found.append(
            ngettext(
                "%(count)s nightly recount of the last 7 days found sums that differed from what was shown, and put them right.",
                "%(count)s nightly recounts of the last 7 days found sums that differed from what was shown, and put them right.",
                recounts,
            )
            % {"count": recounts}
        )
    return found + roles_apart()


def roles_apart() -> list[str]:
    """Say that somebody is lead and operator, and until when the lead's pages open to them; without a name."""
    try:
        ends = leads_who_operate()
    except DatabaseError:
        return []
    until = [end for end in ends if end is not None and end > timezone.now()]
    found = [
        _(
            "Somebody is team lead and operator. From %(day)s on the lead’s pages are closed to them: take one of the two "
            "roles away."
        )
        % {"day": f"{end:%Y-%m-%d}"}
        for end in sorted(until)
    ]
    if len(until) < len(ends):
        found.append(
            _(
                "Somebody is team lead and operator, so the lead’s pages are closed to them: take one of the two roles away."
            )
        )
    return found


def database_talks() -> bool:
    """Ask whether the database's log may repeat content; False while it does not answer, which is told elsewhere."""
    if connection.vendor != "postgresql":
        return False
    try:
        return bool(database_logs.talking())
    except DatabaseError:
        return False


def recounts_that_differed() -> int:
    """Ask how many nightly recounts found something lately; 0 while the database does not answer, which is told elsewhere."""
    try:
        return differed_lately(at=timezone.now())
    except DatabaseError:
        return 0


def redis_answers() -> bool:
    """Ask Redis, once in a while if it is gone."""
    return redis_breaker.ask(ping, lambda: False)


def database_answers() -> None:
    """Ask the database; on SQLite also whether it is as durable as promised."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            if connection.vendor == "sqlite":
                _insist_on_durable(cursor.execute("PRAGMA synchronous").fetchone()[0])
            else:
                cursor.execute("SHOW synchronous_commit")
                _insist_on_commits(cursor.fetchone()[0])
    except DatabaseError:
        raise NotReady(_("The database does not answer.")) from None


def _insist_on_durable(synchronous: int) -> None:
    if synchronous < 2:  # 2 is FULL, 3 EXTRA
        raise NotReady(_("The database would not survive a power cut (synchronous is not FULL)."))


def _insist_on_commits(synchronous_commit: str) -> None:
    if synchronous_commit == "off":
        raise NotReady(_("The database would not survive a power cut (synchronous_commit is off)."))


def clock_agrees() -> None:
    """Compare this process's clock with the database's."""
    try:
        clock.insist()
    except clock.ClockAstray:
        raise NotReady(
            _("This server's clock is seconds away from the database's: it serves nothing.")
        ) from None
    except DatabaseError:
        raise NotReady(_("The database does not answer.")) from None


def migrations_are_applied() -> None:
    """Compare the tables with the program."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        raise NotReady(_("The database does not answer.")) from None
    if missing:
        raise NotReady(_("Migrations are missing. Run: python manage.py migrate"))


def disk_takes_bytes() -> None:
    """Write a few bytes where media go, and look how much room is left."""
    folder = Path(settings.MEDIA_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"ready")
        free = shutil.disk_usage(folder).free
    except OSError:
        raise NotReady(_("The media folder cannot be written to.")) from None
    if free < LEAST_FREE_BYTES:
        raise NotReady(_("The disk is nearly full."))


CHECKS: dict[str, Callable[[], None]] = {
    "database": database_answers,
    "clock": clock_agrees,
    "migrations": migrations_are_applied,
    "disk": disk_takes_bytes,
}


def outcomes() -> dict[str, str]:
    """Return check → 'ok' or the sentence that says what is missing."""

    def outcome(check: Callable[[], None]) -> str:
        try:
            check()
        except NotReady as missing:
            return str(missing)
        return "ok"

    return {name: outcome(check) for name, check in CHECKS.items()}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether work may be sent here: 200, or 503 with what is missing."""
    found = outcomes()
    ready = all(outcome == "ok" for outcome in found.values())
    body = {
        "ready": ready,
        "mode": mode(),
        "cannot": cannot(),
        "degraded": degraded(),
        "checks": found,
        "policy_reports_7_days": reported_lately(at=timezone.now()),
    }
    return JsonResponse(body, status=200 if ready else 503)
