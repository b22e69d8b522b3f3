"""What the operator is shown of background work."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from outbox.models import OutboxEntry, OutboxState


def quarantined(*, limit: int = 200) -> list[OutboxEntry]:
    """Return what was given up, latest first. Never dropped: it is listed until somebody decides."""
    entries = OutboxEntry.objects.filter(state=OutboxState.QUARANTINED)
    return list(entries.order_by("-ended_at", "-id")[:limit])


def overdue(*, at: datetime, by: timedelta, limit: int = 200) -> list[OutboxEntry]:
    """Return what should have been begun more than *by* ago and is not done: a worker is missing or too slow."""
    entries = OutboxEntry.objects.filter(state=OutboxState.PENDING, run_after__lt=at - by)
    return list(entries.order_by("run_after", "id")[:limit])


def due(*, kinds: Iterable[str], at: datetime, limit: int) -> list[tuple[int, str]]:
    """Return id and kind of what of these kinds may be begun now and is nobody's, what has waited longest first."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    entries = OutboxEntry.objects.filter(
        free, state=OutboxState.PENDING, run_after__lte=at, kind__in=list(kinds)
    )
    return list(entries.order_by("run_after", "id").values_list("id", "kind")[:limit])
