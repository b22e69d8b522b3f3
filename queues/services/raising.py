"""A case's label is raised: its open jobs move lane, and who has it in hand is counted anew, all in one commit.

The case itself is ``moderation``'s, and is locked after the jobs. So this goes in two steps: `lock_case` takes every lock that
comes before the case, `raise_in` changes what was gripped. Whoever was shown the case and has it no longer is counted
anew afterwards, each in a transaction of their own (`count_anew`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from queues.exceptions import JobMoved
from queues.models import Job
from queues.selectors.claims import open_claim
from queues.services import jobs, lanes, returns
from queues.services.claims import holders_of
from wellbeing.core.locked import Locked
from wellbeing.core.rules.opt_outs import opted_out
from wellbeing.core.selectors import orders
from wellbeing.core.services import clearing, exposure, locking


@dataclass(frozen=True, slots=True)
class LockedCase:
    """A case's open jobs and whoever has them in hand, all locked."""

    case_ref: UUID
    holders: Mapping[UUID, Locked]
    jobs: tuple[Job, ...]


def hold_holders(*case_refs: UUID, at: datetime) -> None:
    """Lock whoever has one of several cases in hand, in the one order, before any of their jobs is locked."""
    for subject in holders_of(*case_refs):
        locking.hold(subject=subject, at=at)


def lock_case(*, case_ref: UUID, category: str, severity: int, at: datetime) -> LockedCase:
    """Lock the case's holders, make the lanes of its new label, and lock its open jobs.

    Must run in a savepoint of its own, which is rolled back when the unlocked look was wrong.

    Raises:
        JobMoved: it changed hands meanwhile. Begin again.
    """
    holders = {subject: locking.hold(subject=subject, at=at) for subject in holders_of(case_ref)}
    jobs.prepare_lanes(case_ref=case_ref, category=category, severity=severity)
    locked_case = LockedCase(case_ref, holders, tuple(jobs.lock_open_jobs(case_ref)))
    if holders_of(case_ref) != list(holders):
        raise JobMoved
    return locked_case


def require_whole(locked_case: LockedCase) -> None:
    """Check, once the case is locked, that no job of it came into being while that was waited for.

    Raises:
        JobMoved: one did. Begin again.
    """
    if jobs.open_job_ids(locked_case.case_ref) != [job.pk for job in locked_case.jobs]:
        raise JobMoved


def raise_in(locked_case: LockedCase, *, category: str, severity: int) -> None:
    """Give its jobs a higher label, and count whoever has the case in hand anew by it; pages are told."""
    jobs.relabel(case_ref=locked_case.case_ref, category=category, severity=severity)
    for locked in locked_case.holders.values():
        count_anew(locked=locked, case_ref=locked_case.case_ref, category=category, severity=severity)


def count_anew(*, locked: Locked, case_ref: UUID, category: str, severity: int) -> None:
    """Count all that this person was shown of a case at its higher severity; give it back if it may not stay with them.

    What is on the stage is covered: they chose to look at something milder, and may look again under the new label. The
    jobs bear it already. May be run again.
    """
    is_news = clearing.is_shown_milder(locked=locked, case_ref=case_ref, severity=severity)
    exposure.raise_severity(locked=locked, case_ref=case_ref, category=category, severity=severity)
    if is_news:
        clearing.clear_stage(locked=locked, reason="relabelled")
    claim = open_claim(locked.subject)
    if claim is None or claim.job.case_ref != case_ref:
        return
    is_kept_away = lanes.is_kept_away(claim.job, opted_out(locked.opt_outs))
    if is_kept_away or orders.must_let_go(locked, severity=claim.job.lane.severity):
        returns.give_back(locked=locked, claim=claim, reason="relabelled")


def raise_in_hand(*, locked: Locked, case_ref: UUID, category: str, severity: int) -> None:
    """Raise the case that this very person has in hand and finds worse: they may go on, whatever else they were handed.

    Locks the jobs.
    """
    exposure.raise_severity(locked=locked, case_ref=case_ref, category=category, severity=severity)
    jobs.relabel(case_ref=case_ref, category=category, severity=severity)
