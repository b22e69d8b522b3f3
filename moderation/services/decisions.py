"""Decide a case, and say that it is worse than labelled.

One transaction each. Lock order: wellbeing row → job → case (DESIGN.md 'Locks').
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from audit.services import IN_LINE, ROW, record, recorded
from moderation.exceptions import AlreadyDecided, DecisionInvalid, NothingToConfirm
from moderation.models import Case, Decision
from moderation.rules.grace import takes_effect_at
from moderation.rules.severity import KNOWN_AT_MOST, MOST, UNKNOWN
from moderation.selectors.decisions import categories_of, earlier_decision, to_heed_from, to_heed_part
from moderation.selectors.taxonomy import kept_categories
from moderation.services import closing
from moderation.services.answers import FINALISE
from moderation.services.choices import NONE, Choice, check_severity, checked_choice
from moderation.services.raising import raise_in_hand
from outbox.services import PROMISED, promised
from people.statements import Part, Statement
from queues.exceptions import NotYourClaim
from queues.models import Claim
from queues.selectors import DeskState
from queues.selectors.claims import own_claim
from queues.services import claims, going_on
from queues.services.going_on import Ending, Hand, Write
from wellbeing.core import writing
from wellbeing.core.locked import Locked
from wellbeing.core.services import exposure, locking

NO_VERDICT: Final = "none"
PROMISE: Final = Statement(PROMISED)
RECORD: Final = Statement(ROW, keeps_id=True)
RECORD_IN_LINE: Final = Statement(IN_LINE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person decides on the case in hand. *decision_id* is the browser's, sent again until it is acknowledged.

    No *categories* means 'none of these'. *worse* raises the case to at least that severity.
    """

    claim_id: UUID
    fence: int
    decision_id: UUID
    categories: list[str]
    action: str
    rationale: str
    worse: int | None = None


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
    """Decide the claimed case, and take nothing after it; see ``decide_and_go_on``. Return the decision."""
    said = Said(claim_id, fence, decision_id, categories, action, rationale, worse)
    return _decide(subject, said, at)


def confirm(*, subject: UUID, claim_id: UUID, fence: int, decision_id: UUID, at: datetime) -> Decision:
    """Decide the claimed case as was decided before, and take nothing after it. Raises as ``as_before`` and ``decide``."""
    said = as_before(subject=subject, claim_id=claim_id, fence=fence, decision_id=decision_id)
    return _decide(subject, said, at)


def decide_and_go_on(*, subject: UUID, said: Said, at: datetime, beating: bool) -> DeskState:
    """Decide the claimed case and take the next in one act (``queues.services.going_on``); return what the desk then shows.

    The decision is provisional until the queue's grace is over; claim, draft and look end with it. The same id sent again
    by the same person counts once, and takes no second case where one is in hand.

    Raises:
        DecisionInvalid: an unknown or disabled category, an action that this queue does not know, …
        AlreadyDecided: another decision stands.
        ClaimLost, NotYourClaim, OnBreak, LimitReached: from ``queues.exceptions``; the draft is kept.
    """
    return going_on.go_on(
        subject=subject, at=at, beating=beating, ending=_Deciding(subject, said, at).ending()
    )


def as_before(*, subject: UUID, claim_id: UUID, fence: int, decision_id: UUID) -> Said:
    """Return what is said of the claimed case where it is decided as the earlier decision beside it, looked at or not.

    Raises:
        NotYourClaim: no such claim, or another person's.
        NothingToConfirm: no earlier decision stands beside it.
    """
    own = own_claim(subject=subject, claim_id=claim_id)
    if own is None:
        raise NotYourClaim
    earlier = earlier_decision(own.job.case_ref)
    if earlier is None:
        raise NothingToConfirm
    return Said(
        claim_id=claim_id,
        fence=fence,
        decision_id=decision_id,
        categories=categories_of(earlier),
        action=earlier.action,
        rationale=earlier.rationale,
    )


def _decide(subject: UUID, said: Said, at: datetime) -> Decision:
    deciding = _Deciding(subject, said, at)
    going_on.close(subject=subject, at=at, ending=deciding.ending())
    return deciding.decision


class _Deciding:
    """A decision as what ends the case in hand. ``decision``: the one that stands once it has ended."""

    decision: Decision

    def __init__(self, subject: UUID, said: Said, at: datetime) -> None:
        self.subject, self.said, self.at = subject, said, at

    def ending(self) -> Ending:
        """Return what ``going_on`` runs under the lock."""
        said = self.said
        heeds = to_heed_part(said.decision_id, subject=self.subject, claim_id=said.claim_id)
        return Ending(self._check, read_with_it=[heeds])

    def _check(self, hand: Hand) -> Write:
        """Refuse, or return what writes; what was sent before writes nothing."""
        said, locked = self.said, hand.locked
        heed = to_heed_from(hand.rows[0])
        own = hand.claim
        if own is None or own.pk != said.claim_id:
            own = own_claim(subject=self.subject, claim_id=said.claim_id)
        earlier = _earlier(said.decision_id, own, self.subject, heed.standing)
        if earlier is not None:
            _require_same(earlier, categories=said.categories, action=said.action)
            self.decision = earlier
            return hand.settle
        claim = claims.require(locked=locked, claim_id=said.claim_id, fence=said.fence, known=own)
        choice = checked_choice(
            queue=claim.job.lane.queue,
            categories=said.categories,
            action=said.action,
            rationale=said.rationale,
            in_force=kept_categories(heed.taxonomy_mark, at=self.at),
        )
        if said.worse is not None:
            check_severity(said.worse)
        _superseded(heed.earlier_id, heed.standing)
        return partial(self._write, hand, claim, choice, heed.standing)

    def _write(self, hand: Hand, claim: Claim, choice: Choice, standing: list[Decision]) -> None:
        said, locked = self.said, hand.locked
        is_raised = hand.goes_apart = _raise_before_closing(locked, claim, choice, said.worse)
        found = None if is_raised else _found_milder(locked, claim, choice, said.worse, said.action)
        severity = max(choice.severity, said.worse or 0)
        # What was raised has another lane now, and is to be read again.
        _, (closed,) = claims.finish_then(
            [closing.close_part(case_id=claim.job.case_ref, severity=severity, at=locked.wall_at)],
            locked=locked,
            claim_id=said.claim_id,
            fence=said.fence,
            known=None if is_raised else claim,
            found=found,
        )
        self.decision = _write_decision(
            locked=locked,
            said=said,
            claim=claim,
            closed=closing.closed_from(closed),
            standing=standing,
            choice=choice,
        )


def worse(*, subject: UUID, claim_id: UUID, fence: int, severity: int | None = None, at: datetime) -> Case:
    """Raise the claimed case by one severity, or to *severity*: 'worse than labelled'. At most 4, never lower.

    Case, lane and the person's own exposure of the case are raised together. How far the label was off
    is ``case.severity - case.labelled_severity``.

    Raises:
        DecisionInvalid: *severity* is not above what the case has, or not 0 to 4.
        ClaimLost, NotYourClaim, OnBreak, LimitReached: from ``queues.exceptions``.
    """
    with transaction.atomic():
        locked = locking.hold(subject=subject, at=at, heard=True)
        claim = claims.require(locked=locked, claim_id=claim_id, fence=fence)
        before = Case.objects.values_list("severity", flat=True).get(pk=claim.job.case_ref)
        raised_to = _one_worse(before, severity)
        case = _raise_for_person(locked, claim, claim.job.lane.category, raised_to)
        record(
            actor=str(subject),
            action="case.raised",
            target_kind="case",
            target_id=str(case.id),
            at=locked.wall_at,
            detail={"from": before, "to": case.severity, "labelled": case.labelled_severity},
        )
        return case


def _earlier(
    decision_id: UUID, own: Claim | None, subject: UUID, standing: list[Decision]
) -> Decision | None:
    """The decision that this person has sent already; under their lock, so the same POST twice takes turns."""
    first = next((one for one in standing if one.pk == decision_id), None)
    if first is not None:
        if first.subject != subject or (own is not None and own.job_id != first.job_ref):
            raise AlreadyDecided  # somebody else's number, or that of another case
        return first
    if own and any((one.subject, one.job_ref) == (subject, own.job_id) for one in standing):
        raise AlreadyDecided
    return None


def _require_same(earlier: Decision, *, categories: list[str], action: str) -> None:
    """Let the same decision sent again count once; another one under its number is not taken for it, without a word.

    Raises:
        AlreadyDecided: it is another one.
    """
    if earlier.action != action or set(categories_of(earlier)) != set(categories):
        raise AlreadyDecided


def _raise_before_closing(locked: Locked, claim: Claim, choice: Choice, worse: int | None) -> bool:
    """What the person found counts before the look is closed: its cooldown is that of the higher severity.

    Returns whether anything was raised.
    """
    severity = max(choice.severity, worse or 0)
    if severity > claim.job.lane.severity:
        _raise_for_person(locked, claim, choice.category or claim.job.lane.category, severity)
        return True
    return False


def _found_milder(
    locked: Locked, claim: Claim, choice: Choice, worse: int | None, action: str
) -> claims.Found | None:
    """Count a case that nobody had labelled, for this person alone, as what they found: if they said what it is, or that it is
    nothing. The case itself, and whatever else is open about it, stays as it was taken to be.
    """
    severity = max(choice.severity, worse or 0)
    was_told = bool(choice.category) or action == NONE
    if claim.job.lane.category != UNKNOWN or not was_told or severity > KNOWN_AT_MOST:
        return None
    found = claims.Found(choice.category or UNKNOWN, severity)
    exposure.count_as_found(
        locked=locked, case_ref=claim.job.case_ref, category=found.category, severity=found.severity
    )
    return found


def _raise_for_person(locked: Locked, claim: Claim, category: str, severity: int) -> Case:
    return raise_in_hand(locked=locked, case_id=claim.job.case_ref, category=category, severity=severity)


def _one_worse(current: int, severity: int | None) -> int:
    if severity is not None:
        check_severity(severity)
    if current >= MOST or (severity is not None and severity <= current):
        raise DecisionInvalid("worse", "not_worse")
    return current + 1 if severity is None else severity


def _write_decision(
    *,
    locked: Locked,
    said: Said,
    claim: Claim,
    closed: closing.Closed,
    standing: list[Decision],
    choice: Choice,
) -> Decision:
    """Write what was decided on a case that was just closed, to be finalised after the queue's grace."""
    case, at = closed.case, locked.wall_at
    decision = Decision(
        id=said.decision_id,
        case=case,
        job_ref=claim.job_id,
        subject=claim.subject,
        action=said.action,
        policy_version=closed.policy,
        severity=case.severity,
        labelled_severity=case.labelled_severity,
        hints=case.hints,
        rationale=said.rationale,
        ground_reference=closed.policy.code,
        decided_at=at,
        effective_at=takes_effect_at(decided_at=at, grace_seconds=claim.job.lane.queue.grace_seconds),
        supersedes=_superseded(case.earlier_id, standing),
    )
    try:
        read_with_it = [_to_be_finalised(decision), *_recorded(decision, choice), *writing.shown(locked)]
        closing.write(decision, _findings(case, choice), files=closed.files, others=read_with_it)
    except IntegrityError:
        raise AlreadyDecided from None
    return decision


def _to_be_finalised(decision: Decision) -> Part:
    """Promise that the decision becomes final once it takes effect, in the statement that writes it."""
    arguments = {"decision_id": str(decision.id)}
    return PROMISE, promised(
        kind=FINALISE, arguments=arguments, at=decision.decided_at, run_after=decision.effective_at
    )


def _recorded(decision: Decision, choice: Choice) -> list[Part]:
    """Record who made it, in the same statement."""
    policy = decision.policy_version
    row = recorded(
        actor=str(decision.subject),
        action="decision.made",
        target_kind="case",
        target_id=str(decision.case_id),
        at=decision.decided_at,
        detail={
            "decision": str(decision.id),
            "action": decision.action,
            "categories": list(choice.categories),
            "policy": f"{policy.code} {policy.version}",
        },
    )
    return [(RECORD, row), (RECORD_IN_LINE, {})]


def _superseded(earlier_id: UUID | None, standing: list[Decision]) -> Decision | None:
    """Return the decision that this one takes the place of: the one beside a new look at the same case (*earlier_id*).

    Raises:
        AlreadyDecided: one stands, and nobody asked for a new look.
    """
    if not standing:
        return None
    earlier = next((one for one in standing if one.pk == earlier_id), None)
    if earlier is None:
        raise AlreadyDecided
    return earlier


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
