"""What has become late goes back in its line once, behind what can still be in time: a burst does not make the rest late.

By the sweep alone. It goes back a bounded way, and from there its place stands, so that nothing starves.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from queues.models import Job, JobState, Tally
from queues.rules.order import LATE_WAITS, key_of, late_waits_ms
from queues.rules.quarters import quarter_of

AT_ONCE = 200
"""So many jobs go back in one transaction."""


def put_back_next(at: datetime) -> bool:
    """Put back what has become late in one lane; return whether there was any."""
    due_lately = Tally.objects.filter(
        due_quarter__range=(quarter_of(at - LATE_WAITS), quarter_of(at)), jobs__gt=0
    )
    lanes = due_lately.order_by("lane_id").values_list("lane_id", flat=True).distinct()
    return any(_put_back(lane_id, at) for lane_id in lanes)


def _put_back(lane_id: int, at: datetime) -> bool:
    """Rows that somebody takes in this moment are left to them."""
    with transaction.atomic():
        late = _late(lane_id, at).select_for_update(skip_locked=True)[:AT_ONCE]
        ids = list(late.values_list("id", flat=True))
        Job.objects.filter(id__in=ids).update(sort_key=F("sort_key") + late_waits_ms())
        return bool(ids)


def _late(lane_id: int, at: datetime) -> QuerySet[Job]:
    """``rules.order.has_become_late`` in SQL, by the index of the pick.

    What was wanted earlier still, by its priority, keeps its place: nobody looks further back than a case may go.
    """
    waiting = Job.objects.filter(lane_id=lane_id, state=JobState.WAITING)
    by_key = waiting.filter(sort_key__gte=key_of(at - LATE_WAITS), sort_key__lt=key_of(at))
    return by_key.filter(due_at__gte=at - LATE_WAITS, due_at__lt=at).order_by("sort_key", "id")
