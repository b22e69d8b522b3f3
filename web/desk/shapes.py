"""What the desk's templates are given: ready sentences and addresses. Nothing here can ask the database."""

from dataclasses import dataclass, field

from web.desk.again_pages import Earlier
from web.shared.explaining import Explanation


@dataclass(frozen=True, slots=True)
class Chip:
    """A word about the case. ``soon`` sets it in amber: severity 3 and up."""

    text: str
    soon: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A category or an action to choose; ``key`` is what a keyboard sends for it."""

    code: str
    label: str
    key: str = ""
    chosen: bool = False

    @property
    def key_label(self) -> str:
        return self.key.upper()


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the reveal ladder. ``hold``: the key shows it while it is held, pressed twice it stays.

    ``cost``: the rest that it asks for, said before it is taken; empty where it asks for none.
    """

    level: str
    label: str
    action: str
    key: str = ""
    key_label: str = ""
    hold: bool = False
    is_current: bool = False
    closed: bool = False
    cost: str = ""


@dataclass(frozen=True, slots=True)
class Worse:
    """A severity above the label's, as a button."""

    severity: int
    label: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text, reports and context of a case. While folded, what was written is not here at all.

    ``cost``: the rest that unfolding asks for, said before; empty where it asks for none.
    """

    exists: bool
    name: str = ""
    about: str = ""
    shown: bool = False
    text: str = ""
    language_code: str = ""
    reports_name: str = ""
    reports: list[str] = field(default_factory=list)
    thread: list[str] = field(default_factory=list)
    cost: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is on the stage: an address that serves exactly one level, and what to say instead of it.

    ``by_script``: the page's script fetches and paints it; nothing else is given it.
    """

    src: str
    alt: str
    by_script: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case in hand, as it is shown now."""

    fence: int
    decision_id: str
    chips: list[Chip]
    purpose_line: str
    policy_name: str
    policy_title: str
    guidance: str
    first_level: str
    ladder: list[Step]
    words: Words
    likely: list[Choice]
    others: list[Choice]
    none_chosen: bool
    actions: list[Choice]
    worse: list[Worse]
    may_escalate: bool
    earlier: Earlier | None = None
    rationale: str = ""
    picture: Picture | None = None
    picture_number: int = 0
    pictures: list[int] = field(default_factory=list)

    @property
    def other_chosen(self) -> bool:
        return any(choice.chosen for choice in self.others)


@dataclass(frozen=True, slots=True)
class UnsentDraft:
    """What a person had chosen and written on a case that is no longer theirs."""

    choices: str
    rationale: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The desk as it is now. ``kind`` as in ``queues.selectors.DeskState``; ``level`` is what is on the stage."""

    kind: str
    title: str
    template: str
    rev: int
    may_step_away: bool
    facts: list[Chip] = field(default_factory=list)
    sentence: str = ""
    lines: list[str] = field(default_factory=list)
    case: CaseView | None = None
    claim_id: str = ""
    exposure_id: str = ""
    level: str = "covered"
    is_fresh: bool = False
    is_withheld: bool = False
    """The stage is told to the script that beats for it; this answer went to an address opened by itself."""
    may_unfold: bool = True
    refusal: str = ""
    ladder_note: str = ""
    break_note: str = ""
    may_postpone: bool = False
    saved_at: str = ""
    unsent: UnsentDraft | None = None
    again_ms: int = 0
    """After so long a page with a script reads itself again, to say a break in time; 0: not for that."""
    refresh_seconds: int = 0
    refresh_to: str = "/desk/"
    explained: list[Explanation] = field(default_factory=list)
    walk_is_owed: bool = False
    activities: list[Choice] = field(default_factory=list)
    """Other paid work to go over to; the one that is being done is chosen."""


@dataclass(frozen=True, slots=True)
class BreakPage:
    """A rest. ``may_return`` once its whole length has passed; ``opens_seconds`` until then, for the page to look again.

    ``may_keep``: the claim of the case that went back and may be kept; empty where there is none.
    """

    rev: int
    lead_in: str
    heading: str
    lines: list[str]
    may_return: bool
    may_take_longer: bool
    opens_seconds: int = 0
    may_puzzle: bool = False
    may_keep: str = ""
