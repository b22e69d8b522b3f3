"""Why wellbeing says no. Each carries the stable ``code`` of API.md's desk row and what a page needs to explain it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Reached:
    """A limit that is used up (or closed, ``value`` 0) or a cap that holds: whose it is, and when it lifts.

    ``until`` is None when it does not lift by itself (a closed severity, an agreement that was not given, the load since
    the last break). ``scope``: one of ``rules.scopes``, or what changed the value for this person (``starter``,
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


class AboveCeiling(Refused):
    """The value is looser than the organisation allows: ``ceiling`` is the most, of a rest the least."""

    code = "above_ceiling"

    def __init__(self, *, ceiling: int) -> None:
        super().__init__("the value is above the ceiling")
        self.ceiling = ceiling


class AboutYourself(Refused):
    """What an officer does for a person, another officer does for an officer: nobody looks after their own limits alone."""

    code = "about_yourself"


class ReasonMissing(Refused):
    """A looser value, and any value for one person by someone else, needs a reason."""

    code = "reason_missing"


class ReasonTooLong(Refused):
    """A reason, question or answer is longer than ``most`` characters."""

    code = "reason_too_long"

    def __init__(self, *, most: int) -> None:
        super().__init__("the text is too long")
        self.most = most


class UnknownLimit(Refused):
    """No limit bears this name."""

    code = "unknown_limit"


class OutOfBounds(Refused):
    """The value makes no sense for this limit: it is below ``least`` or above ``most`` (seconds or cases)."""

    code = "out_of_bounds"

    def __init__(self, *, least: int, most: int) -> None:
        super().__init__("the value is out of bounds")
        self.least = least
        self.most = most


class Contradicts(Refused):
    """An amber value that would come after its red one: ``red`` is that limit's name, ``most`` its value."""

    code = "contradicts"

    def __init__(self, *, red: str, most: int) -> None:
        super().__init__("amber comes before red")
        self.red = red
        self.most = most


class CeilingNeedsTwo(Refused):
    """The ceiling moves only with two people (promise P6); no single act changes it."""

    code = "ceiling_needs_two"


class ChangedMeanwhile(Refused):
    """Somebody else set this limit after the page was read; what they set stands.

    ``value``, ``set_by`` (a subject, or ``system``) and ``set_at`` are of their value.
    """

    code = "changed_meanwhile"

    def __init__(self, *, value: int, set_by: str, set_at: datetime) -> None:
        super().__init__("another value came between")
        self.value = value
        self.set_by = set_by
        self.set_at = set_at


class AlreadySet(Refused):
    """The value stands there already: nothing would change."""

    code = "already_set"


class NotTighter(Refused):
    """For one person a lead only tightens; ``value`` is what holds for that person now."""

    code = "not_tighter"

    def __init__(self, *, value: int) -> None:
        super().__init__("the value is not tighter than what holds")
        self.value = value


class NotLooser(Refused):
    """This holds at once, or changes nothing, so nobody has to be asked; ``value`` is what holds now, None if nothing."""

    code = "not_looser"

    def __init__(self, *, value: object = None) -> None:
        super().__init__("the value is not looser than what holds")
        self.value = value


class NotPersonal(Refused):
    """No value of a lead holds for this person under this name, so there is none to loosen."""

    code = "not_personal"


class AlreadyAsked(Refused):
    """The same was asked before and waits for its answer."""

    code = "already_asked"


class NotFound(Refused):
    """There is no such request, question or proposal, or it is not this person's."""

    code = "not_found"


class AlreadyAnswered(Refused):
    """The request or question was answered, or has been overtaken by a newer value."""

    code = "already_answered"


class AnswerMissing(Refused):
    """An answer in writing needs words."""

    code = "answer_missing"


class AlreadyProposed(Refused):
    """For this target a proposal is open; it is signed or withdrawn first. ``proposed_by`` and ``proposed_at`` are its."""

    code = "already_proposed"

    def __init__(self, *, proposed_by: str, proposed_at: datetime) -> None:
        super().__init__("a proposal for this is open")
        self.proposed_by = proposed_by
        self.proposed_at = proposed_at


class AlreadyEnded(Refused):
    """The proposal was adopted or withdrawn before; ``state`` says which."""

    code = "already_ended"

    def __init__(self, *, state: str) -> None:
        super().__init__("the proposal has ended")
        self.state = state


class ProposalStale(Refused):
    """What the proposal wants to change has changed since: ``before`` is what it was, ``now`` what it is."""

    code = "proposal_stale"

    def __init__(self, *, before: object, now: object) -> None:
        super().__init__("the proposal is about what no longer holds")
        self.before = before
        self.now = now


class SignedByProposer(Refused):
    """Two people sign: who proposed it cannot be the second."""

    code = "signed_by_proposer"


class NamedByTheOther(Refused):
    """Two people sign who are not of one hand: one of the two has lately invited, reset or named the other."""

    code = "named_by_the_other"


class PairNotValid(Refused):
    """These two roles may not sign together, or one of the two people no longer holds theirs.

    ``proposed_as`` and ``signed_as`` are the roles; ``proposer_left`` is true when the proposer no longer holds it.
    """

    code = "pair_not_valid"

    def __init__(self, *, proposed_as: str, signed_as: str, proposer_left: bool = False) -> None:
        super().__init__("these two may not sign together")
        self.proposed_as = proposed_as
        self.signed_as = signed_as
        self.proposer_left = proposer_left


class NotConfirmed(Refused):
    """Somebody else has set this person's sign-in anew: what is theirs alone is not changed until it is confirmed."""

    code = "not_confirmed"
