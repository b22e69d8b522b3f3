"""The one act of a desk: what is in hand ends, the next case is taken, and what may be shown of it is shown.

All of it under one lock of the person, with one reading and one writing, in one commit. What ends the case in hand is given
in: a decision stands above queues, and skipping or coming back from a break goes the same way (``services.endings``).

In this order: what can refuse, before anything is written; what the ending writes; a savepoint, and in it the pick, the claim
and what is shown. Where the pick fails, its savepoint is rolled back, the person becomes again what they were before it (a
savepoint rolls back rows, and no objects), and the ending is committed all the same. The next case then comes the long way,
by ``claims.claim_next`` in transactions of its own: so do a job that an older ticket must be asked about, one that others hold
or have moved, and the next case where this act has written what binds the person anew (a load flag) or has raised the label of
the case in hand, which locks all jobs of that case.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from people.statements import Part, Row, undoable
from queues.exceptions import JobMoved, Refused
from queues.models import Claim, ClaimState
from queues.selectors import DeskState
from queues.selectors.desk import state_of
from queues.services import claim_rows, claims, returns, stage
from queues.services.claims import Asks
from queues.services.queue_facts import QueueFacts, queue_facts_from, queue_facts_part
from wellbeing.core import writing
from wellbeing.core.locked import Locked
from wellbeing.core.services import locking


@dataclass(slots=True)
class Hand:
    """A person under their lock, the claim that they have, live or parked, and the rows that the ending asked for.

    ``goes_apart``: the ending has locked jobs beside the one in hand, so the next case comes in a transaction of its own.
    """

    locked: Locked
    claim: Claim | None
    rows: Sequence[Row | None] = ()
    is_settled: bool = False
    goes_apart: bool = False

    def settle(self) -> Claim | None:
        """Let what time has made overdue happen (``returns.catch_up``), once; return the claim that is left."""
        if not self.is_settled:
            self.is_settled = True
            self.claim = returns.catch_up(locked=self.locked, claim=self.claim)
        return self.claim


Write = Callable[[], Claim | None]
"""Writes the end of what is in hand; returns the claim that is left, live or parked."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends the case in hand. ``check`` refuses (``Refused``) before anything is written, or returns what writes.

    ``read_with_it``: what it must read under the lock, in the same round trip. ``may_come_again``: what is given back may be what
    comes next where nothing else waits, once others were asked.
    """

    check: Callable[[Hand], Write]
    read_with_it: Sequence[Part] = ()
    may_come_again: bool = False


def _nothing(hand: Hand) -> Write:
    return hand.settle


NOTHING = Ending(_nothing)
"""Nothing ends: somebody asks for a case."""


@dataclass(frozen=True, slots=True)
class _Done:
    locked: Locked
    claim: Claim | None
    is_to_go_on: bool = False


def go_on(*, subject: UUID, at: datetime, beating: bool, ending: Ending = NOTHING) -> DeskState:
    """End what is in hand, take the next case, show what may be shown of it; return what the desk then shows.

    ``beating``: whether the desk sends beats. A live claim that the ending leaves is what comes next; a parked one comes first.

    Raises:
        Refused: what the ending refuses. What was overdue is committed, and nothing else.
    """
    done = _one_commit(subject, at, ending, beating=beating)
    if done.is_to_go_on:
        claims.claim_next(subject=subject, at=at, beating=beating)
        done = _one_commit(subject, at, NOTHING, beating=beating, takes=False)
    return _state_after(done, at)


def close(*, subject: UUID, at: datetime, ending: Ending) -> DeskState:
    """End what is in hand, and take nothing. Raises as ``go_on``."""
    return _state_after(_one_commit(subject, at, ending, beating=None), at)


def _state_after(done: _Done, at: datetime) -> DeskState:
    return state_of(done.locked, done.claim, at=at)


def _one_commit(
    subject: UUID, at: datetime, ending: Ending, *, beating: bool | None, takes: bool = True
) -> _Done:
    """``beating``: None where nothing is taken or shown. ``takes``: whether a new case may be taken."""
    read_with_it = [queue_facts_part(subject=subject, at=at), *ending.read_with_it]
    with transaction.atomic():
        locked = locking.take(subject=subject, at=at, read_with_it=read_with_it, heard=True)
        queue_facts, rows = queue_facts_from(locked.read_with_it[0]), locked.read_with_it[1:]
        hand = Hand(locked, queue_facts.claim, rows)
        try:
            write = ending.check(hand)
        except Refused as error:
            hand.settle()
            writing.write_back(locked)
            refusal = error
        else:
            left = returns.catch_up(locked=locked, claim=write())
            if beating is not None and not (takes and (hand.goes_apart or locked.is_bound_anew)):
                return _next(locked, queue_facts, left, beating=beating, takes=takes, ending=ending)
            writing.write_back(locked)
            return _Done(locked, left, is_to_go_on=beating is not None)
    raise refusal


def _next(
    locked: Locked, queue_facts: QueueFacts, left: Claim | None, *, beating: bool, takes: bool, ending: Ending
) -> _Done:
    """Take and show in a savepoint, and write: with it, or without what it was to bring."""
    before = locked.copied()
    try:
        with undoable(JobMoved, IntegrityError):
            claim = _take(locked, queue_facts, left, beating=beating, takes=takes, ending=ending)
            writing.write_back(locked)
            return _Done(locked, claim)
    except (JobMoved, IntegrityError):
        locked.restore(before)
        writing.write_back(locked)
        return _Done(locked, left, is_to_go_on=takes)


def _take(
    locked: Locked, queue_facts: QueueFacts, left: Claim | None, *, beating: bool, takes: bool, ending: Ending
) -> Claim | None:
    in_hand = left is not None and left.state == ClaimState.LIVE
    if not takes and not in_hand:
        return left
    if left is not None and in_hand:
        claim_rows.renew(locked=locked, claim=left)
    asks = Asks(beating=beating, waits=False)
    claim = claims.hand_out(locked=locked, queue_facts=queue_facts, claim=left, asks=asks).claim
    if claim is not None:
        stage.show_first(locked=locked, claim=claim, beating=beating)
    elif ending.may_come_again and not locked.on_break:
        raise JobMoved
    return claim
