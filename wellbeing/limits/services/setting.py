"""Setting a limit: tighter at once, looser from each person's next local day. Rows follow each other; none is changed."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from audit.services import record
from live import events
from people.selectors import members_of
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.core.rules.names import AMBER_BEFORE, FOR_TEAMS, bounds_of, is_looser, loosest_of
from wellbeing.core.rules.reasons import checked_reason
from wellbeing.core.services.confirmed import require_themselves
from wellbeing.exceptions import (
    AboveCeiling,
    AlreadySet,
    CeilingNeedsTwo,
    ChangedMeanwhile,
    Contradicts,
    NotTighter,
    OutOfBounds,
    UnknownLimit,
)
from wellbeing.limits.selectors.in_scope import (
    ceiling_of,
    holds_for_person,
    last_row,
    open_desks,
    scope_state_of,
)
from wellbeing.models import LimitRequest, LimitRow, LimitScope

__all__ = ["lift_own", "move_ceiling", "seed_ceiling", "set_agreed", "set_limit"]


def set_limit(
    *,
    scope: str,
    scope_ref: str,
    name: str,
    value: int,
    set_by: str,
    reason: str,
    at: datetime,
    last_seen: int | None = None,
) -> LimitRow:
    """Add a value; the tightest of ceiling, team, person and own holds.

    ``scope`` is ``team`` (``scope_ref`` its id), ``person`` or ``own`` (``scope_ref`` a subject);
    ``value`` in seconds or cases, 0 closes; ``set_by`` a subject, or ``system``. ``last_seen``: the row of
    this scope and name that the form showed (0: none), None for whoever saw none. Call it in no
    transaction that holds a person's row. Audited, but for ``own``, which nobody else reads.

    Raises:
        UnknownLimit, OutOfBounds: no such name, or a value that makes no sense.
        AboveCeiling: looser than the organisation allows.
        Contradicts: an amber value above the red one of this scope.
        NotTighter: for one person, and not tighter than what ceiling, team and leads say.
        ReasonMissing, ReasonTooLong: looser, or for one person, without a reason; or with too long a one.
        ChangedMeanwhile: somebody else set it after ``last_seen``.
        AlreadySet: nothing would change.
        CeilingNeedsTwo: the scope is ``ceiling``.
        NotConfirmed: the scope is ``own``, and who asks may be somebody else.
    """
    if scope == LimitScope.CEILING:
        raise CeilingNeedsTwo
    require_possible(name, value)
    if name not in FOR_TEAMS:
        raise UnknownLimit
    with transaction.atomic():
        if scope == LimitScope.OWN:
            require_themselves(UUID(scope_ref))
        last = last_row(scope, scope_ref, name)
        _require_last_seen(last, last_seen)
        _require_under_ceiling(name, value, at=at)
        require_before_red(scope, scope_ref, name, value, at=at)
        if scope == LimitScope.PERSON:
            _require_tighter_for_person(UUID(scope_ref), name, value, at=at)
            _overtake_requests(UUID(scope_ref), name, at=at)
        elif last is not None and last.value == value:
            raise AlreadySet
        return _append(scope, scope_ref, name, value, last=last, set_by=set_by, reason=reason, at=at)


def lift_own(*, subject: UUID, name: str, at: datetime) -> LimitRow:
    """Undo a person's own value: it binds nobody from their next local day on.

    Raises:
        UnknownLimit: no such name.
        AlreadySet: there is none, or it is undone already.
        NotConfirmed: who asks may be somebody else.
    """
    if name not in DEFAULT_PRESET:
        raise UnknownLimit
    with transaction.atomic():
        require_themselves(subject)
        last = last_row(LimitScope.OWN, str(subject), name)
        if last is None or last.value == loosest_of(name):
            raise AlreadySet
        return _append(
            LimitScope.OWN,
            str(subject),
            name,
            loosest_of(name),
            last=last,
            set_by=str(subject),
            reason="",
            at=at,
        )


def move_ceiling(*, name: str, value: int, set_by: str, reason: str, at: datetime) -> LimitRow:
    """Write the ceiling that two people have signed; tighter binds every live desk at once.

    For ``proposals.sign`` alone, in its transaction: it has just seen that two people signed.

    Raises:
        UnknownLimit, OutOfBounds, Contradicts: as above.
    """
    require_possible(name, value)
    with transaction.atomic():
        # The shipped value has to be a row of its own first: a looser one that follows nothing would hold at once.
        require_before_red(LimitScope.CEILING, "", name, value, at=at)
        last = last_row(LimitScope.CEILING, "", name) or _append_shipped_ceiling(name, set_by="system", at=at)
        return _append(LimitScope.CEILING, "", name, value, last=last, set_by=set_by, reason=reason, at=at)


def set_agreed(*, subject: UUID, name: str, value: int, set_by: str, reason: str, at: datetime) -> LimitRow:
    """Write the looser value that a person has agreed to; it holds from their next local day.

    For ``requests.answer`` alone, in its transaction.
    """
    last = last_row(LimitScope.PERSON, str(subject), name)
    return _append(
        LimitScope.PERSON, str(subject), name, value, last=last, set_by=set_by, reason=reason, at=at
    )


def seed_ceiling(*, set_by: str, at: datetime) -> int:
    """Write the preset ``default`` as the ceiling where no ceiling stands; returns how many rows."""
    with transaction.atomic():
        stands = set(LimitRow.objects.filter(scope=LimitScope.CEILING).values_list("name", flat=True))
        missing = [name for name in DEFAULT_PRESET if name not in stands]
        for name in missing:
            _append_shipped_ceiling(name, set_by=set_by, at=at)
        return len(missing)


def require_possible(name: str, value: int) -> None:
    """Refuse a name that no limit bears, and a value that makes no sense.

    Raises:
        UnknownLimit, OutOfBounds: these.
    """
    if name not in DEFAULT_PRESET:
        raise UnknownLimit
    bounds = bounds_of(name)
    if not bounds.hold(value):
        raise OutOfBounds(least=bounds.least, most=bounds.most)


def require_before_red(scope: str, scope_ref: str, name: str, value: int, *, at: datetime) -> None:
    """Refuse an amber value that comes after the red one of the same scope, also where that still waits for its day.

    Red itself may always be tightened.

    Raises:
        Contradicts: this.
    """
    red = AMBER_BEFORE.get(name)
    if red is None:
        return
    stands = scope_state_of(scope, scope_ref, red, at=at)
    said = [one.value for one in (stands.holds, stands.waits) if one is not None]
    most = max(said, default=ceiling_of(red, at=at))
    if value > most:
        raise Contradicts(red=red, most=most)


def _append_shipped_ceiling(name: str, *, set_by: str, at: datetime) -> LimitRow:
    shipped = DEFAULT_PRESET[name]
    return _append(LimitScope.CEILING, "", name, shipped, last=None, set_by=set_by, reason="", at=at)


def _require_last_seen(last: LimitRow | None, last_seen: int | None) -> None:
    if last is not None and last_seen is not None and last.pk != last_seen:
        raise _changed(last)


def _require_under_ceiling(name: str, value: int, *, at: datetime) -> None:
    ceiling = ceiling_of(name, at=at)
    if is_looser(name, value, ceiling):
        raise AboveCeiling(ceiling=ceiling)


def _require_tighter_for_person(subject: UUID, name: str, value: int, *, at: datetime) -> None:
    """Measure against what others have set, never the person's own value: a refusal would tell it."""
    holds = holds_for_person(subject, name, at=at)
    is_renewal = holds.scope == LimitScope.PERSON and value == holds.value
    if not is_renewal and not is_looser(name, holds.value, value):
        raise NotTighter(value=holds.value)


def _overtake_requests(subject: UUID, name: str, *, at: datetime) -> None:
    """End a looser value that was asked for before and has no answer: the lead has changed course."""
    LimitRequest.objects.filter(subject=subject, name=name, answered_at__isnull=True).update(answered_at=at)


def _append(
    scope: str,
    scope_ref: str,
    name: str,
    value: int,
    *,
    last: LimitRow | None,
    set_by: str,
    reason: str,
    at: datetime,
) -> LimitRow:
    """Add the row that follows *last*, audit it, and tell the pages of all whom it concerns."""
    set_at = at if last is None else max(at, last.set_at)
    loosens = _loosens(scope, scope_ref, name, value, at=set_at)
    is_needed = scope == LimitScope.PERSON or (loosens and scope != LimitScope.OWN)
    row = LimitRow(
        scope=LimitScope(scope),
        scope_ref=scope_ref,
        name=name,
        value=value,
        loosens=loosens,
        set_at=set_at,
        set_by=set_by,
        reason=checked_reason(reason, is_needed=is_needed),
        follows=0 if last is None else last.pk,
    )
    _insert(row)
    _audit(row)
    events.bump(_concerned(row))
    return row


def _insert(row: LimitRow) -> None:
    """Insert the row, unless somebody else's follows the same one.

    Raises:
        ChangedMeanwhile: their value stands.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        theirs = last_row(row.scope, row.scope_ref, row.name)
        if theirs is None:
            raise
        raise _changed(theirs) from None


def _changed(theirs: LimitRow) -> ChangedMeanwhile:
    return ChangedMeanwhile(value=theirs.value, set_by=theirs.set_by, set_at=theirs.set_at)


def _loosens(scope: str, scope_ref: str, name: str, value: int, *, at: datetime) -> bool:
    """Say whether the value is looser than what holds in its scope for at least one person."""
    holds = scope_state_of(scope, scope_ref, name, at=at).holds
    return holds is not None and is_looser(name, value, holds.value)


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
    if row.scope == LimitScope.CEILING:
        return open_desks()
    if row.scope == LimitScope.TEAM:
        return members_of(int(row.scope_ref), at=row.set_at)
    return [UUID(row.scope_ref)]
