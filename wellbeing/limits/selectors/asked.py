"""What leads have asked a person to agree to, and what became of it. A no has no reason, and nothing counts it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wellbeing.models import LimitRequest

ASKED_SHOWN = 10


@dataclass(frozen=True)
class AskedLine:
    """A looser value that was asked for. ``agreed`` is None until it is answered, and for ever where it was overtaken."""

    name: str
    value: int
    asked_at: datetime
    answered_at: datetime | None
    agreed: bool | None


def asked_of(subject: UUID) -> list[AskedLine]:
    """Return the last of what leads asked this person, newest first; one query."""
    rows = LimitRequest.objects.filter(subject=subject).order_by("-asked_at", "id")[:ASKED_SHOWN]
    return [AskedLine(row.name, row.value, row.asked_at, row.answered_at, row.agreed) for row in rows]
