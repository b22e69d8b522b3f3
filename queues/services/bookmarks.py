"""Bookmarks: up to where a person has skipped all that waits in a lane, so that no pick walks over it again.

Moved after an act, in a transaction of their own, and only over many jobs: after a skip (``move_on_after_commit``), and where a
pick of somebody who has bookmarks finds one behind (``move_after_commit``). An ordinary act writes nothing here.

Who moves one holds the lock of the lane and that of the person's skips alone, and only tries for both: a try that fails loses
nothing, the next act asks again. The triggers of migration 0021 share them, so that a job that comes to wait, or a skip that is
taken back, is either seen here or sees the bookmark.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from itertools import takewhile
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q

from people.statements import Statement
from queues.models import Bookmark, EarlierJob, Job, JobQuerySet
from queues.statements import LOCK_LANE, LOCK_LANE_AND_PERSON

MANY = 32
"""So many skipped jobs in a row are worth a move."""
AT_ONCE = 2000
"""So many jobs a bookmark moves over in one transaction: who lets a job wait in the lane waits for it."""
MOST_EARLIER = 64
"""So many earlier jobs a lane may keep. With more, its bookmarks begin anew."""
BEFORE_ALL = -(2**63 - 1)
"""Where a bookmark stands that begins anew: before any ``sort_key``."""


def move_after_commit(*, subject: UUID, lane_ids: Iterable[int]) -> None:
    """Move a person's bookmarks of these lanes as soon as the caller's transaction is committed."""
    for lane_id in lane_ids:
        transaction.on_commit(partial(move, subject=subject, lane_id=lane_id), robust=True)


def move_on_after_commit(*, subject: UUID, lane_id: int) -> None:
    """Do the same for one lane in which this person has just skipped a job, if it is worth it by then."""
    transaction.on_commit(partial(move_on, subject=subject, lane_id=lane_id), robust=True)


def move_on(*, subject: UUID, lane_id: int) -> bool:
    """Move a bookmark if its person has skipped many jobs next; return whether it moved. Looks without a lock first."""
    return _is_behind(subject, lane_id) and move(subject=subject, lane_id=lane_id)


def move(*, subject: UUID, lane_id: int) -> bool:
    """Move a bookmark over what its person has skipped next; return whether it moved.

    Runs its own transaction, and waits for nobody: False also where somebody else is at the lane.
    """
    with transaction.atomic():
        if not _is_alone(LOCK_LANE_AND_PERSON, lane_id=lane_id, subject=subject):
            return False
        place = _last_skipped(subject, lane_id)
        if place is None:
            return False
        sort_key, job_id = place
        Bookmark.objects.update_or_create(
            subject=subject, lane_id=lane_id, defaults={"sort_key": sort_key, "job_id": job_id}
        )
        return True


def tidy_next(_at: datetime) -> bool:
    """Tidy one lane that keeps many earlier jobs; return whether there was one.

    What waits there no more is dropped. Where too many are left, the lane's bookmarks begin anew, and those jobs are seen without.
    """
    crowded = EarlierJob.objects.values("lane_id").annotate(jobs=Count("pk")).filter(jobs__gt=MOST_EARLIER)
    return any(_tidy(lane_id) for lane_id in crowded.order_by("lane_id").values_list("lane_id", flat=True))


def _tidy(lane_id: int) -> bool:
    with transaction.atomic():
        if not _is_alone(LOCK_LANE, lane_id=lane_id):
            return False
        earlier = EarlierJob.objects.filter(lane_id=lane_id)
        waits = Job.objects.filter(pk=OuterRef("job_id"), lane_id=lane_id).waiting()
        dropped, _ = earlier.exclude(Exists(waits)).delete()
        if earlier.count() > MOST_EARLIER:
            dropped += _begin_anew(lane_id)
        return dropped > 0


def _begin_anew(lane_id: int) -> int:
    """Set a lane's bookmarks back to before its first job; return how many rows changed.

    Those that a skip is taking along now are left to it, and the earlier jobs with them.
    """
    bookmarks = Bookmark.objects.filter(lane_id=lane_id, sort_key__gt=BEFORE_ALL)
    free = list(bookmarks.select_for_update(skip_locked=True).values_list("pk", flat=True))
    changed = Bookmark.objects.filter(pk__in=free).update(sort_key=BEFORE_ALL, job_id=0)
    if not bookmarks.exists():
        changed += EarlierJob.objects.filter(lane_id=lane_id).delete()[0]
    return changed


def _is_alone(lock: Statement, **what: object) -> bool:
    """Try for the locks, to the end of the transaction; on SQLite whoever writes is alone."""
    if connection.vendor == "sqlite":
        return True
    row = lock.row(**what)
    return row is not None and bool(row[0])


def _is_behind(subject: UUID, lane_id: int) -> bool:
    """Tell whether the next jobs after the bookmark, many, are all skipped."""
    next_jobs = _after_the_bookmark(subject, lane_id).places_for(subject)[:MANY]
    return len(next_jobs) == MANY and all(is_skipped for *_, is_skipped in next_jobs)


def _last_skipped(subject: UUID, lane_id: int) -> tuple[int, int] | None:
    """Return the place (sort_key, id) of the last job before the first one that this person has not skipped."""
    jobs = _after_the_bookmark(subject, lane_id).places_for(subject)[:AT_ONCE]
    skipped = [(sort_key, job_id) for sort_key, job_id, _ in takewhile(lambda job: job[2], jobs)]
    return skipped[-1] if skipped else None


def _after_the_bookmark(subject: UUID, lane_id: int) -> JobQuerySet:
    waiting = Job.objects.filter(lane_id=lane_id).waiting()
    bookmark = Bookmark.objects.filter(subject=subject, lane_id=lane_id).first()
    if bookmark is None:
        return waiting
    is_later = Q(sort_key__gt=bookmark.sort_key) | Q(id__gt=bookmark.job_id)
    return waiting.filter(is_later, sort_key__gte=bookmark.sort_key)
