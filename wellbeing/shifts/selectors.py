"""When people planned to work: for themselves, for the day's end, and for the lead of their team."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from wellbeing.core.rules.caps import REST_BETWEEN_SHIFTS
from wellbeing.models import Shift
from wellbeing.shifts.rules import Planned

TOLD_FOR = timedelta(days=1)


@dataclass(frozen=True)
class ShiftLine:
    """One shift: from when to when, by whom (subjects), and whether it was cancelled (``cancelled_by`` is empty if not)."""

    id: UUID
    subject: UUID
    starts_at: datetime
    ends_at: datetime
    planned_by: str
    planned_at: datetime
    cancelled_by: str
    has_begun: bool

    @property
    def is_by_other(self) -> bool:
        """Say whether somebody else planned or cancelled it."""
        return (self.cancelled_by or self.planned_by) != str(self.subject)


def shifts_of(subject: UUID, *, at: datetime) -> list[ShiftLine]:
    """Return the shift that runs and all to come, in their order, with those that somebody else cancelled; one query."""
    found = Shift.objects.filter(_stands() | ~Q(cancelled_by=str(subject)), subject=subject, ends_at__gt=at)
    return _lines(found, at)


def shifts_of_all(subjects: Collection[UUID], *, at: datetime) -> list[ShiftLine]:
    """Return the running and the coming shifts of these people, in their order; one query."""
    return _lines(Shift.objects.filter(_stands(), subject__in=subjects, ends_at__gt=at), at)


def next_shift(subject: UUID, *, at: datetime) -> Planned | None:
    """Return the first shift of a person that begins after *at*; one query."""
    found = Shift.objects.filter(_stands(), subject=subject, starts_at__gt=at)
    times = found.order_by("starts_at").values_list("starts_at", "ends_at").first()
    return None if times is None else Planned(*times)


def planned_around(subject: UUID, *, since: datetime) -> list[Planned]:
    """Return every shift of a person that could stand in the way of one that begins at *since* or later; one query."""
    found = Shift.objects.filter(_stands(), subject=subject, ends_at__gt=since - REST_BETWEEN_SHIFTS)
    return [Planned(*times) for times in found.order_by("starts_at").values_list("starts_at", "ends_at")]


def has_shift_news(subject: UUID, *, at: datetime) -> bool:
    """Say whether somebody else planned or cancelled a coming shift of this person within the last day; one query."""
    others = Q(planned_at__gt=at - TOLD_FOR, cancelled_at__isnull=True) & ~Q(planned_by=str(subject))
    ended = Q(cancelled_at__gt=at - TOLD_FOR) & ~Q(cancelled_by=str(subject))
    return Shift.objects.filter(others | ended, subject=subject, ends_at__gt=at).exists()


def _stands() -> Q:
    return Q(cancelled_at__isnull=True)


def _lines(found: QuerySet[Shift], at: datetime) -> list[ShiftLine]:
    return [_line(row, at) for row in found.order_by("starts_at", "subject")]


def _line(row: Shift, at: datetime) -> ShiftLine:
    return ShiftLine(
        id=row.pk,
        subject=row.subject,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        planned_by=row.planned_by,
        planned_at=row.planned_at,
        cancelled_by=row.cancelled_by,
        has_begun=row.starts_at <= at,
    )
