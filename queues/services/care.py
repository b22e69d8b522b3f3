"""What an officer ordered for a person (a rest day, a lighter queue) reaches their desk."""

from datetime import datetime
from uuid import UUID

from queues.services import lanes, returns, tickets
from queues.services.desk import Seat, seated
from wellbeing.selectors.orders import most_ordered
from wellbeing.services import ledger


def after_measure(*, subject: UUID, at: datetime) -> None:
    """Let a measure that was just written bind: a case in hand that is above it is released, pages are told.

    Also after a measure was ended: then nothing is released. Runs its own transaction, or in the caller's, who must hold
    no lock behind the person's row.
    """
    with seated(subject=subject, at=at, heard=False) as seat:
        if seat.claim is not None and _is_above(seat, seat.claim.job.lane.severity):
            returns.give_back(held=seat.held, claim=seat.claim, reason="limit")
        if not lanes.reach_of(held=seat.held).is_open:
            tickets.drop(subject=subject)
        ledger.announce(seat.held)


def _is_above(seat: Seat, severity: int) -> bool:
    most = most_ordered(seat.held)
    return most is not None and severity > most
