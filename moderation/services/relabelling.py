"""A category became more severe: the open cases that it labels become so too, their jobs move lane, live looks count anew.

A batch of the outbox goes through the open cases by id and promises the next. Each case is one transaction of its own, by
the one path of ``raising``.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from moderation.models import Case, CaseState, ItemRevision, ItemStatus
from moderation.selectors.items import OPEN_STATUSES
from moderation.selectors.taxonomy import CategoryInForce, categories_in_force
from moderation.services.labels import most_severe, said_of, severity_in
from moderation.services.raising import Raiser, raise_case
from outbox.kinds import Work
from outbox.services import promise

REFRESH: Final = "case.refresh_job"
RELABEL: Final = "category.relabel"
BATCH: Final = 100
FIRST: Final = UUID(int=0)
ONCE_MORE_AFTER: Final = timedelta(minutes=1)


def promise_relabelling(*, code: str, at: datetime, holds_from: datetime | None = None) -> None:
    """Promise, in the caller's transaction, that the open cases under *code* follow the category.

    And once more a minute later: an item that was being taken in meanwhile was labelled by the category of before.
    """
    arguments, begins_at = {"code": code, "after": str(FIRST)}, holds_from or at
    promise(kind=RELABEL, arguments=arguments, at=at, run_after=begins_at)
    promise(kind=RELABEL, arguments=arguments, at=at, run_after=begins_at + ONCE_MORE_AFTER)


def relabel_batch(work: Work) -> None:
    """Raise the next `BATCH` open cases that the category labels (outbox kind `RELABEL`). May be run again."""
    code, after = work.arguments["code"], UUID(work.arguments["after"])
    taxonomy = categories_in_force(at=work.at)
    found = list(_open_cases(code).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
    for case_id in found:
        raise_to_label(case_id=case_id, taxonomy=taxonomy, at=work.at)
    if len(found) == BATCH:
        promise(kind=RELABEL, arguments={"code": code, "after": str(found[-1])}, at=work.at)


def raise_to_label(*, case_id: UUID, taxonomy: Mapping[str, CategoryInForce], at: datetime) -> None:
    """Raise one open case to what its label says now; never lower.

    Raises:
        HolderChanged: the outbox tries again.
    """
    case = Case.objects.get(pk=case_id)
    category, severity = _label_of(case, taxonomy)
    if case.state == CaseState.OPEN and severity > case.severity:
        raise_case(case_id=case_id, category=category, severity=severity, by=Raiser.CATEGORY, at=at)


def catch_up(work: Work) -> None:
    """Bring a case's jobs up to its label (outbox kind `REFRESH`, which nothing promises any more). May be run again."""
    case = Case.objects.get(pk=work.arguments["case"])
    raise_case(
        case_id=case.pk, category=case.category, severity=case.severity, by=Raiser.CATEGORY, at=work.at
    )


def _open_cases(code: str) -> QuerySet[Case]:
    """Open cases of which an item bears this category, or of which a classifier believed it."""
    labelled = ItemRevision.objects.filter(Q(category=code) | Q(scores__has_key=code))
    return Case.objects.filter(state=CaseState.OPEN, pk__in=labelled.values("case_id"))


def _label_of(case: Case, taxonomy: Mapping[str, CategoryInForce]) -> tuple[str, int]:
    """Return category and severity of the case's most severe item as the taxonomy has them now."""
    # An open case is looked at again where its items were decided before.
    revisions = case.revisions.filter(status__in=(*OPEN_STATUSES, ItemStatus.DECIDED)).order_by("pk")
    found = [(severity_in(said_of(one), taxonomy), one.category) for one in revisions]
    return most_severe(found, default=case.category)
