"""How a case leaves a person's hands undecided: back to its old place, or aside for a break."""

from datetime import datetime
from typing import Any

from queues.exceptions import JobMoved
from queues.models import Claim, ClaimState, Job, JobState
from queues.services import claim_rows, offers, tickets
from wellbeing.core.locked import Locked
from wellbeing.core.rules.turns import SEVERE
from wellbeing.core.selectors import orders
from wellbeing.core.services import attendance, exposure, ledger
from wellbeing.limits.services import spread

REFUSED = frozenset({"skip", "handed_back", claim_rows.TOO_MUCH, "reservation", "signed_out"})
"""How a case is given back by its holder's own act, or because they stepped away from it."""


def give_back(*, locked: Locked, claim: Claim, reason: str, **changes: Any) -> None:
    """Put the job back into its old place (``sort_key`` kept), to be offered first; close the claim and the look.

    ``changes``: other fields of the job to set (its lane and kind, when it is escalated).

    Raises:
        JobMoved: the job is not under this claim, which the person's lock rules out.
    """
    jobs = Job.objects.filter(pk=claim.job_id, state=JobState.CLAIMED, fence=claim.fence)
    if not jobs.update(state=JobState.OFFERING, **changes):
        raise JobMoved
    let_go(locked=locked, claim=claim, reason=reason)
    offers.offer_after_commit(job_id=claim.job_id, at=locked.wall_at)


def let_go(*, locked: Locked, claim: Claim, reason: str) -> None:
    """Close a claim undecided, and the look with it: the rest that it asks for becomes due, and begins."""
    is_refused = (
        reason in REFUSED and claim.job.lane.severity >= SEVERE and not _was_refused_today(locked, claim)
    )
    claim_rows.close(locked=locked, claim=claim, reason=reason)
    exposure.close_look(
        locked=locked,
        case_ref=claim.job.case_ref,
        severity=claim.job.lane.severity,
        category=claim.job.lane.category,
        claim_ref=claim.id,
        reason=reason,
        was_decided=False,
    )
    if is_refused:
        spread.count_given_back(
            locked, case_ref=claim.job.case_ref, expected_seconds=claim.job.expected_seconds
        )
    _wait_again(locked)
    if locked.on_break:
        claim_rows.begin_rest(locked=locked)
    ledger.announce(locked)


def _wait_again(locked: Locked) -> None:
    """Let a desk whose case has left it wait for another one; not a silent one, whom nobody has heard: it waits when it is."""
    presence = locked.presence
    if presence is None or presence.kind != claim_rows.REVIEWING or attendance.is_unheard(locked):
        return
    claim_rows.sit(locked=locked, kind=claim_rows.WAITING)
    if presence.beating and not locked.is_heard and not locked.on_break:
        # Taken from them by others or by time: they have not asked, and stand in the line all the same.
        tickets.keep(subject=locked.subject, at=locked.wall_at)


def _was_refused_today(locked: Locked, claim: Claim) -> bool:
    """Tell whether it counted already: a case counts once a day, however often it is handed back."""
    before = Claim.objects.filter(job=claim.job_id, subject=locked.subject, closed_reason__in=REFUSED)
    return before.filter(closed_at__gte=locked.day.start).exists()


def put_aside(*, locked: Locked, claim: Claim | None) -> None:
    """Begin the break that is due, parking the case in hand if there is one."""
    claim_rows.begin_rest(locked=locked)
    if claim is not None and claim.state == ClaimState.LIVE:
        claim_rows.park(locked=locked, claim=claim)
    ledger.announce(locked)


def catch_up(*, locked: Locked, claim: Claim | None) -> Claim | None:
    """Let happen what time has made overdue for this person; return the claim that is left.

    A lease or a reservation that ran out, a rest day that has begun, a break whose five minutes to decide are over (or
    that is due while no case is in hand), a limit whose grace is over while the case counts towards it.
    """
    if claim is not None and (reason := _reason_to_give_back(locked=locked, claim=claim)):
        give_back(locked=locked, claim=claim, reason=reason)
        return None
    in_hand = claim is not None and claim.state == ClaimState.LIVE
    if locked.on_break and (not in_hand or claim_rows.must_rest_now(locked=locked)):
        put_aside(locked=locked, claim=claim)
    return claim


def _reason_to_give_back(*, locked: Locked, claim: Claim) -> str:
    if _has_run_out(claim, locked.wall_at):
        return "lease" if claim.state == ClaimState.LIVE else "reservation"
    if orders.rests(locked) or (claim.state == ClaimState.LIVE and grace_is_over(locked=locked, claim=claim)):
        return "limit"
    return ""


def _has_run_out(claim: Claim, at: datetime) -> bool:
    ends_at = claim.lease_until if claim.state == ClaimState.LIVE else claim.reserved_until
    return ends_at is None or ends_at <= at


def grace_is_over(*, locked: Locked, claim: Claim) -> bool:
    """Tell whether the five minutes after a limit are over that closed this case."""
    until = locked.state.limit_grace_until
    if until is None or until > locked.at:
        return False
    return locked.forbids_look(severity=claim.job.lane.severity, was_counted=True) is not None


def is_mild(job: Job) -> bool:
    """Tell whether a job may be done where everything above 0 is closed: severity 0, and text or confirmed by a person."""
    return job.lane.severity == 0 and (job.medium == "text" or job.mild_confirmed)
