"""What two people sign (promise P6): proposed by one, in force only once a second has signed.

This module knows nothing of what a kind of proposal changes: whoever signs hands in how to read what holds now and how
to apply the change (``moderation.services.safeguards``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from audit.services import record
from people.rules.roles import may_sign_together
from people.selectors import has_representative, roles_of_subject
from wellbeing.exceptions import (
    AlreadyEnded,
    AlreadyProposed,
    NotFound,
    PairNotValid,
    ProposalStale,
    SignedByProposer,
)
from wellbeing.models import Proposal, ProposalKind, ProposalState
from wellbeing.services.limits import checked_reason


@dataclass(frozen=True)
class Adopted:
    """A change that two people have signed, as whoever applies it needs it. ``at``: when the second signed."""

    kind: str
    target: str
    value: Any
    reason: str
    proposed_by: str
    signed_by: str
    at: datetime


Read = Callable[[str, str, datetime], Any]
"""From kind, target and instant to the plain value that stands there."""

Apply = Callable[[Adopted], None]


def propose(
    *,
    kind: str,
    target: str,
    before: Any,
    value: Any,
    reason: str,
    proposed_by: str,
    proposed_as: str,
    at: datetime,
) -> Proposal:
    """Ask a second person to sign a change. ``before`` and ``value`` are plain values; nothing holds yet.

    Raises:
        ReasonMissing, ReasonTooLong: about the reason.
        AlreadyProposed: one about this target is open.
    """
    proposal = Proposal(
        kind=ProposalKind(kind),
        target=target,
        before=before,
        value=value,
        reason=checked_reason(reason, is_needed=True),
        proposed_by=proposed_by,
        proposed_as=proposed_as,
        proposed_at=at,
    )
    with transaction.atomic():
        _insert(proposal)
        _audit(proposal, "proposal.made", actor=proposed_by, role=proposed_as, at=at)
    return proposal


def sign(
    *, proposal_id: UUID, signed_by: str, signed_as: str, at: datetime, read: Read, apply: Apply
) -> Proposal:
    """Sign as the second person, and apply the change; one transaction, so it holds whole or not at all.

    Both must hold roles that may sign together *now*. A second person who holds several signs in the one that fits.

    Raises:
        NotFound, AlreadyEnded: there is no such proposal, or it is open no more.
        SignedByProposer, PairNotValid: not two people, or not two who may.
        ProposalStale: what it wants to change has changed since.
    """
    with transaction.atomic():
        proposal = _lock_open(proposal_id)
        if signed_by == proposal.proposed_by:
            raise SignedByProposer
        proposal.signed_as = _role_of_second(proposal, signed_by, signed_as)
        _require_fresh(proposal, read(proposal.kind, proposal.target, at))
        proposal.state, proposal.signed_by, proposal.ended_at = ProposalState.ADOPTED, signed_by, at
        _end(proposal)
        apply(_adopted(proposal, at))
        _audit(proposal, "proposal.signed", actor=signed_by, role=proposal.signed_as, at=at)
    return proposal


def withdraw(*, proposal_id: UUID, withdrawn_by: str, at: datetime) -> Proposal:
    """Take a proposal back, or decline it: nothing changes, and a new one may be made.

    Raises:
        NotFound, AlreadyEnded: there is no such proposal, or it is open no more.
    """
    with transaction.atomic():
        proposal = _lock_open(proposal_id)
        proposal.state, proposal.ended_at = ProposalState.WITHDRAWN, at
        _end(proposal)
        _audit(proposal, "proposal.withdrawn", actor=withdrawn_by, role="", at=at)
    return proposal


def _insert(proposal: Proposal) -> None:
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        theirs = Proposal.objects.filter(
            kind=proposal.kind, target=proposal.target, state=ProposalState.OPEN
        ).first()
        if theirs is None:
            raise
        raise AlreadyProposed(proposed_by=theirs.proposed_by, proposed_at=theirs.proposed_at) from None


def _lock_open(proposal_id: UUID) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound
    if proposal.state != ProposalState.OPEN:
        raise AlreadyEnded(state=proposal.state)
    return proposal


def _role_of_second(proposal: Proposal, signed_by: str, signed_as: str) -> str:
    """Return the role in which the second person may sign, that of the page first."""
    elected = has_representative()
    held = roles_of_subject(signed_by)
    if proposal.proposed_as not in roles_of_subject(proposal.proposed_by):
        raise PairNotValid(proposed_as=proposal.proposed_as, signed_as=signed_as, proposer_left=True)
    for role in (signed_as, *sorted(held)):
        if role in held and may_sign_together(proposal.proposed_as, role, has_representative=elected):
            return role
    raise PairNotValid(proposed_as=proposal.proposed_as, signed_as=signed_as)


def _require_fresh(proposal: Proposal, now: Any) -> None:
    if now != proposal.before:
        raise ProposalStale(before=proposal.before, now=now)


def _end(proposal: Proposal) -> None:
    """Write the end of an open proposal; the row count says whether it was still open."""
    still_open = Proposal.objects.filter(pk=proposal.pk, state=ProposalState.OPEN)
    if not still_open.update(
        state=proposal.state,
        signed_by=proposal.signed_by,
        signed_as=proposal.signed_as,
        ended_at=proposal.ended_at,
    ):
        raise AlreadyEnded(state=Proposal.objects.get(pk=proposal.pk).state)


def _adopted(proposal: Proposal, at: datetime) -> Adopted:
    return Adopted(
        kind=proposal.kind,
        target=proposal.target,
        value=proposal.value,
        reason=proposal.reason,
        proposed_by=proposal.proposed_by,
        signed_by=proposal.signed_by,
        at=at,
    )


def _audit(proposal: Proposal, action: str, *, actor: str, role: str, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_kind=f"proposal.{proposal.kind}",
        target_id=str(proposal.pk),
        at=at,
        detail={
            "target": proposal.target,
            "before": proposal.before,
            "value": proposal.value,
            "as": role,
        },
        reason=proposal.reason,
    )
