"""What ends the case in hand, short of a decision: skipped, handed back, escalated; and what is done before one is asked for.

Each is given to ``going_on``, which runs it under the person's lock.
"""

from contextlib import suppress
from uuid import UUID

from queues.exceptions import ClaimLost, NoOpenBreak, NotYourClaim, Refused
from queues.models import Claim, ClaimState, Skip
from queues.services import bookmarks, claims, grips, jobs, returns
from queues.services.going_on import Ending, Hand, Write
from wellbeing.core.locked import Locked
from wellbeing.services import breaks, presence

SENIOR = "senior"


def skipping(*, claim_id: UUID, fence: int) -> Ending:
    """Give the case back and never be offered it again. No reason is asked, nobody sees it.

    Refuses: NotYourClaim, ClaimLost.
    """

    def check(hand: Hand) -> Write:
        claim = mine(hand, claim_id, fence)

        def write() -> None:
            returns.give_back(held=hand.held, claim=claim, reason="skip")
            not_again(hand.held, claim)

        return write

    return Ending(check)


def handing_back(*, claim_id: UUID, fence: int) -> Ending:
    """Give the case back; it may come again. A parked claim may be handed back too.

    Refuses: NotYourClaim, ClaimLost.
    """

    def check(hand: Hand) -> Write:
        claim = mine(hand, claim_id, fence)

        def write() -> None:
            returns.give_back(held=hand.held, claim=claim, reason="handed_back")

        return write

    return Ending(check, may_come_again=True)


def escalating(*, claim_id: UUID, fence: int) -> Ending:
    """Send the case to a senior: the same job, in a lane that asks for the skill, and not to this person.

    Refuses: NotYourClaim, ClaimLost, OnBreak, LimitReached.
    """

    def check(hand: Hand) -> Write:
        claim = claims.require(held=hand.held, claim_id=claim_id, fence=fence, known=hand.settle())

        def write() -> None:
            lane = jobs.lane_for(
                queue_id=claim.job.lane.queue_id,
                language=claim.job.lane.language,
                category=claim.job.lane.category,
                severity=claim.job.lane.severity,
                skill=SENIOR,
            )
            returns.give_back(
                held=hand.held,
                claim=claim,
                reason="escalated",
                kind=jobs.kind_escalated(claim.job),
                lane=lane,
            )
            not_again(hand.held, claim)

        return write

    return Ending(check)


def opening(*, beating: bool) -> Ending:
    """The person sits down: presence begins (waiting, or reviewing with a live claim)."""

    def check(hand: Hand) -> Write:
        claim = hand.settle()

        def write() -> Claim | None:
            presence.open_desk(held=hand.held, beating=beating)
            if claim is not None and claim.state == ClaimState.LIVE:
                grips.renew(held=hand.held, claim=claim)
                grips.sit(held=hand.held, kind=grips.REVIEWING)
            return claim

        return write

    return Ending(check)


def coming_back() -> Ending:
    """Come back from a break, or from a step away.

    Refuses: BreakNotOver, with ``back_at``.
    """

    def check(hand: Hand) -> Write:
        claim = hand.settle()
        # No open break: it ended by itself (8 h away), or the key was pressed twice. The person is back either way.
        with suppress(NoOpenBreak):
            breaks.finish(held=hand.held)
        return lambda: claim

    return Ending(check)


def leaving_other_work() -> Ending:
    """End other paid work, if any is done."""

    def check(hand: Hand) -> Write:
        claim = hand.settle()

        def write() -> Claim | None:
            if hand.held.presence is not None and hand.held.presence.kind == grips.OTHER_WORK:
                grips.sit(held=hand.held, kind=grips.WAITING)
            return claim

        return write

    return Ending(check)


def mine(hand: Hand, claim_id: UUID, fence: int) -> Claim:
    """Return the claim in hand, live or parked, if it is the one that is named.

    Raises:
        NotYourClaim, ClaimLost.
    """
    claim = hand.settle()
    if claim is None or claim.id != claim_id:
        raise gone(hand.held, claim_id)
    if claim.fence != fence:
        raise ClaimLost
    return claim


def gone(held: Locked, claim_id: UUID) -> Refused:
    """Return why a claim is not in hand."""
    was_mine = Claim.objects.filter(pk=claim_id, subject=held.subject).exists()
    return ClaimLost() if was_mine else NotYourClaim()


def not_again(held: Locked, claim: Claim) -> None:
    """Never offer the case to this person again."""
    case_ref = claim.job.case_ref
    Skip.objects.get_or_create(subject=held.subject, case_ref=case_ref, defaults={"at": held.at})
    bookmarks.move_on_after_commit(subject=held.subject, lane_id=claim.job.lane_id)
