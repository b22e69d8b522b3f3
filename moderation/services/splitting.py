"""Split an item off a case with equal content: it gets a look of its own, and is never matched with that case again.

Locks: the person's wellbeing row → the job → the case → the item.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from audit.services import record
from moderation.exceptions import NothingToSplit
from moderation.models import Case, CaseState, Item, ItemRevision, ItemStatus, Report, SplitMatch
from moderation.selectors.items import current_revision
from moderation.selectors.looks import next_revision
from moderation.services import preparation
from queues.models import JobKind
from queues.services import claims
from wellbeing.core.services import locking

SPLIT: Final = (ItemStatus.WAITING, ItemStatus.DECIDED)


def split_off(*, subject: UUID, claim_id: UUID, fence: int, item_id: UUID, at: datetime) -> Case:
    """Take one item out of the case in hand, and return the case of its own in which it waits.

    What it was answered stays its answer until it is decided there. The rest stays in the person's hands.

    Raises:
        NothingToSplit: it is not in the case, or nothing else is.
        ClaimLost, NotYourClaim, OnBreak, LimitReached: from ``queues.exceptions``.
    """
    with transaction.atomic():
        locked = locking.hold(subject=subject, at=at)
        claim = claims.require(locked=locked, claim_id=claim_id, fence=fence)
        case = Case.objects.select_for_update(of=("self",)).select_related("queue").get(pk=claim.job.case_ref)
        revision = _locked_revision(case, item_id)
        own = _own_case(case, locked.wall_at)
        SplitMatch.objects.create(
            item_id=item_id, case=case, own_case=own, subject=subject, at=locked.wall_at
        )
        _move(revision, own)
        preparation.enqueue_again(case=own, kind=JobKind.FIRST, at=locked.wall_at)
        record(
            actor=str(subject),
            action="case.split",
            target_kind="case",
            target_id=str(case.pk),
            at=locked.at,
            detail={"own_case": str(own.pk)},
        )
        return own


def _locked_revision(case: Case, item_id: UUID) -> ItemRevision:
    item = Item.objects.select_for_update().filter(pk=item_id).first()
    revision = None if item is None else current_revision(item)
    if revision is None or revision.case_id != case.pk or revision.status not in SPLIT:
        raise NothingToSplit
    others = case.revisions.filter(status__in=SPLIT).exclude(pk=revision.pk)
    if case.state != CaseState.OPEN or not others.exists():
        raise NothingToSplit
    return revision


def _own_case(case: Case, at: datetime) -> Case:
    """Open a case of the same content for this item alone, no milder than the one it leaves; none stands beside it."""
    return Case.objects.create(
        platform_id=case.platform_id,
        queue=case.queue,
        content_digest=case.content_digest,
        revision=next_revision(queue_id=case.queue_id, content_digest=case.content_digest),
        category=case.category,
        severity=case.severity,
        labelled_severity=case.severity,
        hints=case.hints,
        language=case.language,
        medium=case.medium,
        opened_at=at,
    )


def _move(revision: ItemRevision, own: Case) -> None:
    ItemRevision.objects.filter(pk=revision.pk).update(case=own, doubts=None)
    Report.objects.filter(item_id=revision.item_id, case_id=revision.case_id).update(case=own)
