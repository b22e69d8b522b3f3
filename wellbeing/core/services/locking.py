"""The row lock under which everything about one person happens."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from people.statements import Part, Row, Statement, rows_of
from wellbeing.core import writing
from wellbeing.core.binding import binding_of
from wellbeing.core.locked import Locked
from wellbeing.core.rows import part, rows_from
from wellbeing.core.rules import breaks, clock
from wellbeing.core.selectors import second_clock
from wellbeing.core.services import attendance, guard, ledger, rest
from wellbeing.models import PersonState

LOCK = Statement("SELECT {now_ms} FROM wellbeing_personstate WHERE subject = %(subject)s {lock}")


def hold(*, subject: UUID, at: datetime, heard: bool = False) -> Locked:
    """Lock this person's row, settle what has happened since, and return the person for every other act.

    Inside ``transaction.atomic()`` only; the lock ends with the transaction. ``locked.at`` is never
    earlier than any moment before it. Settling accrues the open exposure and presence, ticks a
    running break, covers the stage when a limit or a break is reached, and makes breaks due; what a page
    would show differently moves the person's rev after the commit. ``heard``: this is an act of the person, so of their page;
    of what anybody else does, nothing that is shown ends, but is taken from the stage and counts on.

    Raises:
        TransactionManagementError: outside a transaction.
    """
    locked = _take(subject, at, heard=heard)
    writing.write_back(locked)
    return locked


@contextmanager
def holding(
    *, subject: UUID, at: datetime, read_with_it: Sequence[Part] = (), heard: bool = False
) -> Iterator[Locked]:
    """Do the same as ``hold`` for an act of several steps, and write back what all of them changed once, at the end.

    Nothing is written when the act fails: its transaction must then be rolled back. ``read_with_it``: what the caller must
    read under the same lock, in the same round trip; ``locked.read_with_it`` has the first row of each.
    """
    locked = take(subject=subject, at=at, read_with_it=read_with_it, heard=heard)
    yield locked
    writing.write_back(locked)


def take(*, subject: UUID, at: datetime, read_with_it: Sequence[Part] = (), heard: bool = False) -> Locked:
    """Do the same for an act that writes back itself, once, at its end (``core.writing.write_back``)."""
    locked = _take(subject, at, read_with_it, heard=heard)
    locked.is_written_once = True
    return locked


def _take(subject: UUID, at: datetime, read_with_it: Sequence[Part] = (), *, heard: bool = False) -> Locked:
    locked, since = _locked(subject, at, read_with_it)
    _settle(locked, since=since, heard=heard)
    return locked


def _locked(subject: UUID, at: datetime, read_with_it: Sequence[Part]) -> tuple[Locked, datetime]:
    """Lock the row, then read; return the person, and what their clock said before.

    Of two connections that come first at once, one makes the row and both then take turns. The lock is a statement of its
    own, before all others: whoever waited for it must see what the one before them left.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a person is held inside a transaction")
    asked: list[Part] = [(LOCK, {"subject": subject}), part(subject, at=at), *read_with_it]
    lock, mine, *others = rows_of(asked)
    if lock is None:
        begins_at = clock.whole(at)
        PersonState.objects.bulk_create(
            [PersonState(subject=subject, clock_at=begins_at, wall_at=begins_at)], ignore_conflicts=True
        )
        lock, mine, *others = rows_of(asked)
    if lock is None:
        raise PersonState.DoesNotExist
    now = clock.Moment(clock.whole(at), second_clock.read(lock[0], at=at))
    return _read(subject, mine, now, others, at=at)


def _read(
    subject: UUID, mine: Row | None, now: clock.Moment, others: Sequence[Row | None], *, at: datetime
) -> tuple[Locked, datetime]:
    rows, marks = rows_from(subject, mine, at=at)
    state, stretch, presence = rows.state, rows.stretch, rows.presence
    is_resting = rows.open_break is not None and rows.open_break.state == breaks.State.RUNNING
    before = clock.Reading(state.clock_at, state.wall_at)
    reading = clock.advance(
        before, at=now.wall_at, is_active=is_resting or stretch is not None or presence is not None
    )
    state.clock_at, state.wall_at = reading.clock_at, reading.wall_at
    locked = Locked(
        subject=subject,
        binding=binding_of(subject, marks, at=at),
        rows=rows,
        at=reading.clock_at,
        wall_at=now.wall_at,
        now=now,
        absence=_absence(state, now),
        is_clock_still=_is_clock_still(
            before, reading, now, last=[row.last_beat_at for row in (stretch, presence) if row]
        ),
        read_with_it=others,
    )
    return locked, before.clock_at


def _absence(state: PersonState, now: clock.Moment) -> timedelta | None:
    """Return how long nobody can have been at the desk: from the last sign, or 10 min later if something was shown."""
    if state.signed_wall_at is None:
        return None
    last = clock.Moment(state.signed_wall_at, clock.Second(state.signed_source, state.signed_ms))
    return clock.passed(last, now) - (clock.UNHEARD_AT_MOST if state.signed_looking else clock.NOTHING)


def _is_clock_still(
    before: clock.Reading, reading: clock.Reading, now: clock.Moment, *, last: Sequence[datetime]
) -> bool:
    """Say whether the wall's clock has not moved since the request before, nor the person's since their last sign."""
    return bool(last) and now.wall_at <= before.wall_at and reading.clock_at <= max(last)


def _settle(locked: Locked, *, since: datetime, heard: bool) -> None:
    """Bring everything up to now, before anything is done."""
    attendance.accrue(locked, since=since)
    attendance.note_silence(locked)
    was_open = locked.stretch is not None
    counted = ledger.accrue(locked)
    if counted is not None:
        guard.begin_grace(locked)
        _judge_silence(locked, counted)
    if heard:
        ledger.hear(locked)
    rest.tick(locked, serves=not was_open)
    attendance.leave_if_long_away(locked)
    attendance.rest_while_away(locked)
    guard.enforce(locked)


def _judge_silence(locked: Locked, counted: clock.Counted) -> None:
    """Take from the stage what its page has been silent about, and end what has counted for as long as anything may."""
    stretch = locked.stretch
    if stretch is None:
        return
    if counted.is_late:
        locked.lost_exposure_id = stretch.pk
    if counted.is_late or counted.is_over:
        ledger.close(locked, reason="lost_line" if stretch.beating else "time_over")
    if counted.is_over:
        ledger.end(locked)
