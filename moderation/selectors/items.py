"""Items as their platform reads them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from moderation.models import Item, ItemRevision, ItemStatus

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


def _current() -> QuerySet[ItemRevision]:
    return ItemRevision.objects.select_related("item", "case", "case__queue").filter(
        number=F("item__current_revision")
    )
