"""Why wellbeing says no. Each carries the stable ``code`` of API.md's desk row and what a page needs to explain it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Reached:
    """A limit that is used up (or closed, ``value`` 0) or a cap that holds: whose it is, and when it lifts.

    ``until`` is None when it does not lift by itself (a closed severity, an agreement that was not given, the load since
    the last break). ``scope``: one of ``core.rules.scopes``, or what changed the value for this person (``starter``,
    ``returned``, ``red_flag``, ``contract``, ``officer``, ``rule``); ``scope_ref``, ``since`` and ``set_by`` of what
    holds. ``most``: of a cap, the highest severity that it leaves (-1: none); None for a limit that is used up.
    """

    name: str
    value: int
    scope: str
    until: datetime | None
    scope_ref: str = ""
    since: datetime | None = None
    set_by: str = ""
    most: int | None = None

    @property
    def is_closed(self) -> bool:
        """Say whether the limit closes its severities altogether instead of being used up."""
        return self.value == 0 and self.most is None


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
    """The beat came more than 10 s late: what was shown has counted until now, at most 10 min, and the page is covered."""

    code = "beat_late"


class CoverNotBelieved(Refused):
    """A page said that it had covered itself, and it is not what such a page can say: all of it counts."""

    code = "cover_not_believed"


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


class ReasonMissing(Refused):
    """A looser value, and any value for one person by someone else, needs a reason."""

    code = "reason_missing"


class ReasonTooLong(Refused):
    """A reason, question or answer is longer than ``most`` characters."""

    code = "reason_too_long"

    def __init__(self, *, most: int) -> None:
        super().__init__("the text is too long")
        self.most = most


class AlreadySet(Refused):
    """The value stands there already: nothing would change."""

    code = "already_set"


class NotFound(Refused):
    """There is no such request, question or proposal, or it is not this person's."""

    code = "not_found"


class AlreadyAnswered(Refused):
    """The request or question was answered, or has been overtaken by a newer value."""

    code = "already_answered"


class NotConfirmed(Refused):
    """Somebody else has set this person's sign-in anew: what is theirs alone is not changed until it is confirmed."""

    code = "not_confirmed"


class ContractRefused(Refused):
    """Something about the contract cannot be; ``part`` is the field it is about."""

    code = "contract_refused"
    part = "until_on"


class CounsellorMissing(ContractRefused):
    """Nobody is named with whom it is."""

    code = "counsellor_missing"
    part = "counsellor"


class CounsellorTooLong(ContractRefused):
    """Longer than ``MOST_CHARACTERS``."""

    code = "counsellor_too_long"
    part = "counsellor"


class ContractEndsBeforeStart(ContractRefused):
    """Its last day lies before its first."""

    code = "contract_ends_before_start"


class ContractOutOfReach(ContractRefused):
    """Its last day is past, or more than a year ahead; ``first`` and ``last`` are the days it can be."""

    code = "contract_out_of_reach"

    def __init__(self, *, first: date, last: date) -> None:
        super().__init__("the last day is out of reach")
        self.first, self.last = first, last


class ChoiceUnknown(Refused):
    """There is no such kind of opt-out, or nothing of this kind bears this name. ``kind``: what was chosen among."""

    code = "choice_unknown"

    def __init__(self, kind: str) -> None:
        super().__init__("there is nothing of this name to opt out of")
        self.kind = kind


class EndsInThePast(Refused):
    """The opt-out would be over before it begins."""

    code = "ends_in_the_past"


class AlreadyOptedOut(Refused):
    """The same opt-out holds already, until the same time."""

    code = "already_opted_out"


class AlreadyAgreed(Refused):
    """The agreement to severity 4 was given before and stands."""

    code = "already_agreed"


class NotAgreed(Refused):
    """There is no agreement to severity 4 to take back."""

    code = "not_agreed"


class SaidMeanwhile(Refused):
    """Somebody said something else of a kind after the page was read."""

    code = "said_meanwhile"
