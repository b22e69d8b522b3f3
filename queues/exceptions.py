"""What may happen at the desk, or to a queue, instead of what was asked. ``code`` is the stable one of API.md's desk row."""

from collections.abc import Mapping

from wellbeing.exceptions import (
    BeatLate,
    BreakNotOver,
    CoverNotBelieved,
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
    "CoverNotBelieved",
    "DefaultNeeded",
    "JobMoved",
    "LimitReached",
    "MayNotPostpone",
    "NoOpenBreak",
    "NotFree",
    "NotFromHere",
    "NotYourClaim",
    "OnBreak",
    "QueueChanged",
    "QueueIncomplete",
    "QueueInvalid",
    "QueueNameTaken",
    "QueueNotEmpty",
    "QueueRefused",
    "Refused",
]


class ClaimLost(Refused):
    """The claim was the caller's once and is no longer: expired, parked, withdrawn, closed or fenced off."""

    code = "claim_lost"


class NotYourClaim(Refused):
    """There is no such claim, or it is another person's: the two look alike."""

    code = "not_found"


class NotFree(Refused):
    """A case that was handed back cannot be had again: it is in other hands, or not there any more."""

    code = "not_free"


class JobMoved(Exception):
    """A job changed between the unlocked look and the lock. Caught where the look is repeated."""


class QueueRefused(Exception):
    """The base of what may not be done to a queue."""


class QueueInvalid(QueueRefused):
    """What was written cannot be. ``faults``: field → its fault, ``missing``, ``unknown``, ``not_yours``,
    ``too_short``, ``too_long``, ``longer_than_target``, ``past``, ``before_the_last`` or ``characters``.
    """

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = dict(faults)


class QueueNameTaken(QueueRefused):
    """Another queue of the platform bears this name, whatever its capitals."""


class QueueChanged(QueueRefused):
    """Somebody else changed the queue after the page was read; nothing of this was saved. It is in ``state`` now."""

    def __init__(self, *, state: str, version: int) -> None:
        super().__init__(state)
        self.state = state
        self.version = version


class NotFromHere(QueueRefused):
    """``act`` cannot be done to a queue in ``state``."""

    def __init__(self, *, state: str, act: str) -> None:
        super().__init__(f"{act} from {state}")
        self.state = state
        self.act = act


class QueueIncomplete(QueueRefused):
    """Before it may be open the queue needs ``missing``: names of fields, or ``guidelines``."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class QueueNotEmpty(QueueRefused):
    """A queue that closes must be empty; something waits, is in hand, or was taken in and is on its way;
    or did when it was last counted.
    """


class DefaultNeeded(QueueRefused):
    """A platform's default queue goes on taking in until another queue is the default."""
