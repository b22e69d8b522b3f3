"""Folds what the triggers on the job table tell (``TallyChange``) into one row per lane and due quarter.

Whoever counts adds both tables in one statement, so a fold changes nothing that anybody sees, and a sweep that
stands still costs time and no exactness.
"""

from collections import defaultdict

from django.db import transaction
from django.db.models import F

from queues.models import Tally, TallyChange

FOLDED_AT_ONCE = 1000


def fold_next() -> bool:
    """Fold the oldest changes that nobody else is folding; return whether there were any.

    One transaction: killed at any point, either all of it happened or nothing.
    """
    with transaction.atomic():
        # A smaller id may still be uncommitted elsewhere: it is folded by a later step.
        changes = list(
            TallyChange.objects.order_by("id").select_for_update(skip_locked=True)[:FOLDED_AT_ONCE]
        )
        # Always in the same order: two sweeps that fold at once wait for each other, never in a circle.
        for place, (jobs, seconds) in sorted(_sums(changes).items()):
            _add(*place, jobs=jobs, seconds=seconds)
        TallyChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
        return bool(changes)


def _sums(changes: list[TallyChange]) -> dict[tuple[int, int], tuple[int, int]]:
    sums: defaultdict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for change in changes:
        place = change.lane_id, change.due_quarter
        jobs, seconds = sums[place]
        sums[place] = jobs + change.jobs, seconds + change.seconds
    return sums


def _add(lane_id: int, due_quarter: int, *, jobs: int, seconds: int) -> None:
    """Add to one tally, made on first use; what counts nothing any more is not kept."""
    if not jobs and not seconds:
        return
    tally = Tally.objects.filter(lane_id=lane_id, due_quarter=due_quarter)
    while not tally.update(jobs=F("jobs") + jobs, seconds=F("seconds") + seconds):
        empty = Tally(lane_id=lane_id, due_quarter=due_quarter, jobs=0, seconds=0)
        Tally.objects.bulk_create([empty], ignore_conflicts=True)
    tally.filter(jobs=0, seconds=0).delete()
