"""Why a limit, a preset, a proposal or a review is refused."""

from collections.abc import Mapping
from datetime import date, datetime

from wellbeing.exceptions.core import Refused


class AboveCeiling(Refused):
    """The value is looser than the organisation allows: ``ceiling`` is the most, of a rest the least."""

    code = "above_ceiling"

    def __init__(self, *, ceiling: int) -> None:
        super().__init__("the value is above the ceiling")
        self.ceiling = ceiling


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


class ContractEnded(Refused):
    """It ended before."""

    code = "contract_ended"


class UnknownPreset(Refused):
    """No preset bears this name."""

    code = "unknown_preset"


class PresetAboveCeiling(Refused):
    """The preset names values that the organisation does not allow: ``above`` is limit → (value, ceiling)."""

    code = "preset_above_ceiling"

    def __init__(self, above: Mapping[str, tuple[int, int]]) -> None:
        super().__init__("the preset is above the ceiling")
        self.above = above


class ContractMissing(Refused):
    """``specialist`` asks for the organisation's contract with an independent counsellor, and none is on record."""

    code = "contract_missing"


class AlreadyObjected(Refused):
    """This moderator objects already."""

    code = "already_objected"


class NotAnnounced(Refused):
    """It is not announced, or its 14 days are over: nobody can object."""

    code = "not_announced"


class HeldInTheFuture(Refused):
    """A review is recorded once it was held: ``today`` at the latest."""

    code = "held_in_the_future"

    def __init__(self, *, today: date) -> None:
        super().__init__("the review lies in the future")
        self.today = today


class HeldBeforeTheLast(Refused):
    """The last review was held on ``last``; this one cannot lie before it."""

    code = "held_before_the_last"

    def __init__(self, *, last: date) -> None:
        super().__init__("the review lies before the last one")
        self.last = last


class RecordedMeanwhile(Refused):
    """Somebody else recorded this review, wrote it down, or took back what was to be signed."""

    code = "recorded_meanwhile"


class NotWithThem(Refused):
    """Who was there does not hold the role that it takes, or is the one who records."""

    code = "not_with_them"


class NobodyElected(Refused):
    """Nobody is elected representative: a second officer signs what the first wrote down."""

    code = "nobody_elected"


class HeldTooLongAgo(Refused):
    """A review is written down within a year: ``first`` is the earliest day that can be."""

    code = "held_too_long_ago"

    def __init__(self, *, first: date) -> None:
        super().__init__("the review lies too far back")
        self.first = first


class NotTheirs(Refused):
    """Only who was named as having been there signs it or objects, and only they and who wrote it down take it back."""

    code = "not_theirs"


class SomebodyElected(Refused):
    """Somebody is elected representative: the review is held with them, and an officer alone cannot sign."""

    code = "somebody_elected"


class SignedByWriter(Refused):
    """Who wrote it down cannot be the second to sign."""

    code = "signed_by_writer"
