"""What ends the case in hand, short of a decision: skipped, handed back, escalated; and what is done before one is asked for.

Each is given to ``going_on``, which runs it under the person's lock.
"""

from contextlib import suppress
from uuid import UUID

from queues.exceptions import ClaimLost, NoOpenBreak, NotYourClaim, Refused
from queues.models import Claim, ClaimState, Skip
from queues.services import bookmarks, claim_rows, claims, jobs, returns
from queues.services.going_on import Ending, Hand, Write
from wellbeing.core.locked import Locked
from wellbeing.core.services import breaks, presence

SENIOR = "senior"


def skipping(*, claim_id: UUID, fence: int) -> Ending:
    """Give the case back and never be offered it again. No reason is asked, nobody sees it.

    Refuses: NotYourClaim, ClaimLost.
    """

    def check(hand: Hand) -> Write:
        claim = mine(hand, claim_id, fence)

        def write() -> None:
            returns.give_back(locked=hand.locked, claim=claim, reason="skip")
            not_again(hand.locked, claim)

        return write

    return Ending(check)


def handing_back(*, claim_id: UUID, fence: int) -> Ending:
    """Give the case back; it may come again. A parked claim may be handed back too.

    Refuses: NotYourClaim, ClaimLost.
    """

    def check(hand: Hand) -> Write:
        claim = mine(hand, claim_id, fence)

        def write() -> None:
            returns.give_back(locked=hand.locked, claim=claim, reason="handed_back")

        return write

    return Ending(check, may_come_again=True)


def escalating(*, claim_id: UUID, fence: int) -> Ending:
    """Send the case to a senior: the same job, in a lane that asks for the skill, and not to this person.

    Refuses: NotYourClaim, ClaimLost, OnBreak, LimitReached.
    """

    def check(hand: Hand) -> Write:
        claim = claims.require(locked=hand.locked, claim_id=claim_id, fence=fence, known=hand.settle())

        def write() -> None:
            lane = jobs.lane_for(
                queue_id=claim.job.lane.queue_id,
                language=claim.job.lane.language,
                category=claim.job.lane.category,
                severity=claim.job.lane.severity,
                skill=SENIOR,
            )
            returns.give_back(
                locked=hand.locked,
                claim=claim,
                reason="escalated",
                kind=jobs.kind_escalated(claim.job),
                lane=lane,
            )
            not_again(hand.locked, claim)

        return write

    return Ending(check)


def opening(*, beating: bool) -> Ending:
    """The person sits down: presence begins (waiting, or reviewing with a live claim)."""

    def check(hand: Hand) -> Write:
        claim = hand.settle()

        def write() -> Claim | None:
            presence.open_desk(locked=hand.locked, beating=beating)
            if claim is not None and claim.state == ClaimState.LIVE:
                claim_rows.renew(locked=hand.locked, claim=claim)
                claim_rows.sit(locked=hand.locked, kind=claim_rows.REVIEWING)
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
            breaks.finish(locked=hand.locked)
        return lambda: claim

    return Ending(check)


def leaving_other_work() -> Ending:
    """End other paid work, if any is done."""

    def check(hand: Hand) -> Write:
        claim = hand.settle()

        def write() -> Claim | None:
            if hand.locked.presence is not None and hand.locked.presence.kind == claim_rows.OTHER_WORK:
                claim_rows.sit(locked=hand.locked, kind=claim_rows.WAITING)
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
        raise gone(hand.locked, claim_id)
    if claim.fence != fence:
        raise ClaimLost
    return claim


def gone(locked: Locked, claim_id: UUID) -> Refused:
    """Return why a claim is not in hand."""
    was_mine = Claim.objects.filter(pk=claim_id, subject=locked.subject).exists()
    return ClaimLost() if was_mine else NotYourClaim()


def not_again(locked: Locked, claim: Claim) -> None:
    """Never offer the case to this person again."""
    case_ref = claim.job.case_ref
    Skip.objects.get_or_create(subject=locked.subject, case_ref=case_ref, defaults={"at": locked.at})
    bookmarks.move_on_after_commit(subject=locked.subject, lane_id=claim.job.lane_id)
