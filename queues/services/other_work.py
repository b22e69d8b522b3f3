"""The commands by which a person leaves queue work for other paid work or wellness time, and comes back.

As in ``desk``: each runs its own transaction, wellbeing row → job → claim → ticket.
"""

from datetime import datetime
from uuid import UUID

from queues.models import Claim, ClaimState
from queues.services import claim_rows, claims, endings, going_on, returns, tickets
from queues.services.desk import LockedDesk, locked_desk
from wellbeing.core.locked import Locked
from wellbeing.core.rules.presence import Activity
from wellbeing.core.services import other_work, wellness


def do_other_work(*, subject: UUID, activity: Activity, at: datetime, beating: bool) -> None:
    """Do other paid work; the case in hand is kept for ten minutes, and given back where a limit closes it.

    A break that is due begins instead.

    Raises:
        OnBreak: a break, or a step away, runs already.
    """
    with locked_desk(subject=subject, at=at) as desk:
        if _is_due(desk.locked):
            returns.put_aside(locked=desk.locked, claim=desk.claim)
            return
        is_closed = desk.locked.state.limit_grace_until is not None
        other_work.begin(locked=desk.locked, activity=activity, beating=beating)
        _let_the_case_be(desk, is_closed=is_closed)


def take_wellness_time(*, subject: UUID, at: datetime) -> None:
    """Be away on wellness time; the case in hand is parked.

    Raises:
        OnBreak: a break, or a step away, runs already.
    """
    with locked_desk(subject=subject, at=at) as desk:
        wellness.begin(locked=desk.locked)
        _let_the_case_be(desk, is_closed=False)


def back_to_the_queue(*, subject: UUID, at: datetime, beating: bool) -> Claim | None:
    """End other paid work and ask for a case; the parked one comes first."""
    going_on.close(subject=subject, at=at, ending=endings.leaving_other_work())
    return claims.claim_next(subject=subject, at=at, beating=beating)


def _is_due(locked: Locked) -> bool:
    return locked.on_break and locked.open_break is not None and locked.open_break.state == claim_rows.DUE


def _let_the_case_be(desk: LockedDesk, *, is_closed: bool) -> None:
    claim = desk.claim
    if claim is not None and claim.state == ClaimState.LIVE:
        if is_closed:
            returns.give_back(locked=desk.locked, claim=claim, reason="limit")
        else:
            claim_rows.park(locked=desk.locked, claim=claim)
    tickets.drop(subject=desk.locked.subject)
