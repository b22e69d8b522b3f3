"""The row lock under which everything about one person happens."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from people.statements import Part, Row, Statement, rows_of
from wellbeing.models import PersonState
from wellbeing.rules import breaks, clock
from wellbeing.selectors import Held, snapshot
from wellbeing.selectors.facts import facts_in
from wellbeing.selectors.snapshot import Snapshot
from wellbeing.services import attendance, guard, keeping, ledger, rest

__all__ = ["Held", "hold", "holding"]

LOCK = Statement("SELECT 1 FROM wellbeing_personstate WHERE subject = %(subject)s {lock}")


def hold(*, subject: UUID, at: datetime) -> Held:
    """Lock this person's row, settle what has happened since, and return the grip for every other act.

    Inside ``transaction.atomic()`` only; the lock ends with the transaction. ``held.at`` is never
    earlier than any moment before it. Settling accrues the open exposure and presence, ticks a
    running break, covers the stage when a limit or a break is reached, and makes breaks due; what a page
    would show differently moves the person's rev after the commit.

    Raises:
        TransactionManagementError: outside a transaction.
    """
    held = _take(subject, at)
    keeping.write(held)
    return held


@contextmanager
def holding(*, subject: UUID, at: datetime, beside: Sequence[Part] = ()) -> Iterator[Held]:
    """Do the same as ``hold`` for an act of several steps, and write what all of them changed once, at the end.

    Nothing is written when the act fails: its transaction must then be rolled back. ``beside``: what the caller must read
    under the same lock, in the same round trip; ``held.beside`` has the first row of each.
    """
    held = _take(subject, at, beside)
    held.is_written_once = True
    yield held
    keeping.write(held)


def _take(subject: UUID, at: datetime, beside: Sequence[Part] = ()) -> Held:
    found, rows = _locked(subject, at, beside)
    if found.state is None:
        raise PersonState.DoesNotExist
    since = found.state.clock_at
    held = _read(found, found.state, at)
    held.beside = rows
    _settle(held, since=since)
    return held


def _locked(subject: UUID, at: datetime, beside: Sequence[Part]) -> tuple[Snapshot, list[Row | None]]:
    """Lock the row, then read; of two connections that come first at once, one makes it and both then take turns.

    The lock is a statement of its own, before all others: whoever waited for it must see what the one before them left.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a person is held inside a transaction")
    asked: list[Part] = [(LOCK, {"subject": subject}), snapshot.part(subject, at=at), *beside]
    lock, mine, *rows = rows_of(asked)
    if lock is None:
        now = clock.whole(at)
        PersonState.objects.bulk_create(
            [PersonState(subject=subject, clock_at=now, wall_at=now)], ignore_conflicts=True
        )
        _, mine, *rows = rows_of(asked)
    return snapshot.snapshot_from(subject, mine, at=at), rows


def _read(found: Snapshot, state: PersonState, at: datetime) -> Held:
    open_break, exposure, presence = found.open_break, found.exposure, found.presence
    is_resting = open_break is not None and open_break.state == breaks.State.RUNNING
    now = clock.advance(
        clock.Reading(state.clock_at, state.wall_at),
        at=at,
        is_active=is_resting or exposure is not None or presence is not None,
    )
    state.clock_at, state.wall_at = now.clock_at, now.wall_at
    return Held(
        subject=state.subject,
        at=now.clock_at,
        wall_at=clock.whole(at),
        state=state,
        profile=found.profile,
        rev=found.rev,
        found=found,
        facts=facts_in(found, at=now.clock_at),
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
