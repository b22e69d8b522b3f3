"""What may happen at the desk instead of what was asked. ``code`` is the stable one of API.md's desk row."""

from wellbeing.exceptions import (
    BeatLate,
    BreakNotOver,
    LimitReached,
    MayNotPostpone,
    NoOpenBreak,
    OnBreak,
    Refused,
)

__all__ = [
    "BeatLate",
    "BreakNotOver",
    "ClaimLost",
    "JobMoved",
    "LimitReached",
    "MayNotPostpone",
    "NoOpenBreak",
    "NotYourClaim",
    "OnBreak",
    "Refused",
]


class ClaimLost(Refused):
    """The claim was the caller's once and is no longer: expired, parked, withdrawn, closed or fenced off."""

    code = "claim_lost"


class NotYourClaim(Refused):
    """There is no such claim, or it is another person's: the two look alike."""

    code = "not_found"


class JobMoved(Exception):
    """A job changed between the unlocked look and the lock. Caught where the look is repeated."""
