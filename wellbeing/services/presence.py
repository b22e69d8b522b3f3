"""Intervals at the desk. All of them are working time."""

from datetime import datetime

from django.db.models import Max

from wellbeing.core.locked import Locked
from wellbeing.exceptions import NoOpenDesk
from wellbeing.models import Presence
from wellbeing.rules.breaks import Cause, State
from wellbeing.rules.presence import Kind
from wellbeing.rules.ramp import AWAY_FOR
from wellbeing.services import attendance, ledger, rest


def open_desk(*, held: Locked, beating: bool) -> Presence:
    """Open the desk (``waiting``), or say anew whether its page beats when it is open already."""
    ledger.hear(held)
    if held.presence is None:
        last_at = _last_at_the_desk(held)
        _forget_after_a_long_absence(held, last_at)
        rest.end_if_kept(held)
        _note_first_day_and_return(held, last_at)
        return attendance.begin(held, kind=_kind_now(held), beating=beating)
    # Before its page is another one: whether the line was lost is asked of the page that fell silent.
    attendance.touch(held)
    held.presence.beating = beating
    held.presence.save(update_fields=["beating"])
    ledger.keep(held)
    return held.presence


def set_kind(*, held: Locked, kind: str) -> Presence:
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


def close_desk(*, held: Locked) -> None:
    """Cover and end the day at this desk.

    Raises:
        NoOpenDesk: the desk is not open.
    """
    if held.presence is None:
        raise NoOpenDesk
    ledger.accrue(held)
    ledger.close(held, reason="desk_closed")
    attendance.end(held)
    held.state.limit_grace_until = None
    ledger.keep(held)


def _kind_now(held: Locked) -> Kind:
    """Return what a desk that opens does: a break goes on."""
    resting = held.open_break
    if resting is None or resting.state != State.RUNNING:
        return Kind.WAITING
    return Kind.AWAY if resting.cause == Cause.STEP_AWAY else Kind.BREAK


def _last_at_the_desk(held: Locked) -> datetime | None:
    last: datetime | None = Presence.objects.filter(subject=held.subject).aggregate(at=Max("closed_at"))["at"]
    return last


def _forget_after_a_long_absence(held: Locked, last_at: datetime | None) -> None:
    if last_at is not None and attendance.is_long_ago(held, last_at):
        rest.forget(held)
        ledger.keep(held)


def _note_first_day_and_return(held: Locked, last_at: datetime | None) -> None:
    """Begin the ramp of a new starter, or of somebody who was away for 14 days, in this very act."""
    today = held.day.date
    held.state.first_day = held.state.first_day or today
    if last_at is not None and held.at - last_at >= AWAY_FOR:
        held.state.returned_on = today
    held.forget()
    ledger.keep(held)
