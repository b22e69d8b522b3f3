"""Intervals at the desk. All of them are working time."""

from datetime import datetime

from django.db.models import Max

from wellbeing.core.locked import Locked
from wellbeing.core.rules.breaks import Cause, State
from wellbeing.core.rules.presence import Kind
from wellbeing.core.rules.ramp import AWAY_FOR
from wellbeing.core.services import attendance, ledger, rest
from wellbeing.exceptions import NoOpenDesk
from wellbeing.models import Presence


def open_desk(*, locked: Locked, beating: bool) -> Presence:
    """Open the desk (``waiting``), or say anew whether its page beats when it is open already."""
    ledger.hear(locked)
    if locked.presence is None:
        last_at = _last_at_the_desk(locked)
        _forget_after_a_long_absence(locked, last_at)
        rest.end_if_kept(locked)
        _note_first_day_and_return(locked, last_at)
        return attendance.begin(locked, kind=_kind_now(locked), beating=beating)
    # Before its page is another one: whether the line was lost is asked of the page that fell silent.
    attendance.touch(locked)
    locked.presence.beating = beating
    locked.presence.save(update_fields=["beating"])
    ledger.keep(locked)
    return locked.presence


def set_kind(*, locked: Locked, kind: str) -> Presence:
    """Close the open interval and begin one of another kind (``PresenceKind``); the same kind goes on.

    Raises:
        NoOpenDesk: the desk is not open.
    """
    sitting = attendance.sit(locked, kind=Kind(kind))
    if sitting is None:
        raise NoOpenDesk
    if kind != Kind.REVIEWING:
        locked.state.limit_grace_until = None
    ledger.keep(locked)
    return sitting


def close_desk(*, locked: Locked) -> None:
    """Cover and end the day at this desk.

    Raises:
        NoOpenDesk: the desk is not open.
    """
    if locked.presence is None:
        raise NoOpenDesk
    ledger.accrue(locked)
    ledger.close(locked, reason="desk_closed")
    attendance.end(locked)
    locked.state.limit_grace_until = None
    ledger.keep(locked)


def _kind_now(locked: Locked) -> Kind:
    """Return what a desk that opens does: a break goes on."""
    resting = locked.open_break
    if resting is None or resting.state != State.RUNNING:
        return Kind.WAITING
    return Kind.AWAY if resting.cause == Cause.STEP_AWAY else Kind.BREAK


def _last_at_the_desk(locked: Locked) -> datetime | None:
    last: datetime | None = Presence.objects.filter(subject=locked.subject).aggregate(at=Max("closed_at"))[
        "at"
    ]
    return last


def _forget_after_a_long_absence(locked: Locked, last_at: datetime | None) -> None:
    if last_at is not None and attendance.is_long_ago(locked, last_at):
        rest.forget(locked)
        ledger.keep(locked)


def _note_first_day_and_return(locked: Locked, last_at: datetime | None) -> None:
    """Begin the ramp of a new starter, or of somebody who was away for 14 days, in this very act."""
    today = locked.day.date
    locked.state.first_day = locked.state.first_day or today
    if last_at is not None and locked.at - last_at >= AWAY_FOR:
        locked.state.returned_on = today
    locked.forget()
    ledger.keep(locked)
