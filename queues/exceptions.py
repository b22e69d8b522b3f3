"""What may happen at the desk instead of what was asked. ``code`` is the stable one of API.md's desk row."""

from wellbeing.exceptions import BeatLate, BreakNotOver, LimitReached, MayNotPostpone, OnBreak

__all__ = [
    "BeatLate",
    "BreakNotOver",
    "ClaimLost",
    "DeskRefusal",
    "JobMoved",
    "LimitReached",
    "MayNotPostpone",
    "NotYourClaim",
    "OnBreak",
]


class DeskRefusal(Exception):
    """Something that was asked at the desk could not be done; nothing was changed by it."""

    code = "refused"
    status = 409


class ClaimLost(DeskRefusal):
    """The claim was the caller's once and is no longer: expired, parked, withdrawn, closed or fenced off."""

    code = "claim_lost"


class NotYourClaim(DeskRefusal):
    """There is no such claim, or it is another person's: the two look alike."""

    code = "not_found"
    status = 404


class JobMoved(Exception):
    """A job changed between the unlocked look and the lock. Caught where the look is repeated."""
