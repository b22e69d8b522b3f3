"""The commands of the desk. Each runs its own transaction: wellbeing row → job → claim → ticket.

All take the person's ``subject`` and the instant ``at``. Refusals are exceptions of ``queues.exceptions``.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from queues.models import Claim
from wellbeing.models import Exposure


@dataclass(frozen=True, slots=True)
class BeatAnswer:
    """What a page learns by its beat. ``kind`` as in ``DeskState``; ``level`` is empty while covered."""

    rev: int
    kind: str
    claim_id: UUID | None
    exposure_id: UUID | None
    level: str
    falls_back_at: datetime | None


def open_desk(*, subject: UUID, at: datetime, beating: bool) -> None:
    """The person sits down: presence begins (waiting, or reviewing with a live claim)."""
    raise NotImplementedError


def next_case(*, subject: UUID, at: datetime, beating: bool) -> Claim | None:
    """Ask for the next case; see ``claims.claim_next``."""
    raise NotImplementedError


def show(
    *,
    subject: UUID,
    claim_id: UUID,
    fence: int,
    level: str,
    at: datetime,
    beating: bool,
    with_text: bool = False,
    sound: bool = False,
    full_screen: bool = False,
) -> Exposure:
    """Put the case on the stage at *level*: the only door to an exposure.

    Raises:
        NotYourClaim, ClaimLost, OnBreak, LimitReached.
    """
    raise NotImplementedError


def cover(*, subject: UUID, at: datetime, reason: str = "covered") -> None:
    """Clear the stage, always and at once. Nothing on the stage is no error."""
    raise NotImplementedError


def beat(
    *, subject: UUID, claim_id: UUID | None, exposure_id: UUID | None, holding: bool, at: datetime
) -> BeatAnswer:
    """Say that the desk is alive (lease, ticket, presence) and what is on its stage. A desk that waits also asks again.

    Raises:
        BeatLate: more than 10 s after the last one; the stage was covered (and stays so: that is committed).
    """
    raise NotImplementedError


def skip(*, subject: UUID, claim_id: UUID, fence: int, at: datetime) -> None:
    """Give the case back and never be offered it again. No reason is asked, nobody sees it.

    Raises:
        NotYourClaim, ClaimLost.
    """
    raise NotImplementedError


def hand_back(*, subject: UUID, claim_id: UUID, fence: int, at: datetime) -> None:
    """Give the case back; it may come again. A parked claim may be handed back too.

    Raises:
        NotYourClaim, ClaimLost.
    """
    raise NotImplementedError


def escalate(*, subject: UUID, claim_id: UUID, fence: int, at: datetime) -> None:
    """Send the case to a senior: the same job, in a lane that asks for the skill, and not to this person.

    Raises:
        NotYourClaim, ClaimLost, OnBreak.
    """
    raise NotImplementedError


def step_away(*, subject: UUID, at: datetime) -> None:
    """Leave at once, for as long as wanted; the case in hand is parked."""
    raise NotImplementedError


def too_much(*, subject: UUID, at: datetime) -> None:
    """'This was too much': cover, park the case in hand and begin a break of at least 15 min, at once."""
    raise NotImplementedError


def postpone(*, subject: UUID, at: datetime) -> None:
    """Move a due break by five minutes.

    Raises:
        MayNotPostpone: none is due, it was postponed already, or it is of a kind that may not be.
    """
    raise NotImplementedError


def return_from_break(*, subject: UUID, at: datetime, beating: bool) -> Claim | None:
    """Come back; the parked case comes first. Returns the claim in hand, or None (the desk then waits).

    Raises:
        BreakNotOver: with ``back_at``.
    """
    raise NotImplementedError


def sign_out(*, subject: UUID, at: datetime, reason: str = "signed_out") -> None:
    """Leave the desk (signed out, deactivated): the claim is released, ticket and presence end."""
    raise NotImplementedError
