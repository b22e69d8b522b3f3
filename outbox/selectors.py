"""What of background work is to be told to somebody who could do it."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from outbox.kinds import NET
from outbox.models import OutboxEntry, OutboxState

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def due(*, kinds: Iterable[str], at: datetime, limit: int) -> list[tuple[int, str]]:
    """Return id and kind of what of these kinds may be begun now and is nobody's, what has waited longest first."""
    entries = _free(kinds, at).filter(run_after__lte=at)
    return list(entries.order_by("run_after", "id").values_list("id", "kind")[:limit])


NEXT_DUE = """
SELECT run_after FROM outbox_outboxentry
WHERE state = 'pending' AND kind IN ({kinds}) AND (lease_until IS NULL OR lease_until <= %s)
    AND run_after > %s AND run_after < %s
ORDER BY run_after, id LIMIT 1
"""
"""By hand, because every sleeping process asks it every few seconds, and the ORM takes longer than the database."""


def next_due(*, kinds: Collection[str], at: datetime, since: datetime = LONG_AGO) -> datetime | None:
    """Return when the next of these kinds that is nobody's may be begun, of what is after *since* and within the net.

    What is due later is not looked through: as many decisions wait for their grace to be over as were made meanwhile.
    """
    text = NEXT_DUE.format(kinds=", ".join(["%s"] * len(kinds)))
    moments = [connection.ops.adapt_datetimefield_value(moment) for moment in (at, since, at + NET)]
    with connection.cursor() as cursor:
        cursor.execute(text, [*kinds, *moments])
        row = cursor.fetchone()
    if row is None:
        return None
    found: datetime = row[0] if isinstance(row[0], datetime) else datetime.fromisoformat(row[0])
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _free(kinds: Iterable[str], at: datetime) -> "QuerySet[OutboxEntry]":
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    return OutboxEntry.objects.filter(free, state=OutboxState.PENDING, kind__in=list(kinds))


def version_of_database() -> object:
    """Return what stays the same while nobody else commits: on PostgreSQL the snapshot that a statement would see now.

    On SQLite it belongs to the connection of the thread that asks, and does not move by what that one commits.
    """
    question = (
        "PRAGMA data_version" if connection.vendor == "sqlite" else "SELECT pg_current_snapshot()::text"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]
