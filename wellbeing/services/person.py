"""The row lock under which everything about one person happens."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from people.statements import Part, Row, Statement, rows_of
from wellbeing.models import PersonState
from wellbeing.rules import breaks, clock
from wellbeing.selectors import Held, second_clock, snapshot
from wellbeing.selectors.facts import facts_in
from wellbeing.selectors.snapshot import Snapshot
from wellbeing.services import attendance, guard, keeping, ledger, rest

__all__ = ["Held", "hold", "holding", "look_anew", "take"]

LOCK = Statement("SELECT {now_ms} FROM wellbeing_personstate WHERE subject = %(subject)s {lock}")


def hold(*, subject: UUID, at: datetime, heard: bool = False) -> Held:
    """Lock this person's row, settle what has happened since, and return the grip for every other act.

    Inside ``transaction.atomic()`` only; the lock ends with the transaction. ``held.at`` is never
    earlier than any moment before it. Settling accrues the open exposure and presence, ticks a
    running break, covers the stage when a limit or a break is reached, and makes breaks due; what a page
    would show differently moves the person's rev after the commit. ``heard``: this is an act of the person, so of their page;
    of what anybody else does, nothing that is shown ends, but is taken from the stage and counts on.

    Raises:
        TransactionManagementError: outside a transaction.
    """
    held = _take(subject, at, heard=heard)
    keeping.write(held)
    return held


@contextmanager
def holding(
    *, subject: UUID, at: datetime, beside: Sequence[Part] = (), heard: bool = False
) -> Iterator[Held]:
    """Do the same as ``hold`` for an act of several steps, and write what all of them changed once, at the end.

    Nothing is written when the act fails: its transaction must then be rolled back. ``beside``: what the caller must read
    under the same lock, in the same round trip; ``held.beside`` has the first row of each.
    """
    held = take(subject=subject, at=at, beside=beside, heard=heard)
    yield held
    keeping.write(held)


def take(*, subject: UUID, at: datetime, beside: Sequence[Part] = (), heard: bool = False) -> Held:
    """Do the same for an act that writes what it has changed itself, once, at its end (``keeping.write``)."""
    held = _take(subject, at, beside, heard=heard)
    held.is_written_once = True
    return held


def look_anew(held: Held) -> None:
    """Let the facts know what this very act has moved so far, as the next act would read them, before the act goes on.

    Sums of today move in them as they are counted. What was shown before a midnight that lies in this act is news to them: the
    load of weeks, and which caps hold. What the act has written that binds the person (``is_bound_anew``) they do not know
    in the end either; the next act does.
    """
    known, today = held.found.dates, held.facts.day.date
    if any(known.get(key) != spent for key, spent in held.facts.dates.items() if key[0] != today):
        held.found = replace(held.found, dates=held.facts.dates)
        held.facts = facts_in(held.found, at=held.at)


def _take(subject: UUID, at: datetime, beside: Sequence[Part] = (), *, heard: bool = False) -> Held:
    found, now, rows = _locked(subject, at, beside)
    if found.state is None:
        raise PersonState.DoesNotExist
    since = found.state.clock_at
    held = _read(found, found.state, now)
    held.beside = rows
    _settle(held, since=since, heard=heard)
    return held


def _locked(
    subject: UUID, at: datetime, beside: Sequence[Part]
) -> tuple[Snapshot, clock.Moment, list[Row | None]]:
    """Lock the row, then read; of two connections that come first at once, one makes it and both then take turns.

    The lock is a statement of its own, before all others: whoever waited for it must see what the one before them left.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a person is held inside a transaction")
    asked: list[Part] = [(LOCK, {"subject": subject}), snapshot.part(subject, at=at), *beside]
    lock, mine, *rows = rows_of(asked)
    if lock is None:
        begins_at = clock.whole(at)
        PersonState.objects.bulk_create(
            [PersonState(subject=subject, clock_at=begins_at, wall_at=begins_at)], ignore_conflicts=True
        )
        lock, mine, *rows = rows_of(asked)
    now = clock.Moment(clock.whole(at), second_clock.read(lock[0] if lock else 0, at=at))
    return snapshot.snapshot_from(subject, mine, at=at), now, rows


def _read(found: Snapshot, state: PersonState, now: clock.Moment) -> Held:
    open_break, stretch, presence = found.open_break, found.exposure, found.presence
    is_resting = open_break is not None and open_break.state == breaks.State.RUNNING
    before = clock.Reading(state.clock_at, state.wall_at)
    reading = clock.advance(
        before, at=now.wall_at, is_active=is_resting or stretch is not None or presence is not None
    )
    state.clock_at, state.wall_at = reading.clock_at, reading.wall_at
    is_cleared = stretch is not None and stretch.cleared_at is not None
    return Held(
        subject=state.subject,
        at=reading.clock_at,
        wall_at=now.wall_at,
        state=state,
        profile=found.profile,
        rev=found.rev,
        found=found,
        facts=facts_in(found, at=reading.clock_at),
        open_break=open_break,
        exposure=None if is_cleared else stretch,
        unheard=stretch if is_cleared else None,
        presence=presence,
        now=now,
        absence=_absence(state, now),
        is_standing=_is_standing(
            before, reading, now, last=[row.last_beat_at for row in (stretch, presence) if row]
        ),
    )


def _absence(state: PersonState, now: clock.Moment) -> timedelta | None:
    """Return how long nobody can have been at the desk: from the last sign, or 10 min later if something was shown."""
    if state.signed_wall_at is None:
        return None
    last = clock.Moment(state.signed_wall_at, clock.Second(state.signed_source, state.signed_ms))
    return clock.passed(last, now) - (clock.UNHEARD_AT_MOST if state.signed_looking else clock.NOTHING)


def _is_standing(
    before: clock.Reading, reading: clock.Reading, now: clock.Moment, *, last: Sequence[datetime]
) -> bool:
    """Say whether the wall's clock has not moved since the request before, nor the person's since their last sign."""
    return bool(last) and now.wall_at <= before.wall_at and reading.clock_at <= max(last)


def _settle(held: Held, *, since: datetime, heard: bool) -> None:
    """Bring everything up to now, before anything is done."""
    attendance.accrue(held, since=since)
    attendance.note_silence(held)
    was_open = held.stretch is not None
    counted = ledger.accrue(held)
    if counted is not None:
        guard.begin_grace(held)
        _judge_silence(held, counted)
    if heard:
        ledger.hear(held)
    rest.tick(held, serves=not was_open)
    attendance.leave_if_long_away(held)
    attendance.rest_while_away(held)
    guard.enforce(held)


def _judge_silence(held: Held, counted: clock.Counted) -> None:
    """Take from the stage what its page has been silent about, and end what has counted for as long as anything may."""
    stretch = held.stretch
    if stretch is None:
        return
    if counted.is_late:
        held.lost_exposure_id = stretch.pk
    if counted.is_late or counted.is_over:
        ledger.close(held, reason="lost_line" if stretch.beating else "time_over")
    if counted.is_over:
        ledger.end(held)
