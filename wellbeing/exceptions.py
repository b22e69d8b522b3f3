"""Why wellbeing says no. Each carries the stable ``code`` of API.md's desk row and what a page needs to explain it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Reached:
    """A limit that is used up (or closed, ``value`` 0), whose it is, and the clock time when it lifts.

    ``until`` is None when it does not lift by itself (a closed severity).
    """

    name: str
    value: int
    scope: str
    until: datetime | None

    @property
    def is_closed(self) -> bool:
        """Say whether the limit closes its severities altogether instead of being used up."""
        return self.value == 0


class Refused(Exception):
    """The base of every refusal; ``code`` is stable and machine-readable."""

    code = "refused"


class OnBreak(Refused):
    """A break is due or running: nothing is allocated or revealed.

    ``back_at`` is a clock time, None while the break has not begun.
    """

    code = "on_break"

    def __init__(self, *, back_at: datetime | None = None) -> None:
        super().__init__("a break is due or running")
        self.back_at = back_at


class LimitReached(Refused):
    """A limit is used up or closes this severity; ``reached`` says which, whose, and when it lifts."""

    code = "limit_reached"

    def __init__(self, reached: Reached) -> None:
        super().__init__(f"{reached.name} of the {reached.scope} is reached")
        self.reached = reached


class BeatLate(Refused):
    """The beat came more than 10 s late: the stretch ended 5 s after the last one and the page is covered."""

    code = "beat_late"


class MayNotPostpone(Refused):
    """This break was postponed before, is not due, or is of a kind that cannot wait."""

    code = "may_not_postpone"


class BreakNotOver(Refused):
    """Its whole length has not passed; ``back_at`` is the clock time to come back at, or later."""

    code = "break_not_over"

    def __init__(self, *, back_at: datetime) -> None:
        super().__init__("the break is not over")
        self.back_at = back_at


class NoOpenBreak(Refused):
    """There is no break to start, postpone or finish."""

    code = "no_open_break"


class NoOpenDesk(Refused):
    """There is no open presence to change or close."""

    code = "no_open_desk"


class NothingOnStage(Refused):
    """There is no open exposure to cover."""

    code = "nothing_on_stage"


class AboveCeiling(Refused):
    """The value is above the organisation's ceiling, given as ``ceiling``."""

    code = "above_ceiling"

    def __init__(self, *, ceiling: int) -> None:
        super().__init__("the value is above the ceiling")
        self.ceiling = ceiling


class ReasonMissing(Refused):
    """A looser value, and any value for one person by someone else, needs a reason."""

    code = "reason_missing"


class UnknownLimit(Refused):
    """No limit bears this name, or the value is not a whole number from 0."""

    code = "unknown_limit"


class CeilingNeedsTwo(Refused):
    """The ceiling moves only with two people (promise P6); no single act changes it."""

    code = "ceiling_needs_two"
