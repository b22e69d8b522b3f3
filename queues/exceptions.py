"""What may happen at the desk, or to a queue, instead of what was asked.

``code`` is the stable one of API.md's desk row; ``sentence`` is what a lead's page says.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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


MISSING: Final[Mapping[str, str | Promise]] = {
    "client_name": gettext_lazy("the client’s name"),
    "purpose": gettext_lazy("its purpose"),
    "decision_use": gettext_lazy("what its decisions are used for"),
    "other_work": gettext_lazy(
        "the other paid work that is there when severity 3 and up is closed to somebody"
    ),
    "other_work_with": gettext_lazy("with whom that other work is done"),
    "guidelines": gettext_lazy("guidelines in force"),
}
FAULTS: Final[Mapping[tuple[str, str], str | Promise]] = {
    ("name", "missing"): gettext_lazy("A queue needs a name."),
    ("name", "too_long"): gettext_lazy("A name has at most 120 characters."),
    ("client_name", "too_long"): gettext_lazy("The client’s name has at most 200 characters."),
    ("purpose", "too_long"): gettext_lazy("The purpose has at most 300 characters."),
    ("decision_use", "too_long"): gettext_lazy("The use has at most 300 characters."),
    ("other_work", "too_long"): gettext_lazy("The other paid work has at most 120 characters."),
    ("other_work_with", "too_long"): gettext_lazy("With whom has at most 80 characters."),
    ("target_seconds", "too_short"): gettext_lazy("The target time is at least a minute."),
    ("target_seconds", "too_long"): gettext_lazy("The target time is at most 90 days."),
    ("grace_seconds", "too_short"): gettext_lazy("The grace cannot be negative."),
    ("grace_seconds", "too_long"): gettext_lazy("The grace is at most 24 hours."),
    ("grace_seconds", "longer_than_target"): gettext_lazy(
        "The grace is longer than the target time, so no decision could be in time."
    ),
    ("teams", "missing"): gettext_lazy("Choose at least one team, or every team."),
    ("teams", "unknown"): gettext_lazy("One of these teams is not there any more."),
    ("teams", "not_yours"): gettext_lazy("Your own team has to be among them."),
    ("platform", "unknown"): gettext_lazy("There is no such platform."),
    ("title", "missing"): gettext_lazy("Guidelines need a title."),
    ("title", "too_long"): gettext_lazy("A title has at most 200 characters."),
    ("guidance", "missing"): gettext_lazy("Guidelines need a text."),
    ("guidance", "too_long"): gettext_lazy("Guidelines have at most 20,000 characters."),
    ("in_force_from", "past"): gettext_lazy("Guidelines hold from now or later, not from before."),
    ("in_force_from", "before_the_last"): gettext_lazy(
        "The version before this one would end before it begins. Choose a later time, or take that version back."
    ),
}
NO_CONTROL_CHARACTERS: Final = gettext_lazy("Write this without line breaks and control characters.")


class QueueRefused(Exception):
    """The base of what may not be done to a queue."""

    @property
    def sentence(self) -> str:
        """Say it to a lead."""
        return _("That is not possible now.")


class QueueInvalid(QueueRefused):
    """What was written cannot be. ``faults``: field → a code of `FAULTS`."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = dict(faults)

    @property
    def sentences(self) -> dict[str, str]:
        """Say it beside each field."""
        return {
            field: str(FAULTS.get((field, code), NO_CONTROL_CHARACTERS))
            for field, code in self.faults.items()
        }

    @property
    def sentence(self) -> str:
        """Say all of it."""
        return " ".join(self.sentences.values())


class QueueNameTaken(QueueRefused):
    """Another queue of the platform bears this name, whatever its capitals."""

    @property
    def sentence(self) -> str:
        """Say it to a lead."""
        return _("Another queue of this platform bears this name.")


class QueueChanged(QueueRefused):
    """Somebody else changed the queue after the page was read; nothing of this was saved. It is in ``state`` now."""

    def __init__(self, *, state: str, version: int) -> None:
        super().__init__(state)
        self.state = state
        self.version = version

    @property
    def sentence(self) -> str:
        """Say it to a lead."""
        return _("Somebody else changed this queue meanwhile. Nothing was saved; the page shows what holds.")


class NotFromHere(QueueRefused):
    """``act`` cannot be done to a queue in ``state``."""

    def __init__(self, *, state: str, act: str) -> None:
        super().__init__(f"{act} from {state}")
        self.state = state
        self.act = act


class QueueIncomplete(QueueRefused):
    """Before it may be open the queue needs ``missing``: codes of `MISSING`."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing

    @property
    def sentence(self) -> str:
        """Name each thing that is missing."""
        named = get_text_list([str(MISSING[code]) for code in self.missing], _("and"))
        return _("It cannot be open without %(missing)s.") % {"missing": named}


class QueueNotEmpty(QueueRefused):
    """A queue that closes must be empty; something waits, is in hand, or was taken in and is on its way;
    or did when it was last counted.
    """

    @property
    def sentence(self) -> str:
        """Say how to get there."""
        return _(
            "Items still wait for a decision here. Drain it: it can be closed once a count finds none open."
        )


class DefaultNeeded(QueueRefused):
    """A platform's default queue goes on taking in until another queue is the default."""

    @property
    def sentence(self) -> str:
        """Say how to get there."""
        return _("Items that name no queue come here. Make another open queue the default first.")
