"""Take an item back. When no open item of its case remains, the work on the case ends at once.

Locks: the holder's wellbeing row → the job (both in ``queues.services.claims``) → the case → the item.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from moderation.exceptions import ItemDecided, Moved
from moderation.models import Case, CaseState, Item, ItemRevision, ItemStatus
from moderation.selectors.decisions import is_open_for_reports, standing_decision
from moderation.selectors.items import OPEN_STATUSES, current_revision
from queues.services import claims

WITHDRAWN = "withdrawn"


def withdraw(*, item: Item, at: datetime) -> ItemRevision:
    """Withdraw *item*, in the caller's transaction. One that has ended without a decision stays as it is.

    Raises:
        ItemDecided: it has been decided.
        Moved: it changed meanwhile; begin again.
    """
    seen = current_revision(item)
    if seen.status not in OPEN_STATUSES:
        return _unless_decided(seen)
    ended = end_work_if_last(revision=seen, at=at)
    case = Case.objects.select_for_update().get(pk=seen.case_id)
    locked = Item.objects.select_for_update().get(pk=item.pk)
    revision = current_revision(locked)
    if (revision.pk, revision.status) != (seen.pk, seen.status):
        raise Moved
    return close(revision=revision, case=case, work_ended=ended, reason="", at=at)


def end_work_if_last(*, revision: ItemRevision, at: datetime) -> bool:
    """End job and claim of the revision's case if nothing else waits in it; say so. Before the case is locked."""
    if _is_looked_at_further(revision):
        return False
    claims.end_for_case(case_ref=revision.case_id, reason=WITHDRAWN, at=at)
    return True


def close(*, revision: ItemRevision, case: Case, work_ended: bool, reason: str, at: datetime) -> ItemRevision:
    """Mark an open revision as withdrawn, and its locked case with it if it was the last.

    A case that was decided and only waited for this item again is decided as it was.

    Raises:
        Moved: an item joined or left the case since `end_work_if_last` looked.
    """
    if work_ended == _is_looked_at_further(revision):
        raise Moved
    revision.status, revision.status_reason, revision.ended_at = ItemStatus.WITHDRAWN, reason, at
    revision.save(update_fields=["status", "status_reason", "ended_at"])
    if work_ended and case.state == CaseState.OPEN:
        stands = standing_decision(case_id=case.pk) is not None
        case.state, case.closed_at = CaseState.DECIDED if stands else CaseState.WITHDRAWN, at
        case.save(update_fields=["state", "closed_at"])
    return revision


def replaced_by(number: int) -> str:
    """Return the reason of a revision that ends because a higher one came."""
    return _("Replaced by revision %(number)s.") % {"number": number}


def _unless_decided(revision: ItemRevision) -> ItemRevision:
    if revision.status == ItemStatus.DECIDED:
        raise ItemDecided
    return revision


def _is_looked_at_further(revision: ItemRevision) -> bool:
    """Whether the case waits for something else: another item, or a new look that reports gave occasion for."""
    return _others(revision).exists() or is_open_for_reports(revision.case_id)


def _others(revision: ItemRevision) -> QuerySet[ItemRevision]:
    others = ItemRevision.objects.filter(case_id=revision.case_id, status__in=OPEN_STATUSES)
    return others.exclude(pk=revision.pk)
