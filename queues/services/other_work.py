"""The commands by which a person leaves queue work for other paid work or wellness time, and comes back.

As in ``desk``: each runs its own transaction, wellbeing row → job → claim → ticket.
"""

from datetime import datetime
from uuid import UUID

from queues.models import Claim, ClaimState
from queues.services import claims, endings, going_on, grips, returns, tickets
from queues.services.desk import Seat, seated
from wellbeing.core.locked import Locked
from wellbeing.rules.presence import Activity
from wellbeing.services import other_work, wellness


def do_other_work(*, subject: UUID, activity: Activity, at: datetime, beating: bool) -> None:
    """Do other paid work; the case in hand is kept for ten minutes, and given back where a limit closes it.

    A break that is due begins instead.

    Raises:
        OnBreak: a break, or a step away, runs already.
    """
    with seated(subject=subject, at=at) as seat:
        if _is_due(seat.held):
            returns.put_aside(held=seat.held, claim=seat.claim)
            return
        is_closed = seat.held.state.limit_grace_until is not None
        other_work.begin(held=seat.held, activity=activity, beating=beating)
        _let_the_case_be(seat, is_closed=is_closed)


def take_wellness_time(*, subject: UUID, at: datetime) -> None:
    """Be away on wellness time; the case in hand is parked.

    Raises:
        OnBreak: a break, or a step away, runs already.
    """
    with seated(subject=subject, at=at) as seat:
        wellness.begin(held=seat.held)
        _let_the_case_be(seat, is_closed=False)


def back_to_the_queue(*, subject: UUID, at: datetime, beating: bool) -> Claim | None:
    """End other paid work and ask for a case; the parked one comes first."""
    going_on.close(subject=subject, at=at, ending=endings.leaving_other_work())
    return claims.claim_next(subject=subject, at=at, beating=beating)


def _is_due(held: Locked) -> bool:
    return held.on_break and held.open_break is not None and held.open_break.state == grips.DUE


def _let_the_case_be(seat: Seat, *, is_closed: bool) -> None:
    claim = seat.claim
    if claim is not None and claim.state == ClaimState.LIVE:
        if is_closed:
            returns.give_back(held=seat.held, claim=claim, reason="limit")
        else:
            grips.park(held=seat.held, claim=claim)
    tickets.drop(subject=seat.held.subject)
