"""What of background work is to be told to somebody who could do it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from outbox.models import OutboxEntry, OutboxState


def due(*, kinds: Iterable[str], at: datetime, limit: int) -> list[tuple[int, str]]:
    """Return id and kind of what of these kinds may be begun now and is nobody's, what has waited longest first."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    entries = OutboxEntry.objects.filter(
        free, state=OutboxState.PENDING, run_after__lte=at, kind__in=list(kinds)
    )
    return list(entries.order_by("run_after", "id").values_list("id", "kind")[:limit])
