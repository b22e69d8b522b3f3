"""From stored bytes to a case that can be looked at: renditions and fingerprints, then a job.

A case is prepared once, whatever the number of its items: all of them have the same media.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from moderation.media.prepare import Prepared, prepare
from moderation.media.rejections import MediaRejected
from moderation.models import Blob, BlobState, Case, CaseState, ItemRevision, ItemStatus
from moderation.rules.estimates import expected_seconds
from moderation.selectors.items import item_payload
from moderation.selectors.verdicts import all_confirmed
from moderation.services.blobs import blob_store
from moderation.services.labels import urgency_of
from moderation.services.notices import ITEM_QUARANTINED, notify
from outbox.kinds import Work
from outbox.services import promise
from people.selectors import shield_in_force
from queues.models import Job, JobKind
from queues.services import jobs

PREPARE: Final = "media.prepare"
# A failure of ours (a full disk, a machine out of breath) passes or does not; nobody waits for a picture for days.
PREPARE_GAPS: Final = (
    timedelta(seconds=2),
    timedelta(seconds=15),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
)
# Longer than all media of one item may take: twenty, thirty seconds each.
PREPARE_LEASE: Final = timedelta(minutes=12)

UNPREPARED: Final = (ItemStatus.RECEIVED, ItemStatus.PREPARING)


def promise_preparation(*, revision: ItemRevision, at: datetime) -> None:
    """Promise that the revision's media will be prepared, in the caller's transaction."""
    promise(kind=PREPARE, arguments={"revision": revision.pk}, at=at)


def prepare_revision(work: Work) -> None:
    """Prepare the media of a revision and let its case wait (outbox kind `PREPARE`). May be run again.

    Raises:
        PrepareFailed: a fault of ours; the kind's schedule tries again.
    """
    revision = ItemRevision.objects.select_related("case").get(pk=work.arguments["revision"])
    if revision.case.state != CaseState.OPEN:
        return
    revision.case.revisions.filter(status=ItemStatus.RECEIVED).update(status=ItemStatus.PREPARING)
    for position, blob in enumerate(_blobs_of(revision)):
        refusal = _prepared_or_refused(blob, at=work.at)
        if refusal is not None:
            quarantine(revision=revision, reason=_refused(position, refusal), at=work.at)
            return
    _settle(revision, at=work.at)


def give_up(work: Work) -> None:
    """Quarantine what could not be prepared in all attempts: the last word of kind `PREPARE`."""
    revision = ItemRevision.objects.select_related("case").get(pk=work.arguments["revision"])
    reason = _(
        "Respite could not prepare the media. Nothing is wrong with them as far as we know. "
        "Send the item again with a higher revision, or ask the operator."
    )
    quarantine(revision=revision, reason=reason, at=work.at)


def let_wait(*, case: Case, at: datetime) -> None:
    """Let every item of a locked, open case wait, with a job for the case. The media are prepared.

    Does nothing new where the job is there already, or is done and the decision only provisional.
    """
    case.revisions.filter(status__in=UNPREPARED).update(status=ItemStatus.WAITING)
    if Job.objects.filter(case_ref=case.pk).exists():
        return
    priority, due_at = urgency_of(case)
    _enqueue(case, hashes=_hashes_of(case), priority=priority, due_at=due_at, at=at)


def let_first_wait(*, case: Case, revision: ItemRevision, hashes: Collection[str], at: datetime) -> None:
    """Do the same for the first item of a case that this very transaction opened: nothing else can be known of it.

    The item was written as waiting. ``hashes``: of its media, which are prepared.
    """
    _enqueue(case, hashes=hashes, priority=revision.priority, due_at=revision.due_at, at=at)


def enqueue_again(
    *, case: Case, kind: str, at: datetime, priority: int = 0, due_at: datetime | None = None
) -> None:
    """Put a locked, open case whose media are prepared into its lane once more, as a job of *kind*.

    It is as urgent as the most urgent of its open items, or as is told.
    """
    known, due = urgency_of(case)
    earliest = min((one for one in (due, due_at) if one is not None), default=None)
    hashes = _hashes_of(case)
    _enqueue(case, hashes=hashes, priority=max(known, priority), due_at=earliest, kind=kind, at=at)


def _enqueue(
    case: Case,
    *,
    hashes: Collection[str],
    priority: int,
    due_at: datetime | None,
    at: datetime,
    kind: str = JobKind.FIRST,
) -> None:
    """Put the case into its lane. It is mild if people have put all its bytes at severity 0."""
    jobs.enqueue(
        case_ref=case.pk,
        queue=case.queue,
        kind=kind,
        language=case.language.partition("-")[0].lower(),
        category=case.category,
        severity=case.severity,
        medium=case.medium,
        mild_confirmed=all_confirmed(platform_id=case.platform_id, hashes=set(hashes), at_most=0),
        expected_seconds=expected_seconds(medium=case.medium, severity=case.severity),
        priority=priority,
        due_at=due_at,
        at=at,
    )


def quarantine(*, revision: ItemRevision, reason: str, at: datetime) -> None:
    """Set every unprepared item of the revision's case aside, with a reason that the platform can act on."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=revision.case_id)
        unprepared = case.revisions.select_related("item", "case").filter(status__in=UNPREPARED)
        for each in unprepared.order_by("item_id"):
            each.status, each.status_reason, each.ended_at = ItemStatus.QUARANTINED, reason, at
            each.save(update_fields=["status", "status_reason", "ended_at"])
            notify(platform_id=each.platform_id, event_type=ITEM_QUARANTINED, data=item_payload(each), at=at)
        if case.state == CaseState.OPEN:
            case.state, case.closed_at = CaseState.QUARANTINED, at
            case.save(update_fields=["state", "closed_at"])


def _settle(revision: ItemRevision, *, at: datetime) -> None:
    with transaction.atomic():
        case = Case.objects.select_for_update().select_related("queue").get(pk=revision.case_id)
        if case.state == CaseState.OPEN:
            let_wait(case=case, at=at)


def _blobs_of(revision: ItemRevision) -> Iterable[Blob]:
    media = revision.media.select_related("blob").order_by("position")
    return [medium.blob for medium in media]


def _prepared_or_refused(blob: Blob, *, at: datetime) -> MediaRejected | None:
    """Prepare one blob unless that was done before; return why it is refused, if it is."""
    blob.refresh_from_db()
    if blob.state == BlobState.READY:
        return None
    try:
        samples = shield_in_force(at=at).start
        prepared = prepare(blob_store().path(blob.sha256), samples=samples)
        _keep(blob, prepared, samples=samples, at=at)
    except MediaRejected as refusal:
        Blob.objects.filter(pk=blob.pk, state=BlobState.STORED).update(
            state=BlobState.REJECTED, rejected_reason=refusal.code, prepared_at=at
        )
        return refusal
    return None


def _keep(blob: Blob, prepared: Prepared, *, samples: int, at: datetime) -> None:
    """Store the renditions durably, then say in the row that they are there."""
    for level, data in prepared.renditions.items():
        blob_store().put_rendition(blob.sha256, level, data)
    Blob.objects.filter(pk=blob.pk).update(
        state=BlobState.READY,
        width=prepared.width,
        height=prepared.height,
        frames=prepared.frames,
        phash=prepared.phash,
        dhash=prepared.dhash,
        shield_samples=samples,
        prepared_at=at,
    )


def _refused(position: int, refusal: MediaRejected) -> str:
    return _("Medium %(number)s: %(sentence)s") % {"number": position + 1, "sentence": _(refusal.sentence)}


def _hashes_of(case: Case) -> set[str]:
    media = case.revisions.values_list("media__blob_id", flat=True)
    return {sha256 for sha256 in media if sha256}
