"""What a person is shown beside a new look: the earlier decision, and the items that this one will answer for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from moderation.models import Case, Decision, ItemRevision, ItemStatus, Report
from moderation.selectors.decisions import earlier_decision

ITEMS_SHOWN = 20
ANSWERED_FOR = (ItemStatus.WAITING, ItemStatus.DECIDED)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of a case, as its platform sent it; never its author. ``sources``: of its reports, each once."""

    item_id: UUID
    sent_at: datetime
    category: str
    hints: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewLook:
    """The earlier decision, and the items of the case, oldest first, at most `ITEMS_SHOWN`."""

    decision: Decision
    items: Sequence[ItemLine]


def new_look(case: Case) -> NewLook | None:
    """Return what stands beside a look at *case*; None, and no query, where it is the first look at this content."""
    decision = None if case.earlier_id is None else earlier_decision(case.pk)
    return None if decision is None else NewLook(decision, _items(case))


def _items(case: Case) -> list[ItemLine]:
    revisions = ItemRevision.objects.filter(case=case, status__in=ANSWERED_FOR).order_by("created_at", "id")
    shown = list(revisions[:ITEMS_SHOWN])
    reports = Report.objects.filter(case=case, item_id__in=[one.item_id for one in shown])
    sources: dict[UUID, list[str]] = {}
    for item_id, source in reports.order_by("id").values_list("item_id", "source"):
        sources.setdefault(item_id, []).append(source)
    return [_line(revision, sources.get(revision.item_id, [])) for revision in shown]


def _line(revision: ItemRevision, sources: Sequence[str]) -> ItemLine:
    return ItemLine(
        item_id=revision.item_id,
        sent_at=revision.created_at,
        category=revision.category,
        hints=tuple(hint for hint, is_given in revision.hints.items() if is_given),
        sources=tuple(dict.fromkeys(sources)),
    )


def next_revision(*, queue_id: int, content_digest: str) -> int:
    """Return the number of the next case of this content; the common one is 1."""
    same = Case.objects.filter(queue_id=queue_id, content_digest=content_digest)
    last: int = same.aggregate(last=Max("revision", default=0))["last"]
    return last + 1
