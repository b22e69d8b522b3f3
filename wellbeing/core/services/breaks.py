"""Breaks: due, running, over. Nobody can skip one, not even for oneself."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from wellbeing.core.locked import Locked
from wellbeing.core.rules.breaks import POSTPONED_BY, Cause, State, may_postpone
from wellbeing.core.rules.clock import JUMP
from wellbeing.core.rules.limits import GRACE
from wellbeing.core.rules.presence import Kind
from wellbeing.core.services import attendance, flags, guard, ledger, locking, rest
from wellbeing.exceptions import BreakNotOver, MayNotPostpone, NoOpenBreak, OnBreak
from wellbeing.models import Break, BreakState, PersonState

TICK_APART = timedelta(seconds=2)


def start(*, locked: Locked) -> Break:
    """Start the break that is due, once the claim has ended or is parked.

    Raises:
        NoOpenBreak: none is due (one that runs already counts as none due).
    """
    due = locked.open_break
    if due is None or due.state != State.DUE:
        raise NoOpenBreak
    begun = rest.begin(locked, cause=Cause(due.cause), length_ms=due.length_ms)
    _leave(locked, kind=Kind.BREAK)
    return begun


def come_now(*, locked: Locked, cause: Cause) -> None:
    """Make a break due before its time, because nothing of what waits fits before it."""
    rest.come_now(locked, cause=cause)
    ledger.keep(locked)


def postpone(*, locked: Locked) -> Break:
    """Put off the break that is due by 5 min, once.

    Raises:
        MayNotPostpone: not due, postponed before, or after severity 4, a cluster, 'too much' or a red load.
    """
    due = locked.open_break
    ledger.hear(locked)
    if due is None or not may_postpone(
        state=due.state, cause=due.cause, postponed_until=due.postponed_until, is_strict=due.is_strict
    ):
        raise MayNotPostpone
    attendance.touch(locked)
    due.postponed_until = locked.at + POSTPONED_BY
    due.decide_until = due.postponed_until + GRACE
    due.save(update_fields=["postponed_until", "decide_until"])
    flags.raise_for_break(locked=locked, rest=due)
    ledger.keep(locked)
    ledger.announce(locked)
    return due


def finish(*, locked: Locked) -> Break:
    """Return from a break or from stepping away; what was long enough answers the counters.

    Raises:
        BreakNotOver: its whole length has not passed.
        NoOpenBreak: none is running.
    """
    ledger.hear(locked)
    running = locked.open_break
    if running is None or running.state != State.RUNNING:
        raise NoOpenBreak
    if running.served_ms < running.length_ms:
        raise BreakNotOver(back_at=running.back_at(locked.at) or locked.at)
    rest.end(locked)
    attendance.sit(locked, kind=Kind.WAITING)
    guard.enforce(locked)
    ledger.keep(locked)
    return running


def finish_if_kept(*, locked: Locked) -> None:
    """Return from a break whose whole length has passed, if one runs: by the first act of work after it."""
    if rest.end_if_kept(locked):
        attendance.sit(locked, kind=Kind.WAITING)
        guard.enforce(locked)
        ledger.keep(locked)


def step_away(*, locked: Locked, kind: Kind = Kind.AWAY) -> Break:
    """Cover and be away, without reason or limit; a break that is due starts instead.

    ``kind``: as what the time stands in the person's own record.

    Raises:
        OnBreak: a break or step-away is running already.
    """
    ledger.hear(locked)
    if locked.open_break is None:
        begun = rest.begin(locked, cause=Cause.STEP_AWAY, length_ms=0)
        _leave(locked, kind=kind)
        return begun
    if locked.open_break.state == State.RUNNING:
        raise OnBreak(back_at=locked.open_break.back_at(locked.at))
    return start(locked=locked)


def too_much(*, locked: Locked) -> Break:
    """Cover and rest at once, 15 min at least; lengthens a break that runs already."""
    ledger.hear(locked)
    open_break = locked.open_break
    served_ms = open_break.served_ms if open_break else 0
    due_ms = open_break.length_ms if open_break else 0
    length_ms = max(due_ms, served_ms + rest.length_ms(locked, Cause.TOO_MUCH))
    begun = rest.begin(locked, cause=Cause.TOO_MUCH, length_ms=length_ms)
    _leave(locked, kind=Kind.BREAK)
    return begun


def tick_next(at: datetime) -> bool:
    """Tick the running break that waited longest for it; the step of a sweep, every few seconds.

    Returns whether there was one.
    """
    with transaction.atomic():
        waiting = _untold(at).order_by("ticked_at").values_list("subject", flat=True).first()
        if waiting is None:
            return False
        locking.hold(subject=waiting, at=at)
        return True


def _leave(locked: Locked, *, kind: Kind) -> None:
    """Clear the stage and the 5 minutes after a limit; the desk rests."""
    ledger.accrue(locked)
    ledger.close(locked, reason=kind)
    attendance.sit(locked, kind=kind)
    locked.state.limit_grace_until = None
    ledger.keep(locked)


def _untold(at: datetime) -> QuerySet[Break]:
    """Return running breaks still to be served whose person's row has not been touched for 2 s of wall clock.

    By the wall's clock and not the person's: after the wall clock jumped back, theirs is ahead.
    """
    settled = PersonState.objects.filter(pk=OuterRef("subject"))
    is_behind = settled.filter(Q(wall_at__lte=at - TICK_APART) | Q(wall_at__gt=at + JUMP))
    unserved = Q(served_ms__lt=rest.LONGEST_MS) | Q(served_ms__lt=F("length_ms"))
    return Break.objects.filter(unserved, Exists(is_behind), state=BreakState.RUNNING)
