"""Count what is open in each queue at full five minutes, and mark which counts may be told (``rules.telling``).

No lock is taken: a count is read in one statement and written once for a step, whoever comes first. A sweep that stood
still leaves steps out, and what pages tell is older then, never nearer to an act.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from queues.models import Lane, Queue, QueueCount, QueueState
from queues.rules.staffing import UNTAKEN_AFTER
from queues.rules.telling import is_late, may_be_told, step_of
from queues.selectors.waiting import decided_in, oldest_open, open_work


def count_next(at: datetime) -> bool:
    """Count one queue whose turn it is; return whether there was one."""
    step = step_of(at)
    queue_id = _to_count(step, is_late=is_late(at))
    if queue_id is not None:
        _count(queue_id, step, at)
    return queue_id is not None


def _to_count(step: int, *, is_late: bool) -> int | None:
    """Return a queue that was not counted for *step* yet: one that never was, where it is too late for others."""
    counts = QueueCount.objects.filter(queue=OuterRef("pk"))
    counted = counts if is_late else counts.filter(step__gte=step)
    something_came = Exists(Lane.objects.filter(queue=OuterRef("pk")))
    to_count = Queue.objects.filter(something_came, ~Exists(counted)).exclude(state=QueueState.CLOSED)
    return to_count.order_by("pk").values_list("pk", flat=True).first()


def _count(queue_id: int, step: int, at: datetime) -> None:
    told = QueueCount.objects.filter(queue_id=queue_id, is_told=True).order_by("step").last()
    since = told.counted_at if told else at - UNTAKEN_AFTER
    people, decided = decided_in(queue_id, after=since, until=at)
    count = QueueCount(queue_id=queue_id, step=step, counted_at=at, is_told=False)
    if may_be_told(step, told=told.step if told else None, people=people):
        # What may not be told is not kept.
        count.is_told = True
        count.work = open_work(queue_id)
        count.lanes = _lanes(queue_id, told, decided, at)
    _write(count)


def _write(count: QueueCount) -> None:
    """Keep it, unless somebody else was first for its step; what came before the last that is told goes."""
    counts = QueueCount.objects.filter(queue_id=count.queue_id)
    with transaction.atomic():
        QueueCount.objects.bulk_create([count], ignore_conflicts=True)
        last = counts.filter(is_told=True).aggregate(last=Max("step"))["last"]
        counts.filter(step__lt=last).delete()


def _lanes(
    queue_id: int, told: QueueCount | None, decided: set[int], at: datetime
) -> list[tuple[int, int, int | None]]:
    """Return each lane in which something is open, since when its oldest is, and when one of it was last decided."""
    before = {lane: when for lane, _, when in told.lanes} if told else {}
    return [
        (lane, _seconds(oldest_at), _seconds(at) if lane in decided else before.get(lane))
        for lane, oldest_at in oldest_open(queue_id)
    ]


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
