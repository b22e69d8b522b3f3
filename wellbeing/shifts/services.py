"""Shifts are planned and, before they begin, cancelled: by the person, or by a lead for a person of their team."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.services import record
from wellbeing.core.locked import Locked
from wellbeing.core.services.ledger import announce
from wellbeing.core.services.locking import holding
from wellbeing.exceptions import NotFound
from wellbeing.models import Shift
from wellbeing.shifts import rules as shifts
from wellbeing.shifts.rules import NothingPlanned, Planned, ShiftHasBegun, TooManyShifts
from wellbeing.shifts.selectors import planned_around


def plan(*, subject: UUID, planned: Sequence[Planned], planned_by: str, at: datetime) -> list[UUID]:
    """Plan all of these shifts of a person, or none; returns their ids.

    ``planned_by``: the subject of who plans. Night is the person's own: nobody else plans a shift that touches it.

    Raises:
        NothingPlanned, TooManyShifts: none, or more than one act plans.
        What ``shifts.rules.require_possible`` and ``require_own_night`` raise: about the first that cannot be.
    """
    if not planned:
        raise NothingPlanned
    if len(planned) > shifts.AT_ONCE:
        raise TooManyShifts
    with transaction.atomic(), holding(subject=subject, at=at) as locked:
        others = planned_around(subject, since=locked.at)
        for shift in planned:
            shifts.require_possible(shift, others=others, at=locked.at, zones=locked.zones)
            if planned_by != str(subject):
                shifts.require_own_night(shift, locked.zones)
            others.append(shift)
        rows = [_add(locked, shift, planned_by) for shift in planned]
        announce(locked)
    return [row.pk for row in rows]


def cancel(*, subject: UUID, shift_id: UUID, cancelled_by: str, at: datetime) -> None:
    """Cancel a shift that has not begun; one that has stays, and with it what holds at its end and beyond.

    Raises:
        NotFound: there is none of this person, or it was cancelled before.
        ShiftHasBegun: it has.
    """
    with transaction.atomic(), holding(subject=subject, at=at) as locked:
        row = Shift.objects.filter(pk=shift_id, subject=subject, cancelled_at__isnull=True).first()
        if row is None:
            raise NotFound
        if row.starts_at <= locked.at:
            raise ShiftHasBegun(Planned(row.starts_at, row.ends_at))
        row.cancelled_at, row.cancelled_by = locked.at, cancelled_by
        row.save(update_fields=["cancelled_at", "cancelled_by"])
        _audit(row, "shift.cancelled", cancelled_by, locked.at)
        announce(locked)


def _add(locked: Locked, shift: Planned, planned_by: str) -> Shift:
    row = Shift.objects.create(
        subject=locked.subject,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        planned_by=planned_by,
        planned_at=locked.at,
    )
    _audit(row, "shift.planned", planned_by, locked.at)
    return row


def _audit(row: Shift, action: str, actor: str, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_kind="person",
        target_id=str(row.subject),
        at=at,
        detail={"from": row.starts_at.isoformat(), "until": row.ends_at.isoformat()},
    )
