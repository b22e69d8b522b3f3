"""Jobs come into being, and change their lane or their place, through here alone."""

from datetime import datetime
from uuid import UUID

from queues.models import Job, JobKind, Queue


def enqueue(
    *,
    case_ref: UUID,
    queue: Queue,
    language: str,
    category: str,
    severity: int,
    medium: str,
    expected_seconds: int,
    at: datetime,
    skill: str = "",
    kind: str = JobKind.FIRST,
    sound: bool = False,
    mild_confirmed: bool = False,
    priority: int = 0,
    due_at: datetime | None = None,
) -> Job:
    """Put one unit of work about a case into its lane; after the commit the desks that wait are asked.

    Must run inside ``transaction.atomic``. ``severity`` 0 to 4, ``priority`` 0 to 100; ``medium`` is
    ``text``, ``image``, …; ``mild_confirmed``: an earlier decision of a person put these bytes at severity 0.

    Raises:
        IntegrityError: an open job of this kind exists for the case.
    """
    raise NotImplementedError


def raise_priority(*, case_ref: UUID, priority: int, due_at: datetime | None = None) -> bool:
    """Move the case's open jobs forward in their line, never back. Return whether one moved.

    Must run inside ``transaction.atomic``; locks the jobs. ``due_at`` replaces a later or missing due time.
    """
    raise NotImplementedError


def relabel(*, case_ref: UUID, category: str, severity: int) -> None:
    """Move the case's open jobs into the lane of another label; they keep their place (``sort_key``).

    Must run inside ``transaction.atomic``; locks the jobs, so call it before the case is locked. Whoever
    raises severity for a person in front of the case calls ``wellbeing.services.exposure.raise_severity`` too.
    """
    raise NotImplementedError
