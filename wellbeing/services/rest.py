"""The one open break of a person, moved under the lock: made due, ticked, answered."""

from datetime import timedelta

from wellbeing.models import Break
from wellbeing.rules import breaks, clock
from wellbeing.rules.breaks import Cause, State
from wellbeing.rules.limits import GRACE
from wellbeing.rules.turns import PAID_BY, Turn
from wellbeing.selectors.held import Held
from wellbeing.services import ledger, turns

LONGEST_MS = clock.in_ms(breaks.LONGEST)


def length_ms(held: Held, cause: Cause) -> int:
    """Return how long a rest of this cause is for this person now."""
    return clock.in_ms(breaks.length_of(held.facts.limits, cause))


def make_due(held: Held, *, cause: Cause) -> None:
    """Make a break due; one that is due already becomes the longer of both, and waits no more."""
    rest = held.open_break
    if rest is None:
        held.open_break = Break.objects.create(
            subject=held.subject,
            cause=cause,
            state=State.DUE,
            length_ms=length_ms(held, cause),
            due_at=held.at,
            decide_until=held.at + GRACE,
        )
    else:
        _weigh_up(held, rest, cause)
    ledger.announce(held)


def _weigh_up(held: Held, rest: Break, cause: Cause) -> None:
    rest.cause, rest.length_ms = cause, max(rest.length_ms, length_ms(held, cause))
    if rest.postponed_until is not None and held.at < rest.postponed_until:
        rest.postponed_until, rest.decide_until = held.at, held.at + GRACE
    rest.save()


def grow(held: Held) -> None:
    """Lengthen a rest that is still due where its length has been set longer; one that runs keeps its length."""
    rest = held.open_break
    if rest is None or rest.state != State.DUE:
        return
    longer = length_ms(held, Cause(rest.cause))
    if longer > rest.length_ms:
        rest.length_ms = longer
        rest.save(update_fields=["length_ms"])
        ledger.announce(held)


def begin(held: Held, *, cause: Cause, length_ms: int) -> Break:
    """Begin a rest at once; what was due becomes this one."""
    rest = held.open_break or Break(subject=held.subject, due_at=held.at)
    rest.cause, rest.state, rest.length_ms = cause, State.RUNNING, length_ms
    rest.started_at = rest.started_at or held.at
    rest.ticked_at = rest.ticked_at or held.at
    rest.save()
    held.open_break = rest
    ledger.announce(held)
    return rest


def tick(held: Held, *, serves: bool) -> None:
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


def end(held: Held) -> Break | None:
    """Close the open break; what it served answers the counters that ask for no more."""
    rest = held.open_break
    if rest is None:
        return None
    rest.state, rest.over_at = State.OVER, held.at
    rest.save(update_fields=["state", "over_at"])
    held.open_break = None
    is_whole = 0 < rest.length_ms <= rest.served_ms
    _answer(held, served=clock.ms(rest.served_ms), kept=Cause(rest.cause) if is_whole else None)
    ledger.announce(held)
    return rest


def forget(held: Held) -> None:
    """After 8 hours away: no break is open, and every counter begins anew."""
    end(held)
    _answer(held, served=breaks.LONGEST)
    held.state.limit_grace_until = None


def _answer(held: Held, *, served: timedelta, kept: Cause | None = None) -> None:
    state = held.state
    after = breaks.answered(held.facts.limits, held.counters, served=served, kept=kept)
    state.work_ms, state.severe_ms = after.work_ms, after.severe_ms
    state.extreme_ms, state.long_work_ms = after.extreme_ms, after.long_ms
    if served >= PAID_BY:
        turns.pay(held)
    if served >= breaks.BLOCK_REST:
        state.block_load = held.facts.ledger.block_load = 0
        turns.keep(held, Turn())
