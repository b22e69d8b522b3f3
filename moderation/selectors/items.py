"""Items as their platform reads them."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from moderation.models import Item, ItemRevision, ItemStatus
from moderation.rules import public_ids
from moderation.rules.estimates import estimate
from moderation.selectors.decisions import rfc3339

OPEN_STATUSES = (ItemStatus.RECEIVED, ItemStatus.PREPARING, ItemStatus.WAITING)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list. ``next_before`` is the key after which the next one begins, None at the end."""

    revisions: list[ItemRevision]
    next_before: int | None


def current_revision(item: Item) -> ItemRevision:
    """Return what *item* is now, with its case and queue."""
    return _current().get(item=item)


def revisions_of(
    *, platform_id: UUID, status: str | None, external_id: str | None, before: int | None, limit: int
) -> Page:
    """Return the platform's items as they are now, newest first, from below the key *before*.

    The key is the revision's own number, so what arrives while a reader pages changes no page behind it.
    """
    rows = _current().filter(platform_id=platform_id).order_by("-id")
    if status is not None:
        rows = rows.filter(status=status)
    if external_id is not None:
        rows = rows.filter(item__external_id=external_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], found[limit - 1].pk if more else None)


def item_payload(revision: ItemRevision) -> dict[str, Any]:
    """Return an item as API.md tells it. A look in progress is not shown: ``waiting`` covers it.

    ``severity`` is what intake made of the platform's own label, so it does not tell what a moderator said.
    """
    return {
        "id": public_ids.tell(public_ids.ITEM, revision.item_id),
        "external_id": revision.item.external_id,
        "revision": revision.number,
        "status": revision.status,
        "status_reason": revision.status_reason or None,
        "case_id": public_ids.tell(public_ids.CASE, revision.case_id),
        "category": revision.category,
        "severity": revision.severity,
        # The queue's default: no queue knows better before five people have worked in it.
        "estimate": asdict(estimate(medium=revision.case.medium, severity=revision.severity)),
        "priority": revision.priority,
        "due_at": rfc3339(revision.due_at) if revision.due_at else None,
        "metadata": revision.metadata,
        "created_at": rfc3339(revision.created_at),
    }


def _current() -> QuerySet[ItemRevision]:
    return ItemRevision.objects.select_related("item", "case", "case__queue").filter(
        number=F("item__current_revision")
    )
