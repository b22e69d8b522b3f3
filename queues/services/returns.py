"""How a case leaves a person's hands undecided: back to its old place, or aside for a break."""

from datetime import datetime
from typing import Any

from queues.exceptions import JobMoved
from queues.models import Claim, ClaimState, Job, JobState
from queues.services import grips, offers, tickets
from wellbeing.core.locked import Locked
from wellbeing.rules.turns import SEVERE
from wellbeing.selectors import orders
from wellbeing.services import attendance, exposure, ledger, spread

REFUSED = frozenset({"skip", "handed_back", grips.TOO_MUCH, "reservation", "signed_out"})
"""How a case is given back by its holder's own act, or because they stepped away from it."""


def give_back(*, held: Locked, claim: Claim, reason: str, **changes: Any) -> None:
    """Put the job back into its old place (``sort_key`` kept), to be offered first; close the claim and the look.

    ``changes``: other fields of the job to set (its lane and kind, when it is escalated).

    Raises:
        JobMoved: the job is not under this claim, which the person's lock rules out.
    """
    jobs = Job.objects.filter(pk=claim.job_id, state=JobState.CLAIMED, fence=claim.fence)
    if not jobs.update(state=JobState.OFFERING, **changes):
        raise JobMoved
    let_go(held=held, claim=claim, reason=reason)
    offers.offer_after_commit(job_id=claim.job_id, at=held.wall_at)


def let_go(*, held: Locked, claim: Claim, reason: str) -> None:
    """Close a claim undecided, and the look with it: the rest that it asks for becomes due, and begins."""
    is_refused = (
        reason in REFUSED and claim.job.lane.severity >= SEVERE and not _was_refused_today(held, claim)
    )
    grips.close(held=held, claim=claim, reason=reason)
    exposure.close_look(
        held=held,
        case_ref=claim.job.case_ref,
        severity=claim.job.lane.severity,
        category=claim.job.lane.category,
        claim_ref=claim.id,
        reason=reason,
        was_decided=False,
    )
    if is_refused:
        spread.count_given_back(
            held, case_ref=claim.job.case_ref, expected_seconds=claim.job.expected_seconds
        )
    _wait_again(held)
    if held.on_break:
        grips.begin_rest(held=held)
    ledger.announce(held)


def _wait_again(held: Locked) -> None:
    """Let a desk whose case has left it wait for another one; not a silent one, whom nobody has heard: it waits when it is."""
    presence = held.presence
    if presence is None or presence.kind != grips.REVIEWING or attendance.is_unheard(held):
        return
    grips.sit(held=held, kind=grips.WAITING)
    if presence.beating and not held.is_heard and not held.on_break:
        # Taken from them by others or by time: they have not asked, and stand in the line all the same.
        tickets.keep(subject=held.subject, at=held.wall_at)


def _was_refused_today(held: Locked, claim: Claim) -> bool:
    """Tell whether it counted already: a case counts once a day, however often it is handed back."""
    before = Claim.objects.filter(job=claim.job_id, subject=held.subject, closed_reason__in=REFUSED)
    return before.filter(closed_at__gte=held.day.start).exists()


def put_aside(*, held: Locked, claim: Claim | None) -> None:
    """Begin the break that is due, parking the case in hand if there is one."""
    grips.begin_rest(held=held)
    if claim is not None and claim.state == ClaimState.LIVE:
        grips.park(held=held, claim=claim)
    ledger.announce(held)


def catch_up(*, held: Locked, claim: Claim | None) -> Claim | None:
    """Let happen what time has made overdue for this person; return the claim that is left.

    A lease or a reservation that ran out, a rest day that has begun, a break whose five minutes to decide are over (or
    that is due while no case is in hand), a limit whose grace is over while the case counts towards it.
    """
    if claim is not None and (reason := _reason_to_give_back(held=held, claim=claim)):
        give_back(held=held, claim=claim, reason=reason)
        return None
    in_hand = claim is not None and claim.state == ClaimState.LIVE
    if held.on_break and (not in_hand or grips.must_rest_now(held=held)):
        put_aside(held=held, claim=claim)
    return claim


def _reason_to_give_back(*, held: Locked, claim: Claim) -> str:
    if _has_run_out(claim, held.wall_at):
        return "lease" if claim.state == ClaimState.LIVE else "reservation"
    if orders.rests(held) or (claim.state == ClaimState.LIVE and grace_is_over(held=held, claim=claim)):
        return "limit"
    return ""


def _has_run_out(claim: Claim, at: datetime) -> bool:
    ends_at = claim.lease_until if claim.state == ClaimState.LIVE else claim.reserved_until
    return ends_at is None or ends_at <= at


def grace_is_over(*, held: Locked, claim: Claim) -> bool:
    """Tell whether the five minutes after a limit are over that closed this case."""
    until = held.state.limit_grace_until
    if until is None or until > held.at:
        return False
    return held.forbids_look(severity=claim.job.lane.severity, was_counted=True) is not None


def is_mild(job: Job) -> bool:
    """Tell whether a job may be done where everything above 0 is closed: severity 0, and text or confirmed by a person."""
    return job.lane.severity == 0 and (job.medium == "text" or job.mild_confirmed)
