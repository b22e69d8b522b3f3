"""The label of a case and of its job: category, severity, priority, due time. Severity and priority only rise."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min

from moderation.models import Case, CaseState
from moderation.selectors.items import OPEN_STATUSES
from outbox.kinds import RetryAfter, Work
from outbox.services import promise
from queues.models import Job, JobState
from queues.services import jobs

REFRESH: Final = "case.refresh_job"
# For as long as somebody may be looking at it. An attempt every half minute; then a person sees the entry.
REFRESH_GAPS: Final = (timedelta(seconds=1), *(timedelta(seconds=30),) * 200)
IN_HAND: Final = timedelta(seconds=30)


def raise_waiting_job(
    *, case: Case, category: str, severity: int, priority: int, due_at: datetime | None
) -> None:
    """Give a case's open job a higher label and more hurry. Call it before the case is locked.

    A job in somebody's hands keeps its label for this look: a case must not become another one before a person's eyes.
    `raise_case` promises that it gets it afterwards.
    """
    in_hand = _in_hand(case.pk)
    if severity > case.severity and not in_hand:
        jobs.relabel(case_ref=case.pk, category=category, severity=severity)
    jobs.raise_priority(case_ref=case.pk, priority=priority, due_at=due_at)


def raise_case(*, case: Case, category: str, severity: int, at: datetime) -> None:
    """Raise a locked case to a higher label; no lower one does anything."""
    if severity <= case.severity:
        return
    case.category, case.severity = category, severity
    case.save(update_fields=["category", "severity"])
    # Always, not only where somebody holds the job: it may have come into being since the unlocked look.
    promise(kind=REFRESH, arguments={"case": str(case.pk)}, at=at)


def refresh_job(work: Work) -> None:
    """Give the case's waiting job the case's label, priority and due time (outbox kind `REFRESH`). May be run again.

    Raises:
        RetryAfter: somebody holds it.
    """
    with transaction.atomic():
        case = Case.objects.filter(pk=work.arguments["case"], state=CaseState.OPEN).first()
        if case is None:
            return
        if _in_hand(case.pk):
            raise RetryAfter(IN_HAND, "in hand")
        jobs.relabel(case_ref=case.pk, category=case.category, severity=case.severity)
        priority, due_at = urgency_of(case)
        jobs.raise_priority(case_ref=case.pk, priority=priority, due_at=due_at)


def urgency_of(case: Case) -> tuple[int, datetime | None]:
    """Return the highest priority (0 to 100) and the earliest due time of the case's open items."""
    found = case.revisions.filter(status__in=OPEN_STATUSES).aggregate(
        priority=Max("priority", default=0), due_at=Min("due_at")
    )
    return found["priority"], found["due_at"]


def _in_hand(case_id: UUID) -> bool:
    """Whether somebody holds the case's job; locks the job, so that nobody can take it before the commit."""
    states = Job.objects.select_for_update().filter(case_ref=case_id).values_list("state", flat=True)
    return JobState.CLAIMED in set(states)
