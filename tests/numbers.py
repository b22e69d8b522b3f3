"""What a page would hear: the change number of a person."""

from uuid import UUID

from live.events import group_of
from live.models import Rev


def rev_of(subject: UUID) -> int:
    """Return the person's change number (0 before the first change)."""
    return Rev.objects.filter(group=group_of(subject)).values_list("number", flat=True).first() or 0
