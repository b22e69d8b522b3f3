"""A person's grip on a job: taken, checked, given back, closed.

A claim row is written only under its holder's wellbeing row, and a job's state only under the job's own lock.
"""

from datetime import datetime
from uuid import UUID

from queues.models import Claim
from wellbeing.services.person import Held


def claim_next(*, subject: UUID, at: datetime, beating: bool) -> Claim | None:
    """Hand the person their next job: the live claim they have, else the parked one, else a new one.

    None means that nothing may be handed out now; the person then holds a ticket, or is on a break.
    Runs its own transactions; ``beating`` tells whether the desk sends beats.
    """
    raise NotImplementedError


def require(*, held: Held, claim_id: UUID, fence: int) -> Claim:
    """Return the live claim of this person, with job and lane, ready to be acted on (read under the person's lock).

    Raises:
        NotYourClaim: no such claim, or another person's.
        ClaimLost: it is no longer live, its lease ran out, or the fence is another's.
        OnBreak: a break runs, or its five minutes to decide are over.
        LimitReached: the five minutes after a hard limit are over, and this case counts towards it.
    """
    raise NotImplementedError


def finish(*, held: Held, claim_id: UUID, fence: int) -> Claim:
    """Close the claim and its job because the case was decided, in the caller's transaction.

    Locks the job. Raises as ``require`` does. The severity that counts is that of the job's lane: call
    ``jobs.relabel`` before, when the decision raises it. A due break begins with this.
    """
    raise NotImplementedError


def end_for_case(*, case_ref: UUID, reason: str, at: datetime) -> int:
    """End the case's open jobs and whatever grip is on them (withdrawn, erased, sealed). Return how many jobs.

    Must run inside ``transaction.atomic``, before the case or an item is locked: it takes the wellbeing
    rows of the holders (in the order of their subjects), then the jobs.
    """
    raise NotImplementedError


def release(*, subject: UUID, reason: str, at: datetime) -> Claim | None:
    """Give back whatever the person holds, live or parked, at once; the job keeps its place. Runs its own transaction."""
    raise NotImplementedError
