"""The one open break of a person, moved under the lock: made due, ticked, answered."""

from datetime import timedelta

from django.db.models import Max

from wellbeing.core.locked import Locked
from wellbeing.models import Break, Presence
from wellbeing.rules import breaks, clock
from wellbeing.rules.breaks import Cause, Rest, State
from wellbeing.rules.limits import GRACE, Counters
from wellbeing.rules.presence import Kind
from wellbeing.rules.turns import PAID_BY, Turn
from wellbeing.services import ledger, turns

LONGEST_MS = clock.in_ms(breaks.LONGEST)


def asked(held: Locked, cause: Cause) -> Rest:
    """Return the rest that a cause asks of this person now."""
    return breaks.asked(held.limits, held.counters, cause)


def length_ms(held: Locked, cause: Cause) -> int:
    """Return how long a rest of this cause is for this person now."""
    return clock.in_ms(asked(held, cause).length)


def make_due(held: Locked, *, cause: Cause) -> None:
    """Make due what a cause asks for; what is due already and this become one."""
    ask_for(held, asked(held, cause))


def ask_for(held: Locked, asked_for: Rest) -> None:
    """Make a rest due; with one that is due already it becomes one, which waits no more if it is another one then."""
    row = held.open_break
    if row is None:
        row = Break(subject=held.subject, state=State.DUE, due_at=held.at, decide_until=held.at + GRACE)
        held.rows.open_break = row
        _write(held, row, asked_for)
    elif (both := _of(row).and_also(asked_for)) != _of(row):
        if not _is_like(_of(row), both):
            _wait_no_more(held, row)
        _write(held, row, both)


def come_now(held: Locked, *, cause: Cause) -> None:
    """Make a break due before its time, because nothing fits before it; one that was put off waits no more."""
    if held.open_break is None:
        make_due(held, cause=cause)
        return
    _wait_no_more(held, held.open_break)
    held.open_break.save(update_fields=["postponed_until", "decide_until"])
    ledger.announce(held)


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


def _wait_no_more(held: Locked, row: Break) -> None:
    if row.postponed_until is not None and held.at < row.postponed_until:
        row.postponed_until, row.decide_until = held.at, held.at + GRACE


def _write(held: Locked, row: Break, asked_for: Rest) -> None:
    row.cause, row.length_ms = asked_for.cause, clock.in_ms(asked_for.length)
    row.with_work, row.is_strict = asked_for.with_work, asked_for.is_strict
    row.is_third = asked_for.is_third
    row.save()
    ledger.announce(held)


def grow(held: Locked) -> None:
    """Lengthen a rest that is still due where its length has been set longer; one that runs keeps its length."""
    rest = held.open_break
    if rest is None or rest.state != State.DUE:
        return
    longer = length_ms(held, Cause(rest.cause))
    if longer > rest.length_ms:
        rest.length_ms = longer
        rest.save(update_fields=["length_ms"])
        ledger.announce(held)


def begin(held: Locked, *, cause: Cause, length_ms: int) -> Break:
    """Begin a rest at once; what was due becomes this one."""
    rest = held.open_break or Break(subject=held.subject, due_at=held.at)
    rest.cause, rest.state, rest.length_ms = cause, State.RUNNING, length_ms
    rest.with_work = rest.with_work or cause == Cause.WORK
    rest.started_at = rest.started_at or held.at
    rest.ticked_at = rest.ticked_at or held.at
    rest.save()
    held.rows.open_break = rest
    ledger.announce(held)
    return rest


def tick(held: Locked, *, serves: bool) -> None:
    """Serve a running break for the time since its last tick, at most 10 s of it; nothing while something shown counts."""
    rest = held.open_break
    if rest is None or rest.state != State.RUNNING or rest.ticked_at is None:
        return
    before = rest.served_ms
    if serves:
        rest.served_ms += clock.in_ms(clock.tick(ticked_at=rest.ticked_at, at=held.at))
    rest.ticked_at = max(held.at, rest.ticked_at)
    held.unwritten.rest = rest
    if before < rest.length_ms <= rest.served_ms:
        ledger.announce(held)


def serve_absence(held: Locked, *, absence: timedelta) -> None:
    """Let an absence serve the break that runs, end the one that is due if it was as long, or answer the counters."""
    row = held.open_break
    if row is None:
        _answer(held, served=absence)
    elif row.state == State.RUNNING:
        _serve(held, row, clock.in_ms(absence))
    elif row.length_ms <= clock.in_ms(absence):
        row.started_at, row.served_ms = held.at - absence, clock.in_ms(absence)
        row.save(update_fields=["started_at", "served_ms"])
        end(held)
    else:
        _answer(held, served=absence)


def _serve(held: Locked, row: Break, absent_ms: int) -> None:
    """Ticks or absence: whichever is full first ends a break."""
    if row.served_ms >= absent_ms:
        return
    before, row.served_ms = row.served_ms, absent_ms
    held.unwritten.rest = row
    if before < row.length_ms <= absent_ms:
        ledger.announce(held)


def end_if_kept(held: Locked) -> bool:
    """End a break whose length has passed, with the act by which its person sits down again. Say whether there was one.

    A step away has no length: whoever stepped away says themselves that they are back.
    """
    row = held.open_break
    is_kept = row is not None and row.state == State.RUNNING and 0 < row.length_ms <= row.served_ms
    if is_kept:
        end(held)
    return is_kept


def end(held: Locked) -> Break | None:
    """Close the open break; what it served answers the counters that ask for no more."""
    rest = held.open_break
    if rest is None:
        return None
    rest.state, rest.over_at = State.OVER, held.at
    rest.save(update_fields=["state", "over_at", "served_ms", "ticked_at"])
    held.rows.open_break = held.unwritten.rest = None
    is_whole = 0 < rest.length_ms <= rest.served_ms
    if held.presence is None:
        _pay(held, rest)
    served = clock.ms(rest.served_ms)
    if is_whole:
        _answer(held, served=served, kept=Cause(rest.cause), with_work=_of(rest).with_work)
    else:
        _answer(held, served=served)
    ledger.announce(held)
    return rest


def _pay(held: Locked, rest: Break) -> None:
    """Let the time of a break be working time that passed while no desk was open, as long as the break is."""
    left_at = Presence.objects.filter(subject=held.subject).aggregate(at=Max("closed_at"))["at"]
    if left_at is None:
        return
    begun_at = min(rest.started_at or left_at, left_at)
    paid_until = min(begun_at + clock.ms(rest.length_ms), held.at)
    if paid_until > left_at:
        Presence.objects.create(
            subject=held.subject,
            kind=Kind.BREAK,
            opened_at=left_at,
            last_beat_at=left_at,
            closed_at=paid_until,
        )


def forget(held: Locked) -> None:
    """After 8 hours away: no break is open, and every counter begins anew."""
    end(held)
    _answer(held, served=breaks.LONGEST)
    held.state.limit_grace_until = None


def answer_by_other_work(held: Locked, *, lasted: timedelta) -> None:
    """Let other paid work answer the counters of severity that ask for no more than its length."""
    _count(held, breaks.answered_by_other_work(held.limits, held.counters, lasted=lasted))


def _answer(held: Locked, *, served: timedelta, kept: Cause | None = None, with_work: bool = False) -> None:
    limits, counters = held.limits, held.counters
    _count(held, breaks.answered(limits, counters, served=served, kept=kept, with_work=with_work))
    if served >= PAID_BY:
        turns.pay(held)
    if served >= breaks.BLOCK_REST:
        held.set_block_load(0)
        held.state.block_rested_at = held.at
        turns.keep(held, Turn())


def _count(held: Locked, after: Counters) -> None:
    state = held.state
    if after.severe_ms < state.severe_ms:
        state.severe_answered_at = held.at
    state.work_ms, state.severe_ms, state.extreme_ms = after.work_ms, after.severe_ms, after.extreme_ms
    state.since_rest_ms, state.breaks_kept = after.since_rest_ms, after.breaks_kept
