"""What a desk shows, read without a lock. Skips are read by nobody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wellbeing.selectors import BreakView


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
class ExposureView:
    """What is on the stage."""

    id: UUID
    level: str
    with_text: bool
    sound: bool
    falls_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeskState:
    """``kind``: ``off`` (no desk open), ``waiting``, ``case``, ``break_due`` (a case in hand, to be decided until
    ``open_break.decide_until``) or ``break``. ``claim`` is the live one; a parked claim is not shown.
    """

    kind: str
    rev: int
    claim: ClaimView | None
    exposure: ExposureView | None
    open_break: BreakView | None
    has_parked_claim: bool


def desk_state(subject: UUID, at: datetime) -> DeskState:
    """Return what the person's desk shows at *at*: for pages, which act through ``queues.services.desk``."""
    raise NotImplementedError


def live_claim(subject: UUID, at: datetime) -> ClaimView | None:
    """Return the case in hand if its lease runs: the door of media and drafts to a case."""
    raise NotImplementedError
