"""Buddies, as the two of them see it. Nobody else reads this."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from wellbeing.models import Buddy


@dataclass(frozen=True, slots=True)
class BuddyLine:
    """One tie. ``other``: the subject of the other of the two; ``is_mine``: this person asked."""

    id: UUID
    other: UUID
    is_mine: bool
    has_agreed: bool


def buddies_of(subject: UUID) -> list[BuddyLine]:
    """Return the ties of a person that have not ended, their own first, then by when they were asked; one query."""
    rows = Buddy.objects.filter(Q(subject=subject) | Q(buddy=subject), ended_at__isnull=True)
    lines = [_line(row, subject) for row in rows.order_by("asked_at", "id")]
    return sorted(lines, key=lambda line: not line.is_mine)


def is_asked(subject: UUID) -> bool:
    """Say whether a colleague waits for this person's answer; one query."""
    return Buddy.objects.filter(buddy=subject, ended_at__isnull=True, agreed_at__isnull=True).exists()


def _line(row: Buddy, subject: UUID) -> BuddyLine:
    is_mine = row.subject == subject
    return BuddyLine(row.pk, row.buddy if is_mine else row.subject, is_mine, row.agreed_at is not None)
