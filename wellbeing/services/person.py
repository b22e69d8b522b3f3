"""The row lock under which everything about one person happens."""

from datetime import datetime
from uuid import UUID

from wellbeing.models import Break, BreakState, Exposure, PersonState, Presence
from wellbeing.rules import breaks, clock
from wellbeing.selectors import Held
from wellbeing.selectors.facts import facts_of
from wellbeing.services import attendance, guard, ledger, rest

__all__ = ["Held", "hold"]


def hold(*, subject: UUID, at: datetime) -> Held:
    """Lock this person's row, settle what has happened since, and return the grip for every other act.

    Inside ``transaction.atomic()`` only; the lock ends with the transaction. ``held.at`` is never
    earlier than any moment before it. Settling accrues the open exposure and presence, ticks a
    running break, covers the stage when a limit or a break is reached, and makes breaks due; what a page
    would show differently moves the person's rev after the commit.

    Raises:
        TransactionManagementError: outside a transaction.
    """
    state = _lock(subject, at)
    since = state.clock_at
    held = _read(state, at)
    _settle(held, since=since)
    state.save()
    return held


def _lock(subject: UUID, at: datetime) -> PersonState:
    """Lock the row; of two connections that come first at once, one makes it and both then take turns."""
    rows = PersonState.objects.select_for_update().filter(pk=subject)
    found = rows.first()
    if found is not None:
        return found
    now = clock.whole(at)
    PersonState.objects.bulk_create(
        [PersonState(subject=subject, clock_at=now, wall_at=now)], ignore_conflicts=True
    )
    return rows.get()


def _read(state: PersonState, at: datetime) -> Held:
    subject = state.subject
    open_break = Break.objects.filter(subject=subject).exclude(state=BreakState.OVER).first()
    exposure = Exposure.objects.filter(subject=subject, closed_at__isnull=True).first()
    presence = Presence.objects.filter(subject=subject, closed_at__isnull=True).first()
    is_resting = open_break is not None and open_break.state == breaks.State.RUNNING
    now = clock.advance(
        clock.Reading(state.clock_at, state.wall_at),
        at=at,
        is_active=is_resting or exposure is not None or presence is not None,
    )
    state.clock_at, state.wall_at = now.clock_at, now.wall_at
    return Held(
        subject=subject,
        at=now.clock_at,
        wall_at=clock.whole(at),
        state=state,
        facts=facts_of(subject, at=now.clock_at),
        open_break=open_break,
        exposure=exposure,
        presence=presence,
    )


def _settle(held: Held, *, since: datetime) -> None:
    attendance.accrue(held, since=since)
    counted = ledger.accrue(held, is_sign=False)
    if counted is not None and counted.is_late and held.exposure is not None:
        held.lost_exposure_id = held.exposure.pk
        ledger.close(held, reason="lost_line")
    rest.tick(held)
    attendance.leave_if_long_away(held)
    guard.enforce(held)
    if counted is not None and counted.is_over:
        ledger.close(held, reason="time_over")
