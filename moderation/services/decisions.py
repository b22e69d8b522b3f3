"""Decide a case, and say that it is worse than labelled."""

from datetime import datetime
from uuid import UUID

from moderation.models import Case, Decision


class AlreadyDecided(Exception):
    """Another decision stands."""


class DecisionInvalid(Exception):
    """The decision cannot be taken as it is: *field* is ``categories``, ``action``, ``rationale`` or ``worse``.

    Its text is a sentence for the person who decides.
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def decide(
    *,
    subject: UUID,
    claim_id: UUID,
    fence: int,
    decision_id: UUID,
    categories: list[str],
    action: str,
    rationale: str,
    worse: int | None,
    at: datetime,
) -> Decision:
    """Decide the claimed case, provisionally until the queue's grace is over; claim, draft and look end with it.

    *decision_id* is the browser's: the same id sent again by the same person returns the first decision.
    No *categories* means 'none of these'. *worse* raises the case to at least that severity.

    Raises:
        DecisionInvalid: an unknown or disabled category, an action that this queue does not know, …
        AlreadyDecided: another decision stands.
        ClaimLost, NotYourClaim, OnBreak: from ``queues.exceptions``; the draft is kept.
    """
    raise NotImplementedError


def worse(*, subject: UUID, claim_id: UUID, fence: int, severity: int | None = None, at: datetime) -> Case:
    """Raise the claimed case by one severity, or to *severity*: 'worse than labelled'. At most 4, never lower.

    Case, lane and the person's own exposure of the case are raised together.

    Raises:
        DecisionInvalid: *severity* is not above what the case has, or not 0 to 4.
        ClaimLost, NotYourClaim, OnBreak: from ``queues.exceptions``.
    """
    raise NotImplementedError
