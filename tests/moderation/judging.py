"""Named steps: cases and items as intake leaves them, claims as the desk has them, decisions as they are written."""

import uuid
from datetime import datetime, timedelta
from uuid import UUID

from moderation.models import (
    Blob,
    BlobState,
    Case,
    CaseState,
    Category,
    CategoryVersion,
    Decision,
    DecisionCategory,
    Item,
    ItemRevision,
    ItemStatus,
    Medium,
    MediumVerdict,
    PolicyVersion,
)
from moderation.services.answers import FINALISE, finalise
from outbox.kinds import Work
from outbox.models import OutboxEntry
from queues.models import Claim, Job, JobState, Lane, Queue
from tests.cast import T0

LEASE = timedelta(minutes=10)


def a_category(code: str, severity: int, *, enabled: bool = True) -> Category:
    """A category of the taxonomy, also where a test that committed has emptied the tables."""
    category, _ = Category.objects.get_or_create(
        code=code, defaults={"label": code.title(), "dsa_category": "STATEMENT_CATEGORY_VIOLENCE"}
    )
    Category.objects.filter(pk=code).update(is_enabled=enabled)
    CategoryVersion.objects.create(
        category=category, severity=severity, effective_from=T0 - timedelta(days=365)
    )
    return category


def a_policy(queue: Queue, version: int = 1, in_force_from: datetime = T0) -> PolicyVersion:
    return PolicyVersion.objects.get_or_create(
        queue=queue,
        version=version,
        defaults={"code": "COMMUNITY", "title": "Community rules", "in_force_from": in_force_from},
    )[0]


def a_case(queue: Queue, *, severity: int = 2, category: str = "VIO_ASSAULT", at: datetime = T0) -> Case:
    a_policy(queue)
    return Case.objects.create(
        platform_id=queue.platform_id,
        queue=queue,
        content_digest=uuid.uuid4().hex * 2,
        category=category,
        severity=severity,
        labelled_severity=severity,
        medium="image",
        opened_at=at,
    )


def an_item(case: Case, external_id: str = "", *, at: datetime = T0, sha256: str = "") -> ItemRevision:
    """A waiting item of *case*, with one file if its bytes are named."""
    item = Item.objects.create(
        platform_id=case.platform_id, external_id=external_id or uuid.uuid4().hex, created_at=at
    )
    revision = ItemRevision.objects.create(
        item=item,
        platform_id=case.platform_id,
        case=case,
        number=1,
        status=ItemStatus.WAITING,
        content_digest=case.content_digest,
        category=case.category,
        severity=case.severity,
        text="" if sha256 else "a text",
        metadata={"board": "cats"},
        created_at=at,
    )
    if sha256:
        blob, _ = Blob.objects.get_or_create(
            sha256=sha256, defaults={"size": 1, "format": "png", "state": BlobState.READY, "stored_at": at}
        )
        Medium.objects.create(revision=revision, blob=blob, position=0, kind="image")
    return revision


def a_claim(case: Case, subject: UUID, *, at: datetime = T0, kind: str = "first") -> Claim:
    """A live claim of *subject* on a job of *case*, as the desk would have it."""
    lane, _ = Lane.objects.get_or_create(queue=case.queue, category=case.category, severity=case.severity)
    job = Job.objects.create(
        case_ref=case.id,
        lane=lane,
        kind=kind,
        state=JobState.CLAIMED,
        sort_key=0,
        fence=1,
        medium=case.medium,
        expected_seconds=30,
        created_at=at,
    )
    return Claim.objects.create(job=job, subject=subject, fence=1, claimed_at=at, lease_until=at + LEASE)


def a_decision(
    case: Case,
    subject: UUID | None = None,
    *,
    action: str = "remove",
    categories: tuple[str, ...] = ("VIO_ASSAULT",),
    at: datetime = T0,
    grace: timedelta = timedelta(0),
) -> Decision:
    """A provisional decision with its rows, as `decide` leaves it."""
    decision = Decision.objects.create(
        id=uuid.uuid4(),
        case=case,
        job_ref=1,
        subject=subject or uuid.uuid4(),
        action=action,
        policy_version=a_policy(case.queue),
        severity=case.severity,
        rationale="Someone is hit.",
        ground_reference="COMMUNITY",
        decided_at=at,
        effective_at=at + grace,
    )
    for position, code in enumerate(categories):
        category = a_category(code, case.severity)
        DecisionCategory.objects.create(decision=decision, category=category, position=position)
    for sha256 in Medium.objects.filter(revision__case=case).values_list("blob_id", flat=True).distinct():
        MediumVerdict.objects.create(
            decision=decision, sha256=sha256, verdict=categories[0], severity=case.severity
        )
    Case.objects.filter(pk=case.pk).update(state=CaseState.DECIDED, closed_at=at)
    return decision


def finalised(decision: Decision, at: datetime | None = None) -> Decision:
    """Run the finaliser on it, at its effective time unless told."""
    finalise(work_for(decision, at))
    decision.refresh_from_db()
    return decision


def work_for(decision: Decision, at: datetime | None = None) -> Work:
    return Work(
        entry_id=1,
        arguments={"decision_id": str(decision.id)},
        attempt=1,
        at=at or decision.effective_at,
        fence=1,
    )


def promised_finalisations() -> list[OutboxEntry]:
    return list(OutboxEntry.objects.filter(kind=FINALISE).order_by("id"))
