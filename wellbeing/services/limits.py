"""Setting a limit: tighter at once, looser from each person's next local day."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from audit.services import record
from people.selectors import members_of
from wellbeing import events
from wellbeing.exceptions import AboveCeiling, CeilingNeedsTwo, ReasonMissing, UnknownLimit
from wellbeing.models import LimitRow, LimitScope
from wellbeing.rules.days import next_day_start
from wellbeing.rules.limits import BREAK_LIMITS, DEFAULT_PRESET
from wellbeing.rules.scopes import CEILING, tightest
from wellbeing.selectors.facts import values_of

__all__ = ["seed_ceiling", "set_limit"]


def set_limit(
    *, scope: str, scope_ref: str, name: str, value: int, set_by: str, reason: str, at: datetime
) -> LimitRow:
    """Add a value; the tightest of ceiling, team, person and own holds.

    ``scope`` is ``team`` (``scope_ref`` its id), ``person`` or ``own`` (``scope_ref`` a subject);
    ``value`` in seconds or cases, 0 closes; ``set_by`` a subject, or ``system``. Call it in no
    transaction that holds a person's row. Audited, but for ``own``, which nobody else reads.

    Raises:
        UnknownLimit: no such name, or a value that is not possible: negative, or 0 for a break.
        AboveCeiling: above what the organisation allows.
        ReasonMissing: looser, or for one person, without a reason.
        CeilingNeedsTwo: the scope is ``ceiling``.
    """
    if scope == CEILING:
        raise CeilingNeedsTwo
    _require_possible(name, value)
    with transaction.atomic():
        _require_under_ceiling(name, value, at=at)
        loosens = _loosens(scope, scope_ref, name, value)
        if not reason.strip() and (scope == LimitScope.PERSON or (loosens and scope == LimitScope.TEAM)):
            raise ReasonMissing
        row = LimitRow.objects.create(
            scope=LimitScope(scope),
            scope_ref=scope_ref,
            name=name,
            value=value,
            loosens=loosens,
            set_at=at,
            set_by=set_by,
            reason=reason.strip(),
        )
        _audit(row)
        events.bump(_concerned(row))
        return row


def seed_ceiling(*, set_by: str, at: datetime) -> int:
    """Write the preset ``default`` as the ceiling where no ceiling stands; returns how many rows."""
    with transaction.atomic():
        stands = set(LimitRow.objects.filter(scope=CEILING).values_list("name", flat=True))
        missing = [(name, value) for name, value in DEFAULT_PRESET.items() if name not in stands]
        for name, value in missing:
            row = LimitRow.objects.create(scope=CEILING, name=name, value=value, set_at=at, set_by=set_by)
            _audit(row)
        return len(missing)


def _require_possible(name: str, value: int) -> None:
    least = 1 if name in BREAK_LIMITS else 0
    if name not in DEFAULT_PRESET or value < least:
        raise UnknownLimit


def _require_under_ceiling(name: str, value: int, *, at: datetime) -> None:
    """Measure against the tightest that any ceiling row says now, a looser one that waits left aside."""
    rows = values_of(list(LimitRow.objects.filter(scope=CEILING).order_by("set_at", "id")))
    next_day = partial(next_day_start, [])
    ceiling = tightest(rows, at=at, next_day=next_day, defaults=DEFAULT_PRESET)[name].value
    if value > ceiling:
        raise AboveCeiling(ceiling=ceiling)


def _loosens(scope: str, scope_ref: str, name: str, value: int) -> bool:
    """Say whether the value is looser than the one before in its scope."""
    rows = LimitRow.objects.filter(scope=scope, scope_ref=scope_ref, name=name)
    last = rows.order_by("set_at", "id").values_list("value", flat=True).last()
    return last is not None and value > last


def _audit(row: LimitRow) -> None:
    if row.scope == LimitScope.OWN:
        return
    record(
        actor=row.set_by,
        action="limit.set",
        target_kind=f"limit.{row.scope}",
        target_id=row.scope_ref or "organisation",
        at=row.set_at,
        detail={"name": row.name, "value": row.value, "loosens": row.loosens},
        reason=row.reason,
    )


def _concerned(row: LimitRow) -> list[UUID]:
    if row.scope == LimitScope.TEAM:
        return members_of(int(row.scope_ref), at=row.set_at)
    return [UUID(row.scope_ref)]
