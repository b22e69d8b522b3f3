"""What two people sign (promise P6): proposed by one, in force only once a second has signed.

Where nobody is elected representative, a looser ceiling is announced to everybody after the second signature, and in force
14 days later, unless a third of the moderators object.

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
from people.rules.roles import MODERATOR, may_sign_together
from people.selectors import (
    has_representative,
    holders_of,
    require_counting_of,
    roles_of_subject,
    roles_that_count_of,
)
from wellbeing.core.rules.reasons import checked_reason
from wellbeing.core.services.confirmed import require_themselves
from wellbeing.exceptions import (
    AlreadyEnded,
    AlreadyObjected,
    AlreadyProposed,
    NotAnnounced,
    NotFound,
    PairNotValid,
    ProposalStale,
    SignedByProposer,
)
from wellbeing.limits.rules.announcing import ANNOUNCED_FOR, ends_at, is_void
from wellbeing.limits.services.second_person import require_apart
from wellbeing.models import Proposal, ProposalKind, ProposalObjection, ProposalState

SYSTEM = "system"
STANDING = (ProposalState.OPEN, ProposalState.ANNOUNCED)
"""What is not ended."""


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

MustAnnounce = Callable[[str, str, Any, Any], bool]
"""From kind, target, and the values before and after, to whether everybody is told 14 days before, where nobody is elected."""


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
        NotYet: who proposes was named too lately.
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
    require_counting_of(proposed_by, {proposed_as}, at=at)
    with transaction.atomic():
        _insert(proposal)
        _audit(proposal, "proposal.made", actor=proposed_by, role=proposed_as, at=at)
    return proposal


def sign(
    *,
    proposal_id: UUID,
    signed_by: str,
    signed_as: str,
    at: datetime,
    read: Read,
    apply: Apply,
    must_announce: MustAnnounce,
) -> Proposal:
    """Sign as the second person, and apply the change; one transaction, so it holds whole or not at all.

    Both must hold roles that may sign together *now*. A second person who holds several signs in the one that fits. Where
    nobody is elected representative, what ``must_announce`` is announced instead, and applied by ``settle_next``.

    Raises:
        NotFound, AlreadyEnded: there is no such proposal, or it is open no more.
        SignedByProposer, PairNotValid, NamedByTheOther, NotYet: not two people, or not two who may.
        ProposalStale: what it wants to change has changed since.
    """
    with transaction.atomic():
        proposal = _lock_open(proposal_id)
        if signed_by == proposal.proposed_by:
            raise SignedByProposer
        proposal.signed_as = _role_of_second(proposal, signed_by, signed_as, at)
        require_apart(proposal.proposed_by, signed_by, at=at)
        _require_fresh(proposal, read(proposal.kind, proposal.target, at))
        proposal.signed_by = signed_by
        _audit(proposal, "proposal.signed", actor=signed_by, role=proposal.signed_as, at=at)
        if not has_representative(at=at) and must_announce(
            proposal.kind, proposal.target, proposal.before, proposal.value
        ):
            _announce(proposal, at)
        else:
            _adopt(proposal, apply, at)
    return proposal


def object_to(*, proposal_id: UUID, subject: UUID, at: datetime) -> None:
    """Object, as a moderator, to what is announced. Told to nobody, and counted only when the 14 days are over.

    Raises:
        NotFound: there is no such proposal, or who asks is no moderator.
        NotAnnounced: it is not announced, or the time to object is over.
        AlreadyObjected: they object already.
        NotConfirmed: somebody else could be asking in their name.
    """
    with transaction.atomic():
        proposal = _lock_announced(proposal_id, subject, at)
        _row, is_new = ProposalObjection.objects.get_or_create(proposal=proposal, subject=subject)
        if not is_new:
            raise AlreadyObjected


def take_objection_back(*, proposal_id: UUID, subject: UUID, at: datetime) -> None:
    """Object no more.

    Raises:
        NotFound: there is no such proposal, who asks is no moderator, or they do not object.
        NotAnnounced: it is not announced, or the time to object is over.
        NotConfirmed: somebody else could be asking in their name.
    """
    with transaction.atomic():
        proposal = _lock_announced(proposal_id, subject, at)
        if not ProposalObjection.objects.filter(proposal=proposal, subject=subject).delete()[0]:
            raise NotFound


def settle_next(*, at: datetime, read: Read, apply: Apply) -> bool:
    """Settle one announced change whose 14 days are over; return whether there was one. A sweep step.

    It is void where a third of the moderators object, and taken back where what it wants to change has changed since. Where
    somebody has been elected representative meanwhile, it waits for their signature. Objections are counted, and deleted.
    """
    with transaction.atomic():
        over = Proposal.objects.filter(state=ProposalState.ANNOUNCED, announced_at__lte=at - ANNOUNCED_FOR)
        proposal = over.select_for_update(skip_locked=True).order_by("announced_at", "id").first()
        if proposal is None:
            return False
        is_refused = _is_void(proposal)
        ProposalObjection.objects.filter(proposal=proposal).delete()
        if is_refused:
            _end_as(proposal, ProposalState.VOID, "proposal.void", at)
        elif read(proposal.kind, proposal.target, at) != proposal.before:
            _end_as(proposal, ProposalState.WITHDRAWN, "proposal.withdrawn", at)
        elif has_representative(at=at):
            _wait_for_the_elected(proposal, at)
        else:
            _adopt(proposal, apply, at)
            _audit(proposal, "proposal.settled", actor=SYSTEM, role="", at=at)
    return True


def withdraw(*, proposal_id: UUID, withdrawn_by: str, at: datetime) -> Proposal:
    """Take a proposal back, or decline it: nothing changes, and a new one may be made.

    Raises:
        NotFound, AlreadyEnded: there is no such proposal, or it is open no more.
    """
    with transaction.atomic():
        proposal = _lock(proposal_id)
        if proposal.state not in STANDING:
            raise AlreadyEnded(state=proposal.state)
        ProposalObjection.objects.filter(proposal=proposal).delete()
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
            kind=proposal.kind, target=proposal.target, state__in=STANDING
        ).first()
        if theirs is None:
            raise
        raise AlreadyProposed(proposed_by=theirs.proposed_by, proposed_at=theirs.proposed_at) from None


def _announce(proposal: Proposal, at: datetime) -> None:
    proposal.state, proposal.announced_at = ProposalState.ANNOUNCED, at
    _end(proposal)
    _audit(proposal, "proposal.announced", actor=SYSTEM, role="", at=at)


def _adopt(proposal: Proposal, apply: Apply, at: datetime) -> None:
    proposal.state, proposal.ended_at = ProposalState.ADOPTED, at
    _end(proposal)
    apply(_adopted(proposal, at))


def _end_as(proposal: Proposal, state: ProposalState, action: str, at: datetime) -> None:
    proposal.state, proposal.ended_at = state, at
    _end(proposal)
    _audit(proposal, action, actor=SYSTEM, role="", at=at)


def _wait_for_the_elected(proposal: Proposal, at: datetime) -> None:
    """Let it be open again: the two who signed may not move a ceiling any more without the representative."""
    proposal.state, proposal.announced_at = ProposalState.OPEN, None
    proposal.signed_by = proposal.signed_as = ""
    _end(proposal)
    _audit(proposal, "proposal.reopened", actor=SYSTEM, role="", at=at)


def _is_void(proposal: Proposal) -> bool:
    moderators = {subject for subject, _name in holders_of(MODERATOR)}
    objecting = ProposalObjection.objects.filter(proposal=proposal, subject__in=moderators)
    return is_void(objections=objecting.count(), moderators=len(moderators))


def _lock_announced(proposal_id: UUID, subject: UUID, at: datetime) -> Proposal:
    if MODERATOR not in roles_of_subject(str(subject)):
        raise NotFound
    require_themselves(subject)
    proposal = _lock(proposal_id)
    announced_at = proposal.announced_at
    if proposal.state != ProposalState.ANNOUNCED or announced_at is None or at >= ends_at(announced_at):
        raise NotAnnounced
    return proposal


def _lock(proposal_id: UUID) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound
    return proposal


def _lock_open(proposal_id: UUID) -> Proposal:
    proposal = _lock(proposal_id)
    if proposal.state != ProposalState.OPEN:
        raise AlreadyEnded(state=proposal.state)
    return proposal


def _role_of_second(proposal: Proposal, signed_by: str, signed_as: str, at: datetime) -> str:
    """Return the role in which the second person may sign, that of the page first."""
    elected = has_representative(at=at)
    locked = roles_that_count_of(signed_by, at=at)
    if proposal.proposed_as not in roles_of_subject(proposal.proposed_by):
        raise PairNotValid(proposed_as=proposal.proposed_as, signed_as=signed_as, proposer_left=True)
    for role in (signed_as, *sorted(locked)):
        if role in locked and may_sign_together(proposal.proposed_as, role, has_representative=elected):
            return role
    require_counting_of(signed_by, {signed_as}, at=at)
    raise PairNotValid(proposed_as=proposal.proposed_as, signed_as=signed_as)


def _require_fresh(proposal: Proposal, now: Any) -> None:
    if now != proposal.before:
        raise ProposalStale(before=proposal.before, now=now)


def _end(proposal: Proposal) -> None:
    """Write what became of a proposal that stands; the row count says whether it still stood."""
    still_open = Proposal.objects.filter(pk=proposal.pk, state__in=STANDING)
    if not still_open.update(
        state=proposal.state,
        signed_by=proposal.signed_by,
        signed_as=proposal.signed_as,
        announced_at=proposal.announced_at,
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
