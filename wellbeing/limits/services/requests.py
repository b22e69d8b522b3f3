"""A looser value for one person: it needs that person's yes, and then waits for their next local day (promise P6)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from audit.services import record
from live import events
from wellbeing.core.rules.names import is_looser
from wellbeing.core.rules.reasons import checked_reason
from wellbeing.core.services.confirmed import require_themselves
from wellbeing.exceptions import AboveCeiling, AlreadyAnswered, AlreadyAsked, NotFound, NotLooser, NotPersonal
from wellbeing.limits.selectors.in_scope import scope_state_of, without_person
from wellbeing.limits.services.setting import require_possible, set_agreed
from wellbeing.models import LimitRequest, LimitScope


def ask_looser(
    *, subject: UUID, name: str, value: int, asked_by: str, reason: str, at: datetime
) -> LimitRequest:
    """Ask a person whether a looser value than the one a lead set for them may hold.

    Raises:
        UnknownLimit, OutOfBounds: no such name, or a value that makes no sense.
        NotPersonal: no value of a lead holds for this person.
        NotLooser: it is not looser than that one.
        AboveCeiling: looser than team and organisation allow (``ceiling``).
        ReasonMissing, ReasonTooLong: about the reason.
        AlreadyAsked: the person has not yet answered what was asked before.
    """
    require_possible(name, value)
    with transaction.atomic():
        _require_looser(subject, name, value, at=at)
        asked = LimitRequest(
            subject=subject,
            name=name,
            value=value,
            reason=checked_reason(reason, is_needed=True),
            asked_by=asked_by,
            asked_at=at,
        )
        _insert(asked)
        _audit(asked, "limit.asked", actor=asked_by, at=at)
        events.bump([subject])
    return asked


def answer(*, request_id: UUID, subject: UUID, agrees: bool, at: datetime) -> LimitRequest:
    """Agree, and the value holds from the person's next local day; or decline, and nothing changes. No reason is asked.

    Raises:
        NotFound: there is no such request to this person.
        AlreadyAnswered: it was answered, or overtaken by a newer value.
        AboveCeiling: team or organisation have become tighter than it.
        NotConfirmed: who answers may be somebody else.
    """
    with transaction.atomic():
        require_themselves(subject)
        asked = LimitRequest.objects.select_for_update().filter(pk=request_id, subject=subject).first()
        if asked is None:
            raise NotFound
        if asked.answered_at is not None:
            raise AlreadyAnswered
        if agrees:
            _require_within(subject, asked.name, asked.value, at=at)
            _adopt(asked, at=at)
        asked.agreed, asked.answered_at = agrees, at
        asked.save(update_fields=["agreed", "answered_at"])
        _audit(asked, "limit.agreed" if agrees else "limit.declined", actor=str(subject), at=at)
        events.bump([subject])
    return asked


def _require_looser(subject: UUID, name: str, value: int, *, at: datetime) -> None:
    personal = scope_state_of(LimitScope.PERSON, str(subject), name, at=at).holds
    if personal is None:
        raise NotPersonal
    if not is_looser(name, value, personal.value):
        raise NotLooser(value=personal.value)
    _require_within(subject, name, value, at=at)


def _require_within(subject: UUID, name: str, value: int, *, at: datetime) -> None:
    """Nothing that a person agrees to passes the team or the ceiling."""
    allowed = without_person(subject, name, at=at).value
    if is_looser(name, value, allowed):
        raise AboveCeiling(ceiling=allowed)


def _adopt(asked: LimitRequest, *, at: datetime) -> None:
    set_agreed(
        subject=asked.subject,
        name=asked.name,
        value=asked.value,
        set_by=asked.asked_by,
        reason=asked.reason,
        at=at,
    )


def _insert(asked: LimitRequest) -> None:
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError:
        raise AlreadyAsked from None


def _audit(asked: LimitRequest, action: str, *, actor: str, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_kind="limit.person",
        target_id=str(asked.subject),
        at=at,
        detail={"name": asked.name, "value": asked.value},
        reason=asked.reason,
    )
