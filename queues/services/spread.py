"""Evens severe work out among those who may take it: what a queue's people have had today, kept for a quarter of an hour.

Only the allocator reads it. It is computed by the sweep, outside any act: where the sweep stands still, nothing is put back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from people.rules.skills import trained_for
from people.selectors import Worker, staff_of
from queues.models import HANDS_OUT, Lane, Queue, Spread
from queues.rules.lanes import LaneFacts, May, open_lane
from queues.services.lanes import facts_of
from wellbeing.core.rules.days import QUARTER, quarter_start
from wellbeing.core.rules.turns import SEVERE
from wellbeing.limits.rules.spread import most_of
from wellbeing.limits.selectors.spread import at_work, comparable, severe_of


def weigh_next(at: datetime) -> bool:
    """Weigh one queue with severe work anew for this quarter of an hour; return whether there was one."""
    now = quarter_start(at)
    waiting = Queue.objects.filter(state__in=HANDS_OUT, lanes__severity__gte=SEVERE)
    queue = waiting.exclude(spread__quarter_at__gte=now).order_by("id").distinct().first()
    working = at_work(at) if queue is not None else set()
    if queue is None or not working:
        return False
    severe = list(_compared(queue, working, at=at).values())
    Spread.objects.update_or_create(queue=queue, defaults={"quarter_at": now, "most_ms": most_of(severe)})
    return True


def evens_out(queue_id: int, *, at: datetime) -> bool:
    """Tell whether severe work of a queue goes to whoever has had the least of it today."""
    return Spread.objects.filter(
        queue=queue_id, quarter_at__gte=fresh_since(at), most_ms__isnull=False
    ).exists()


def fresh_since(at: datetime) -> datetime:
    """Return the earliest quarter whose figures still serve: the sweep may be a moment behind."""
    return quarter_start(at) - QUARTER


def fewest_first(line: Sequence[UUID], *, at: datetime) -> list[UUID]:
    """Return a line, whoever has had the fewest whole minutes of severe work today first; of equals the longest waiting."""
    severe = severe_of(line, at=at)
    return sorted(line, key=lambda subject: severe[subject] // 60_000)


def _compared(queue: Queue, working: set[UUID], *, at: datetime) -> dict[UUID, int]:
    """Return what each person at work who may take severe work of a queue has had of it today."""
    teams = None if queue.every_team else set(queue.teams.values_list("id", flat=True))
    workers = [worker for worker in staff_of(teams, at=at) if worker.subject in working]
    alike = comparable({worker.subject for worker in workers}, at=at)
    severe = [facts_of(lane) for lane in Lane.objects.filter(queue=queue, severity__gte=SEVERE)]
    compared = [
        worker.subject
        for worker in workers
        if worker.subject in alike and _may_take_one(worker, alike[worker.subject], of=severe)
    ]
    return severe_of(compared, at=at)


def _may_take_one(worker: Worker, severities: frozenset[int], *, of: Sequence[LaneFacts]) -> bool:
    fit = dict.fromkeys(severities, timedelta.max)
    able = May(worker.skills, worker.languages, fit, trained=trained_for(worker.skills))
    return any(open_lane(lane, able) is not None for lane in of)
