"""What a desk shows, read without a lock. Skips are read by nobody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from queues.models import Claim, ClaimState
from queues.selectors.claims import open_claim
from wellbeing.core.person import Person, read_person
from wellbeing.core.selectors.desk import BreakView, break_view
from wellbeing.core.selectors.stage import OnStage, stage_of


@dataclass(frozen=True, slots=True)
class ClaimView:
    """The case in hand. Its content belongs to ``moderation``, found by ``case_ref``."""

    id: UUID
    fence: int
    case_ref: UUID
    kind: str
    category: str
    severity: int
    medium: str
    sound: bool
    mild_confirmed: bool
    queue_id: int
    arrived_while_waiting: bool


@dataclass(frozen=True, slots=True)
class DeskState:
    """``kind``: ``off`` (no desk open), ``waiting``, ``other_work``, ``case``, ``break_due`` (a case in hand, to be decided until
    ``open_break.decide_until``) or ``break``. ``claim`` is the live one; a parked claim is not shown. ``person``: what it was
    told from, for whoever has more to say of the same moment.
    """

    kind: str
    rev: int
    claim: ClaimView | None
    exposure: OnStage | None
    open_break: BreakView | None
    has_parked_claim: bool
    person: Person


def desk_state(subject: UUID, at: datetime) -> DeskState:
    """Return what the person's desk shows at *at*: for pages, which act through ``queues.services.desk``."""
    # First the number, then the rest: a page that learns too little re-reads at the next number.
    person = read_person(subject, at=at)
    return state_of(person, open_claim(subject), at=at)


def state_of(person: Person, claim: Claim | None, *, at: datetime) -> DeskState:
    """Return the same of a person and their claim, live or parked, who were read already."""
    resting = break_view(person)
    in_hand = claim is not None and claim.state == ClaimState.LIVE and claim.lease_until > at
    kind = _kind(person, resting, in_hand=in_hand, at=at)
    holds = kind in {"case", "break_due"}
    return DeskState(
        kind=kind,
        rev=person.rev,
        claim=_view(claim) if claim is not None and holds else None,
        exposure=stage_of(person.stretch, person.at) if holds else None,
        open_break=resting,
        has_parked_claim=claim is not None and claim.state == ClaimState.PARKED,
        person=person,
    )


def live_claim(subject: UUID, at: datetime) -> ClaimView | None:
    """Return the case in hand if its lease runs: the door of media and drafts to a case."""
    claim = open_claim(subject)
    is_live = claim is not None and claim.state == ClaimState.LIVE and claim.lease_until > at
    return _view(claim) if claim is not None and is_live else None


def _kind(person: Person, resting: BreakView | None, *, in_hand: bool, at: datetime) -> str:
    if resting is not None and resting.is_binding:
        decides = resting.state == "due" and (resting.decide_until is None or resting.decide_until > at)
        return "break_due" if in_hand and decides else "break"
    if in_hand:
        return "case"
    if person.other_work:
        return "other_work"
    return "waiting" if person.has_open_desk else "off"


def _view(claim: Claim) -> ClaimView:
    job, lane = claim.job, claim.job.lane
    return ClaimView(
        id=claim.id,
        fence=claim.fence,
        case_ref=job.case_ref,
        kind=job.kind,
        category=lane.category,
        severity=lane.severity,
        medium=job.medium,
        sound=job.sound,
        mild_confirmed=job.mild_confirmed,
        queue_id=lane.queue_id,
        arrived_while_waiting=claim.arrived_while_waiting,
    )
