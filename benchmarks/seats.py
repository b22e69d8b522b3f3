"""People at their desks, seated by the services that every page calls: a case in hand, and on the stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks.measuring import insist

if TYPE_CHECKING:
    from benchmarks.world import Worker
    from queues.models import Claim
    from wellbeing.core.selectors.stage import OnStage


@dataclass
class Seated:
    """A person with a case on their stage."""

    claim: "Claim"
    shown: "OnStage"

    def beat(self, at: datetime) -> object:
        """Beat as the desk's page does; return None if the stage was found covered."""
        from queues.services import desk

        answer = desk.beat(
            subject=self.claim.subject,
            claim_id=self.claim.id,
            exposure_id=self.shown.id,
            holding=False,
            at=at,
        )
        return answer if answer.level else None


def take(subject: UUID, at: datetime) -> "Claim":
    """Take a case."""
    from queues.services import claims

    return insist(claims.claim_next(subject=subject, at=at, beating=True), "nothing was handed out")


def show(claim: "Claim", at: datetime) -> Seated:
    """Put the case in hand on the stage."""
    from queues.services import desk

    shown = desk.show(
        subject=claim.subject,
        claim_id=claim.id,
        fence=claim.fence,
        level="text",
        with_text=True,
        at=at,
        beating=True,
    )
    return Seated(claim, shown)


def seat(people: "Sequence[Worker]") -> list[Seated]:
    """Hand everybody a case first, then show them all, so that nobody's line is lost; one beat each to warm up."""
    from django.utils import timezone

    claims = [take(worker.subject, timezone.now()) for worker in people]
    seated = [show(claim, timezone.now()) for claim in claims]
    for one in seated:
        one.beat(timezone.now())
    return seated
