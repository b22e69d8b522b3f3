"""The one open break of a person, moved under the lock: made due, ticked, answered."""

from datetime import timedelta

from django.db.models import Max

from wellbeing.core.locked import Locked
from wellbeing.core.rules import breaks, clock
from wellbeing.core.rules.breaks import Cause, Rest, State
from wellbeing.core.rules.limits import GRACE, Counters
from wellbeing.core.rules.presence import Kind
from wellbeing.core.rules.turns import PAID_BY, Turn
from wellbeing.core.services import ledger, turns
from wellbeing.models import Break, Presence

LONGEST_MS = clock.in_ms(breaks.LONGEST)


def asked(locked: Locked, cause: Cause) -> Rest:
    """Return the rest that a cause asks of this person now."""
    return breaks.asked(locked.limits, locked.counters, cause)


def length_ms(locked: Locked, cause: Cause) -> int:
    """Return how long a rest of this cause is for this person now."""
    return clock.in_ms(asked(locked, cause).length)


def make_due(locked: Locked, *, cause: Cause) -> None:
    """Make due what a cause asks for; what is due already and this become one."""
    ask_for(locked, asked(locked, cause))


def ask_for(locked: Locked, asked_for: Rest) -> None:
    """Make a rest due; with one that is due already it becomes one, which waits no more if it is another one then."""
    row = locked.open_break
    if row is None:
        row = Break(subject=locked.subject, state=State.DUE, due_at=locked.at, decide_until=locked.at + GRACE)
        locked.rows.open_break = row
        _write(locked, row, asked_for)
    elif (both := _of(row).and_also(asked_for)) != _of(row):
        if not _is_like(_of(row), both):
            _wait_no_more(locked, row)
        _write(locked, row, both)


def come_now(locked: Locked, *, cause: Cause) -> None:
    """Make a break due before its time, because nothing fits before it; one that was put off waits no more."""
    if locked.open_break is None:
        make_due(locked, cause=cause)
        return
    _wait_no_more(locked, locked.open_break)
    locked.open_break.save(update_fields=["postponed_until", "decide_until"])
    ledger.announce(locked)


def _of(row: Break) -> Rest:
    cause = Cause(row.cause)
    return Rest(
        cause,
        clock.ms(row.length_ms),
        with_work=row.with_work or cause == Cause.WORK,
        is_strict=row.is_strict or cause in breaks.NOT_POSTPONABLE,
        is_third=row.is_third,
    )


def _is_like(before: Rest, after: Rest) -> bool:
    """Say whether the one is put off as the other was: it is merely answered for more."""
    return (before.cause, before.length, before.is_strict) == (after.cause, after.length, after.is_strict)


def _wait_no_more(locked: Locked, row: Break) -> None:
    if row.postponed_until is not None and locked.at < row.postponed_until:
        row.postponed_until, row.decide_until = locked.at, locked.at + GRACE


def _write(locked: Locked, row: Break, asked_for: Rest) -> None:
    row.cause, row.length_ms = asked_for.cause, clock.in_ms(asked_for.length)
    row.with_work, row.is_strict = asked_for.with_work, asked_for.is_strict
    row.is_third = asked_for.is_third
    row.save()
    ledger.announce(locked)


def grow(locked: Locked) -> None:
    """Lengthen a rest that is still due where its length has been set longer; one that runs keeps its length."""
    rest = locked.open_break
    if rest is None or rest.state != State.DUE:
        return
    longer = length_ms(locked, Cause(rest.cause))
    if longer > rest.length_ms:
        rest.length_ms = longer
        rest.save(update_fields=["length_ms"])
        ledger.announce(locked)


def begin(locked: Locked, *, cause: Cause, length_ms: int) -> Break:
    """Begin a rest at once; what was due becomes this one."""
    rest = locked.open_break or Break(subject=locked.subject, due_at=locked.at)
    rest.cause, rest.state, rest.length_ms = cause, State.RUNNING, length_ms
    rest.with_work = rest.with_work or cause == Cause.WORK
    rest.started_at = rest.started_at or locked.at
    rest.ticked_at = rest.ticked_at or locked.at
    rest.save()
    locked.rows.open_break = rest
    ledger.announce(locked)
    return rest


def tick(locked: Locked, *, serves: bool) -> None:
    """Serve a running break for the time since its last tick, at most 10 s of it; nothing while something shown counts."""
    rest = locked.open_break
    if rest is None or rest.state != State.RUNNING or rest.ticked_at is None:
        return
    before = rest.served_ms
    if serves:
        rest.served_ms += clock.in_ms(clock.tick(ticked_at=rest.ticked_at, at=locked.at))
    rest.ticked_at = max(locked.at, rest.ticked_at)
    locked.unwritten.rest = rest
    if before < rest.length_ms <= rest.served_ms:
        ledger.announce(locked)


def serve_absence(locked: Locked, *, absence: timedelta) -> None:
    """Let an absence serve the break that runs, end the one that is due if it was as long, or answer the counters."""
    row = locked.open_break
    if row is None:
        _answer(locked, served=absence)
    elif row.state == State.RUNNING:
        _serve(locked, row, clock.in_ms(absence))
    elif row.length_ms <= clock.in_ms(absence):
        row.started_at, row.served_ms = locked.at - absence, clock.in_ms(absence)
        row.save(update_fields=["started_at", "served_ms"])
        end(locked)
    else:
        _answer(locked, served=absence)


def _serve(locked: Locked, row: Break, absent_ms: int) -> None:
    """Ticks or absence: whichever is full first ends a break."""
    if row.served_ms >= absent_ms:
        return
    before, row.served_ms = row.served_ms, absent_ms
    locked.unwritten.rest = row
    if before < row.length_ms <= absent_ms:
        ledger.announce(locked)


def end_if_kept(locked: Locked) -> bool:
    """End a break whose length has passed, with the act by which its person sits down again. Say whether there was one.

    A step away has no length: whoever stepped away says themselves that they are back.
    """
    row = locked.open_break
    is_kept = row is not None and row.state == State.RUNNING and 0 < row.length_ms <= row.served_ms
    if is_kept:
        end(locked)
    return is_kept


def end(locked: Locked) -> Break | None:
    """Close the open break; what it served answers the counters that ask for no more."""
    rest = locked.open_break
    if rest is None:
        return None
    rest.state, rest.over_at = State.OVER, locked.at
    rest.save(update_fields=["state", "over_at", "served_ms", "ticked_at"])
    locked.rows.open_break = locked.unwritten.rest = None
    is_whole = 0 < rest.length_ms <= rest.served_ms
    if locked.presence is None:
        _pay(locked, rest)
    served = clock.ms(rest.served_ms)
    if is_whole:
        _answer(locked, served=served, kept=Cause(rest.cause), with_work=_of(rest).with_work)
    else:
        _answer(locked, served=served)
    ledger.announce(locked)
    return rest


def _pay(locked: Locked, rest: Break) -> None:
    """Let the time of a break be working time that passed while no desk was open, as long as the break is."""
    left_at = Presence.objects.filter(subject=locked.subject).aggregate(at=Max("closed_at"))["at"]
    if left_at is None:
        return
    begun_at = min(rest.started_at or left_at, left_at)
    paid_until = min(begun_at + clock.ms(rest.length_ms), locked.at)
    if paid_until > left_at:
        Presence.objects.create(
            subject=locked.subject,
            kind=Kind.BREAK,
            opened_at=left_at,
            last_beat_at=left_at,
            closed_at=paid_until,
        )


def forget(locked: Locked) -> None:
    """After 8 hours away: no break is open, and every counter begins anew."""
    end(locked)
    _answer(locked, served=breaks.LONGEST)
    locked.state.limit_grace_until = None


def answer_by_other_work(locked: Locked, *, lasted: timedelta) -> None:
    """Let other paid work answer the counters of severity that ask for no more than its length."""
    _count(locked, breaks.answered_by_other_work(locked.limits, locked.counters, lasted=lasted))


def _answer(locked: Locked, *, served: timedelta, kept: Cause | None = None, with_work: bool = False) -> None:
    limits, counters = locked.limits, locked.counters
    _count(locked, breaks.answered(limits, counters, served=served, kept=kept, with_work=with_work))
    if served >= PAID_BY:
        turns.pay(locked)
    if served >= breaks.BLOCK_REST:
        locked.set_block_load(0)
        locked.state.block_rested_at = locked.at
        turns.keep(locked, Turn())


def _count(locked: Locked, after: Counters) -> None:
    state = locked.state
    if after.severe_ms < state.severe_ms:
        state.severe_answered_at = locked.at
    state.work_ms, state.severe_ms, state.extreme_ms = after.work_ms, after.severe_ms, after.extreme_ms
    state.since_rest_ms, state.breaks_kept = after.since_rest_ms, after.breaks_kept
