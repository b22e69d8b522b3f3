"""New and returned work is offered to the desks that wait, before anybody else can take it.

A job begins as ``offering``, which no pick sees. Each desk is asked in a transaction of its own, under its own
wellbeing row, so no two of those are ever held at once. Whatever fails on the way, the sweep asks again.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from queues.exceptions import JobMoved
from queues.models import Job, JobState, Skip
from queues.rules.leases import TICKET_FRESH
from queues.selectors.claims import open_claim
from queues.services import claim_rows, lanes, picking, tickets
from queues.statements import LET_WAIT_UNASKED
from wellbeing.core.locked import Locked
from wellbeing.core.services import ledger, locking


def offer_next(*, at: datetime) -> bool:
    """Settle one ``offering`` job: the oldest waiting desk that may take it gets it, else it becomes ``waiting``.

    Must run outside any transaction: each desk is asked in one of its own. Returns whether there was a job.
    """
    job = _offering().order_by("id").first()
    if job is None:
        return False
    offer(job=job, at=at)
    return True


def offer_after_commit(*, job_id: int, at: datetime) -> None:
    """Ask the waiting desks about a job as soon as the caller's transaction is committed."""
    transaction.on_commit(lambda: offer_by_id(job_id=job_id, at=at), robust=True)


def offer_by_id(*, job_id: int, at: datetime) -> None:
    """Offer one job if it is still to be offered; where no desk waits, one statement lets it wait."""
    if LET_WAIT_UNASKED.change(id=job_id, fresh_since=at - TICKET_FRESH):
        return
    job = _offering().filter(pk=job_id).first()
    if job is not None:
        offer(job=job, at=at)


def offer(*, job: Job, at: datetime) -> None:
    """Ask the desks that wait about *job*, oldest first; what nobody takes becomes ``waiting``."""
    for subject in tickets.line_for(job=job, at=at):
        try:
            if _give(job=job, subject=subject, at=at):
                return
        except JobMoved:
            return
        except IntegrityError:
            continue
    let_wait(job=job)


def let_wait(*, job: Job) -> bool:
    """Set a job that was offered to ``waiting``; False when it moved meanwhile."""
    offered = Job.objects.filter(pk=job.pk, state=JobState.OFFERING, fence=job.fence)
    return offered.update(state=JobState.WAITING) == 1


def _give(*, job: Job, subject: UUID, at: datetime) -> bool:
    with transaction.atomic():
        locked = locking.hold(subject=subject, at=at)
        if not _can_receive(job=job, locked=locked, at=at):
            return False
        if not picking.take_offered(job=job):
            raise JobMoved
        claim_rows.take(locked=locked, job=job, arrived_while_waiting=True)
        tickets.drop(subject=subject)
        ledger.announce(locked)
        return True


def _can_receive(*, job: Job, locked: Locked, at: datetime) -> bool:
    if not tickets.is_fresh(subject=locked.subject, at=at) or open_claim(locked.subject) is not None:
        return False
    if locked.on_break:
        claim_rows.begin_rest(locked=locked)
        return False
    if Skip.objects.filter(subject=locked.subject, case_ref=job.case_ref).exists():
        return False
    eligibility = lanes.eligibility_of(locked=locked)
    return eligibility.is_open and lanes.may_take(eligibility, job)


def _offering() -> QuerySet[Job]:
    return Job.objects.filter(state=JobState.OFFERING).select_related("lane__queue")
