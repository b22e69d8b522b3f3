"""What the operator is shown of background work."""

from datetime import datetime, timedelta

from outbox.models import OutboxEntry, OutboxState


def quarantined(*, limit: int = 200) -> list[OutboxEntry]:
    """Return what was given up, latest first. Never dropped: it is listed until somebody decides."""
    entries = OutboxEntry.objects.filter(state=OutboxState.QUARANTINED)
    return list(entries.order_by("-ended_at", "-id")[:limit])


def overdue(*, at: datetime, by: timedelta, limit: int = 200) -> list[OutboxEntry]:
    """Return what should have been begun more than *by* ago and is not done: a worker is missing or too slow."""
    entries = OutboxEntry.objects.filter(state=OutboxState.PENDING, run_after__lt=at - by)
    return list(entries.order_by("run_after", "id")[:limit])
