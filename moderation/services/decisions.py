"""Decide a case, and say that it is worse than labelled.

One transaction each. Lock order: wellbeing row → job → case (DESIGN.md 'Locks').
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.services import record
from moderation.models import Case, Decision
from moderation.rules.severity import KNOWN_AT_MOST, MOST, UNKNOWN
from moderation.selectors.decisions import decisions_to_heed
from moderation.services import closing
from moderation.services.answers import FINALISE
from moderation.services.choices import NONE, Choice, DecisionInvalid, check_severity, checked_choice
from outbox.services import promise
from queues.models import Claim
from queues.selectors.claims import own_claim_from, own_claim_part
from queues.services import claims, jobs
from wellbeing.services import exposure, person
from wellbeing.services.person import Held

__all__ = ["AlreadyDecided", "DecisionInvalid", "decide", "worse"]

NO_VERDICT: Final = "none"


class AlreadyDecided(Exception):
    """Another decision stands."""

    code = "already_decided"


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
        ClaimLost, NotYourClaim, OnBreak, LimitReached: from ``queues.exceptions``; the draft is kept.
    """
    beside = [own_claim_part(subject=subject, claim_id=claim_id)]
    with transaction.atomic(), person.holding(subject=subject, at=at, beside=beside) as held:
        own = own_claim_from(*held.beside)
        standing = decisions_to_heed(decision_id, own.job.case_ref if own else None)
        earlier = _earlier(decision_id, own, subject, standing)
        if earlier is not None:
            return earlier
        claim = claims.require(held=held, claim_id=claim_id, fence=fence, known=own)
        queue = claim.job.lane.queue
        choice = checked_choice(
            queue=queue, categories=categories, action=action, rationale=rationale, at=held.at
        )
        is_moved = _raise_before_closing(held, claim, choice, worse, action)
        # What was moved has another lane now, and is to be read again.
        claims.finish(held=held, claim_id=claim_id, fence=fence, known=None if is_moved else claim)
        if standing:
            raise AlreadyDecided
        decision = _write_decision(
            decision_id=decision_id,
            claim=claim,
            choice=choice,
            worse=worse,
            action=action,
            rationale=rationale,
            at=held.at,
        )
        _record(decision, choice)
        return decision


def worse(*, subject: UUID, claim_id: UUID, fence: int, severity: int | None = None, at: datetime) -> Case:
    """Raise the claimed case by one severity, or to *severity*: 'worse than labelled'. At most 4, never lower.

    Case, lane and the person's own exposure of the case are raised together. How far the label was off
    is ``case.severity - case.labelled_severity``.

    Raises:
        DecisionInvalid: *severity* is not above what the case has, or not 0 to 4.
        ClaimLost, NotYourClaim, OnBreak, LimitReached: from ``queues.exceptions``.
    """
    with transaction.atomic():
        held = person.hold(subject=subject, at=at)
        claim = claims.require(held=held, claim_id=claim_id, fence=fence)
        raised_to = _one_worse(Case.objects.get(pk=claim.job.case_ref).severity, severity)
        _raise_for_person(held, claim, claim.job.lane.category, raised_to)
        case = Case.objects.select_for_update().get(pk=claim.job.case_ref)
        before = case.severity
        _raise_case(case, raised_to)
        record(
            actor=str(subject),
            action="case.raised",
            target_kind="case",
            target_id=str(case.id),
            at=held.at,
            detail={"from": before, "to": case.severity, "labelled": case.labelled_severity},
        )
        return case


def _earlier(
    decision_id: UUID, own: Claim | None, subject: UUID, standing: list[Decision]
) -> Decision | None:
    """The decision that this person has sent already; under their lock, so the same POST twice takes turns."""
    first = next((one for one in standing if one.pk == decision_id), None)
    if first is not None:
        if first.subject != subject:
            raise AlreadyDecided
        return first
    if own and any((one.subject, one.job_ref) == (subject, own.job_id) for one in standing):
        raise AlreadyDecided
    return None


def _raise_before_closing(held: Held, claim: Claim, choice: Choice, worse: int | None, action: str) -> bool:
    """What the person found counts before the look is closed: its cooldown is that of the severity they found.

    Of a case that nobody had labelled it counts also where it is lower, for this person: if they said what it is, or that it
    is nothing. Returns whether anything moved.
    """
    if worse is not None:
        check_severity(worse)
    severity = max(choice.severity, worse or 0)
    if severity > claim.job.lane.severity:
        _raise_for_person(held, claim, choice.category or claim.job.lane.category, severity)
        return True
    is_found = bool(choice.category) or action == NONE
    if claim.job.lane.category == UNKNOWN and is_found and severity <= KNOWN_AT_MOST:
        case_ref, category = claim.job.case_ref, choice.category or UNKNOWN
        exposure.count_as_found(held=held, case_ref=case_ref, category=category, severity=severity)
        jobs.relabel(case_ref=case_ref, category=category, severity=severity)
        return True
    return False


def _raise_for_person(held: Held, claim: Claim, category: str, severity: int) -> None:
    case_ref = claim.job.case_ref
    exposure.raise_severity(held=held, case_ref=case_ref, category=category, severity=severity)
    jobs.relabel(case_ref=case_ref, category=category, severity=severity)


def _one_worse(current: int, severity: int | None) -> int:
    if severity is not None:
        check_severity(severity)
    if current >= MOST or (severity is not None and severity <= current):
        raise DecisionInvalid("worse", _("The case is already counted at that severity or a higher one."))
    return current + 1 if severity is None else severity


def _raise_case(case: Case, severity: int) -> None:
    if severity > case.severity:
        case.severity = severity
        case.save(update_fields=["severity"])


def _write_decision(
    *,
    decision_id: UUID,
    claim: Claim,
    choice: Choice,
    worse: int | None,
    action: str,
    rationale: str,
    at: datetime,
) -> Decision:
    """Close the case and write what was decided on it, to be finalised after the queue's grace."""
    severity = max(choice.severity, worse or 0)
    closed = closing.close_case(case_id=claim.job.case_ref, severity=severity, at=at)
    case = closed.case
    decision = Decision(
        id=decision_id,
        case=case,
        job_ref=claim.job_id,
        subject=claim.subject,
        action=action,
        policy_version=closed.policy,
        severity=case.severity,
        rationale=rationale,
        ground_reference=closed.policy.code,
        decided_at=at,
        effective_at=at + timedelta(seconds=claim.job.lane.queue.grace_seconds),
    )
    try:
        closing.write(decision, _findings(case, choice), files=closed.files)
    except IntegrityError:
        raise AlreadyDecided from None
    promise(
        kind=FINALISE,
        arguments={"decision_id": str(decision.id)},
        at=at,
        run_after=decision.effective_at,
    )
    return decision


def _findings(case: Case, choice: Choice) -> closing.Findings:
    return closing.Findings(
        categories=choice.categories,
        verdict=choice.category or NO_VERDICT,
        severity_of_files=_severity_of_files(case, choice),
    )


def _severity_of_files(case: Case, choice: Choice) -> int:
    """What the categories say; but where a person said 'worse than labelled', the shield must not lift by it (P3)."""
    raised_by_person = case.severity > case.labelled_severity
    return case.severity if raised_by_person else choice.severity


def _record(decision: Decision, choice: Choice) -> None:
    record(
        actor=str(decision.subject),
        action="decision.made",
        target_kind="case",
        target_id=str(decision.case_id),
        at=decision.decided_at,
        detail={
            "decision": str(decision.id),
            "action": decision.action,
            "categories": list(choice.categories),
            "policy": f"{decision.policy_version.code} {decision.policy_version.version}",
        },
    )
