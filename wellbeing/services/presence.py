"""Intervals at the desk. All of them are working time."""

from django.db.models import Max

from wellbeing.exceptions import NoOpenDesk
from wellbeing.models import Presence
from wellbeing.rules.breaks import Cause, State
from wellbeing.rules.presence import Kind
from wellbeing.selectors import Held
from wellbeing.services import attendance, ledger, rest


def open_desk(*, held: Held, beating: bool) -> Presence:
    """Open the desk (``waiting``), or say anew whether its page beats when it is open already."""
    if held.presence is None:
        _forget_after_a_long_absence(held)
        return attendance.begin(held, kind=_kind_now(held), beating=beating)
    held.presence.beating = beating
    held.presence.save(update_fields=["beating"])
    attendance.touch(held)
    ledger.keep(held)
    return held.presence


def set_kind(*, held: Held, kind: str) -> Presence:
    """Close the open interval and begin one of another kind (``PresenceKind``); the same kind goes on.

    Raises:
        NoOpenDesk: the desk is not open.
    """
    sitting = attendance.sit(held, kind=Kind(kind))
    if sitting is None:
        raise NoOpenDesk
    if kind != Kind.REVIEWING:
        held.state.limit_grace_until = None
    ledger.keep(held)
    return sitting


def close_desk(*, held: Held) -> None:
    """Cover and end the day at this desk.

    Raises:
        NoOpenDesk: the desk is not open.
    """
    if held.presence is None:
        raise NoOpenDesk
    ledger.accrue(held, is_sign=True)
    ledger.close(held, reason="desk_closed")
    attendance.end(held)
    held.state.limit_grace_until = None
    ledger.keep(held)


def _kind_now(held: Held) -> Kind:
    """Return what a desk that opens does: a break goes on."""
    resting = held.open_break
    if resting is None or resting.state != State.RUNNING:
        return Kind.WAITING
    return Kind.AWAY if resting.cause == Cause.STEP_AWAY else Kind.BREAK


def _forget_after_a_long_absence(held: Held) -> None:
    last = Presence.objects.filter(subject=held.subject).aggregate(at=Max("closed_at"))["at"]
    if last is not None and attendance.is_long_ago(held, last):
        rest.forget(held)
        ledger.keep(held)
