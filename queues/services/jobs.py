"""Jobs come into being, and change their lane or their place, through here alone."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from live import events
from queues.exceptions import JobMoved
from queues.models import HANDS_OUT, Claim, ClaimState, Job, JobKind, JobState, Lane, Queue
from queues.rules.order import sort_key
from queues.services import offers

OPEN = (JobState.OFFERING, JobState.WAITING, JobState.CLAIMED)
ATTEMPTS = 5


def enqueue(
    *,
    case_ref: UUID,
    queue: Queue,
    language: str,
    category: str,
    severity: int,
    medium: str,
    expected_seconds: int,
    at: datetime,
    skill: str = "",
    kind: str = JobKind.FIRST,
    sound: bool = False,
    mild_confirmed: bool = False,
    priority: int = 0,
    due_at: datetime | None = None,
) -> Job:
    """Put one unit of work about a case into its lane; after the commit the desks that wait are asked.

    Must run inside ``transaction.atomic``. ``severity`` 0 to 4, ``priority`` 0 to 100; ``medium`` is
    ``text``, ``image``, …; ``mild_confirmed``: an earlier decision of a person put these bytes at severity 0.

    Raises:
        IntegrityError: an open job of this kind exists for the case.
    """
    lane = lane_for(queue_id=queue.pk, language=language, category=category, severity=severity, skill=skill)
    job = Job(
        case_ref=case_ref,
        lane=lane,
        kind=kind,
        sort_key=sort_key(
            created_at=at, due_at=due_at, target_seconds=queue.target_seconds, priority=priority
        ),
        medium=medium,
        sound=sound,
        mild_confirmed=mild_confirmed,
        expected_seconds=expected_seconds,
        due_at=due_at,
        created_at=at,
    )
    job.save(force_insert=True)
    offers.offer_after_commit(job_id=job.pk, at=at)
    return job


def kind_escalated(job: Job) -> str:
    """Return which look a job becomes that is escalated: the kind it has, where another look at its case waits for a senior.

    A case has one open job of a kind. Both wait in a lane that asks for the skill, so a senior comes to either. Locks the
    case's open jobs: two looks at it may be escalated at once.
    """
    lock_open_jobs(job.case_ref)
    others = Job.objects.filter(case_ref=job.case_ref, kind=JobKind.ESCALATED, state__in=OPEN)
    return job.kind if others.exclude(pk=job.pk).exists() else JobKind.ESCALATED


def lane_for(*, queue_id: int, language: str, category: str, severity: int, skill: str) -> Lane:
    """Return the lane of these, made on first use. Before any job is locked: lanes come before jobs in the lock order."""
    lane, _ = Lane.objects.get_or_create(
        queue_id=queue_id, language=language, category=category, severity=severity, skill=skill
    )
    return lane


def raise_priority(*, case_ref: UUID, priority: int, due_at: datetime | None = None) -> bool:
    """Move the case's open jobs forward in their line, never back. Return whether one moved.

    Must run inside ``transaction.atomic``; locks the jobs. ``due_at`` replaces a later or missing due time.
    """
    moved = False
    for job in _open_jobs(case_ref).select_related("lane__queue").select_for_update(of=("self",)):
        earliest = min((due for due in (job.due_at, due_at) if due is not None), default=None)
        key = sort_key(
            created_at=job.created_at,
            due_at=earliest,
            target_seconds=job.lane.queue.target_seconds,
            priority=priority,
        )
        if key < job.sort_key or earliest != job.due_at:
            job.sort_key, job.due_at, moved = min(key, job.sort_key), earliest, True
            job.save(update_fields=["sort_key", "due_at"])
    return moved


def take_back(*, job_id: int) -> Job | None:
    """Take a job that still waits, in a queue that hands out, out of its line; None where it does not. Locks the job."""
    # A lane by its id, not by a join: conditions behind a join are not looked at again where the row was waited for.
    open_lanes = Lane.objects.filter(queue__state__in=HANDS_OUT)
    free = Job.objects.filter(pk=job_id, state__in=(JobState.OFFERING, JobState.WAITING), lane__in=open_lanes)
    if not free.update(state=JobState.CLAIMED, fence=F("fence") + 1):
        return None
    return Job.objects.select_related("lane").get(pk=job_id)


def relabel(*, case_ref: UUID, category: str, severity: int) -> None:
    """Move the case's open jobs into the lane of another label; they keep their place (``sort_key``).

    For ``services.raising`` alone: whoever has the case in hand is counted anew with it. Must run inside
    ``transaction.atomic``; locks the jobs, so call it before the case is locked.

    Raises:
        JobMoved: the jobs changed lane again and again meanwhile.
    """
    relabelled = Job.objects.filter(lane__category=category, lane__severity=severity)
    for _ in range(ATTEMPTS):
        others = _open_jobs(case_ref).select_related("lane").exclude(pk__in=relabelled.values("pk"))
        if not [job for job in others if not _move(job, category=category, severity=severity)]:
            break
    else:
        raise JobMoved
    holders = Claim.objects.filter(job__case_ref=case_ref).exclude(state=ClaimState.CLOSED)
    for subject in holders.values_list("subject", flat=True):
        events.bump_after_commit(subject)


def prepare_lanes(*, case_ref: UUID, category: str, severity: int) -> None:
    """Make the lanes into which ``relabel`` will move the case's open jobs, before any of those is locked."""
    for job in _open_jobs(case_ref).select_related("lane"):
        _lane_like(job.lane, category=category, severity=severity)


def lock_open_jobs(case_ref: UUID) -> list[Job]:
    """Lock the case's open jobs in the order of their line and return them, with their lanes."""
    return list(_open_jobs(case_ref).select_related("lane").select_for_update(of=("self",)))


def open_job_ids(case_ref: UUID) -> list[int]:
    """Return the ids of the case's open jobs, read anew and unlocked, in the order of their line."""
    return list(_open_jobs(case_ref).values_list("pk", flat=True))


def _move(job: Job, *, category: str, severity: int) -> bool:
    lane = _lane_like(job.lane, category=category, severity=severity)
    return Job.objects.filter(pk=job.pk, lane_id=job.lane_id).update(lane=lane) == 1


def _lane_like(lane: Lane, *, category: str, severity: int) -> Lane:
    """Return the lane of the same queue, language and skill that bears another label."""
    return lane_for(
        queue_id=lane.queue_id,
        language=lane.language,
        category=category,
        severity=severity,
        skill=lane.skill,
    )


def _open_jobs(case_ref: UUID) -> QuerySet[Job]:
    return Job.objects.filter(case_ref=case_ref, state__in=OPEN).order_by("sort_key", "id")
