"""A category became more severe: the open cases that it labels become so too, their jobs move lane, live looks count anew.

A batch of the outbox goes through the open cases by id and promises the next. Each case is one transaction of its own, in
the order of locks: the holder's wellbeing row, the jobs, the case. As after 'worse than labelled', the holder's whole
exposure of this case is counted at the higher severity.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from moderation.models import Case, CaseState, ItemRevision
from moderation.rules.severity import CLASSIFIED, UNKNOWN_LABEL, Label, severity_of
from moderation.selectors.items import OPEN_STATUSES
from moderation.selectors.taxonomy import CategoryInForce, categories_in_force
from moderation.services import labels
from outbox.kinds import Work
from outbox.services import promise
from queues.models import Claim, ClaimState, Job
from queues.services import jobs
from wellbeing.services import exposure, person

RELABEL: Final = "category.relabel"
BATCH: Final = 100
ATTEMPTS: Final = 5
FIRST: Final = UUID(int=0)
ONCE_MORE_AFTER: Final = timedelta(minutes=1)


class HolderChanged(Exception):
    """The case changed hands again and again while it was to be raised."""


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
    """Raise one open case, its jobs and its holder's exposure of it to what its label says now; never lower.

    Raises:
        HolderChanged: the outbox tries again.
    """
    for _ in range(ATTEMPTS):
        if _raised_under(_holder(case_id), case_id, taxonomy, at):
            return
    raise HolderChanged


def _raised_under(
    holder: UUID | None, case_id: UUID, taxonomy: Mapping[str, CategoryInForce], at: datetime
) -> bool:
    """Do it under the row of whoever held the case a moment ago; tell whether that was still so."""
    with transaction.atomic():
        held = person.hold(subject=holder, at=at) if holder else None
        list(Job.objects.select_for_update().filter(case_ref=case_id).order_by("pk"))
        if _holder(case_id) != holder:
            return False
        case = Case.objects.get(pk=case_id)
        category, severity = _label_of(case, taxonomy)
        if case.state != CaseState.OPEN or severity <= case.severity:
            return True
        jobs.relabel(case_ref=case_id, category=category, severity=severity)
        locked = Case.objects.select_for_update().get(pk=case_id)
        labels.raise_case(case=locked, category=category, severity=severity, at=at)
        if held is not None:
            exposure.raise_severity(held=held, case_ref=case_id, category=category, severity=severity)
        return True


def _holder(case_id: UUID) -> UUID | None:
    claims = Claim.objects.filter(job__case_ref=case_id).exclude(state=ClaimState.CLOSED)
    return claims.values_list("subject", flat=True).first()


def _open_cases(code: str) -> QuerySet[Case]:
    """Open cases of which an item bears this category, or of which a classifier believed it."""
    labelled = ItemRevision.objects.filter(Q(category=code) | Q(scores__has_key=code))
    return Case.objects.filter(state=CaseState.OPEN, pk__in=labelled.values("case_id"))


def _label_of(case: Case, taxonomy: Mapping[str, CategoryInForce]) -> tuple[str, int]:
    """Return category and severity of the case's most severe item as the taxonomy has them now."""
    revisions = case.revisions.filter(status__in=OPEN_STATUSES).order_by("pk")
    found = [(_severity_of(one, taxonomy), one.category) for one in revisions]
    severity, category = max(found, key=lambda each: each[0], default=(0, case.category))
    return category, severity


def _severity_of(revision: ItemRevision, taxonomy: Mapping[str, CategoryInForce]) -> int:
    believed = [code for code, score in revision.scores.items() if score >= CLASSIFIED]
    return severity_of(
        category=_label(revision.category, taxonomy),
        classified=[_label(code, taxonomy) for code in believed],
        hints=[hint for hint, is_given in revision.hints.items() if is_given],
    )


def _label(code: str, taxonomy: Mapping[str, CategoryInForce]) -> Label:
    return taxonomy[code].as_label if code in taxonomy else UNKNOWN_LABEL
