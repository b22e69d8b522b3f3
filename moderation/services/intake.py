"""Take an item in: find or open its case, and promise or enqueue the work, in the caller's one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from moderation.models import (
    Blob,
    BlobState,
    Case,
    CaseState,
    Item,
    ItemRevision,
    ItemStatus,
    Medium,
)
from moderation.rules.digest import content_digest
from moderation.rules.severity import CLASSIFIED, UNKNOWN, UNKNOWN_LABEL, Label, severity_of
from moderation.selectors.decisions import match_for, standing_decision
from moderation.selectors.items import OPEN_STATUSES, current_revision
from moderation.selectors.taxonomy import CategoryInForce, categories_in_force, policy_in_force
from moderation.services import labels, preparation, withdrawal
from moderation.services.answers import answer_match
from moderation.services.blobs import StoredMedium
from moderation.services.idempotency import Moved
from moderation.services.reports import NewReport, append_reports
from people.models import Platform
from queues.models import TAKES_IN, Queue, QueueState
from queues.services import jobs, queues

TEXT: Final = "text"
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as a platform sent it, checked for its shape; its media are stored. ``priority`` 0 to 100."""

    external_id: str
    category: str
    text: str = ""
    media: tuple[StoredMedium, ...] = ()
    language: str = ""
    reports: tuple[NewReport, ...] = ()
    hints: frozenset[str] = frozenset()
    scores: Mapping[str, float] = field(default_factory=dict)
    author: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 0
    due_at: datetime | None = None
    queue: str | None = None
    revision: int | None = None

    @property
    def digest(self) -> str:
        """What makes two items the same content."""
        hashes = [medium.sha256 for medium in self.media]
        return content_digest(text=self.text, media=hashes, context=dict(self.context))

    @property
    def medium(self) -> str:
        """What a desk has to be ready for: the kind of the media, or text alone."""
        return self.media[0].kind if self.media else TEXT


@dataclass(frozen=True, slots=True)
class Accepted:
    """The item as it is now, and whether this request made it or a new revision of it."""

    revision: ItemRevision
    created: bool


class ItemInvalid(Exception):
    """A field says something that this installation does not know. ``path`` leads to it; ``sentence`` says what."""

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(path[0])
        self.path = path
        self.sentence = sentence


class ExternalIdConflict(Exception):
    """The external id stands for other content, and no higher revision was given."""


class QueuePaused(Exception):
    """The queue takes nothing in at the moment: it drains."""


class QueueClosed(Exception):
    """The queue takes nothing in any more."""


def accept(*, platform: Platform, item: NewItem, at: datetime) -> Accepted:
    """Take *item* in, or recognise it. Must run inside `idempotency.once`, which repeats it when requests meet.

    Raises:
        ItemInvalid: an unknown queue, an unknown or disabled category.
        QueuePaused, QueueClosed: the queue takes nothing in.
        ExternalIdConflict: known id, other content, no higher revision.
        Moved, IntegrityError: another request was faster; begin again.
    """
    known = Item.objects.filter(platform=platform, external_id=item.external_id).first()
    if known is None:
        return _Intake(platform, item, at).first()
    current = current_revision(known)
    if current.content_digest == item.digest and not _restarts(item, current):
        return _recognised(known, current, item, at)
    if item.revision is None or item.revision <= known.current_revision:
        raise ExternalIdConflict
    return _Intake(platform, item, at).next(known, current)


def _restarts(item: NewItem, current: ItemRevision) -> bool:
    """Whether equal content begins anew: the last try ended without a decision and this is a higher revision."""
    ended = current.status in {ItemStatus.WITHDRAWN, ItemStatus.QUARANTINED}
    return ended and item.revision is not None and item.revision > current.number


def _recognised(known: Item, current: ItemRevision, item: NewItem, at: datetime) -> Accepted:
    """The same item again: nothing new but its reports, and perhaps more hurry."""
    if current.status in OPEN_STATUSES:
        jobs.raise_priority(case_ref=current.case_id, priority=item.priority, due_at=item.due_at)
    Case.objects.select_for_update().get(pk=current.case_id)
    locked = Item.objects.select_for_update().get(pk=known.pk)
    if locked.current_revision != current.number:
        raise Moved
    current = current_revision(locked)
    append_reports(revision=current, reports=item.reports, at=at)
    _hurry(current, item)
    return Accepted(current, created=False)


def _hurry(current: ItemRevision, item: NewItem) -> None:
    """Raise the priority and bring the due time forward, never back."""
    due_times = [due for due in (current.due_at, item.due_at) if due is not None]
    current.priority = max(current.priority, item.priority)
    current.due_at = min(due_times, default=None)
    current.save(update_fields=["priority", "due_at"])


class _Intake:
    """One item on its way in. Locks in order: queue (shared) → job → cases → item → feed head."""

    def __init__(self, platform: Platform, item: NewItem, at: datetime) -> None:
        self.platform, self.item, self.at = platform, item, at
        self.queue = _queue_for(platform, item.queue)
        self.severity = _severity(item, categories_in_force(at=at))
        self.digest = item.digest
        self.opened: Case | None = None

    def first(self) -> Accepted:
        """An item that nobody has seen before."""
        self._store_blobs()
        case = self._case()
        known = Item.objects.create(
            platform=self.platform,
            external_id=self.item.external_id,
            current_revision=self.item.revision or 1,
            created_at=self.at,
        )
        return Accepted(self._revision_of(known, case), created=True)

    def next(self, known: Item, before: ItemRevision) -> Accepted:
        """A higher revision of a known item: what it was before need not be looked at any more."""
        self._store_blobs()
        number = self.item.revision or known.current_revision + 1
        retired = before if before.status in OPEN_STATUSES else None
        ended = retired is not None and withdrawal.end_work_if_last(revision=retired, at=self.at)
        case = self._case(also=retired)
        locked = Item.objects.select_for_update().get(pk=known.pk)
        if locked.current_revision != before.number:
            raise Moved
        if retired is not None:
            self._retire(retired, number, work_ended=ended)
        locked.current_revision = number
        locked.save(update_fields=["current_revision"])
        return Accepted(self._revision_of(locked, case), created=True)

    def _retire(self, before: ItemRevision, number: int, *, work_ended: bool) -> None:
        before.refresh_from_db()
        if before.status not in OPEN_STATUSES:
            raise Moved
        case = Case.objects.get(pk=before.case_id)  # locked by `_case`
        reason = withdrawal.replaced_by(number)
        withdrawal.close(revision=before, case=case, work_ended=work_ended, reason=reason, at=self.at)

    def _store_blobs(self) -> None:
        """Make the rows of the bytes, in the order of their hashes, so that two requests cannot wait for each other."""
        rows = {
            medium.sha256: Blob(
                sha256=medium.sha256, size=medium.size, format=medium.format, stored_at=self.at
            )
            for medium in self.item.media
        }
        if rows:
            Blob.objects.bulk_create([rows[sha256] for sha256 in sorted(rows)], ignore_conflicts=True)

    def _case(self, also: ItemRevision | None = None) -> Case:
        """Lock the case of this content, raised to this item's label; open one if none is open or decided.

        The case of *also* is locked with it, in the order of their ids.
        """
        known = list(Case.objects.filter(queue=self.queue, content_digest=self.digest))
        for case in known:
            if case.state == CaseState.OPEN:
                self._raise_job(case)
        if not known and also is None:
            # Whoever opens one at this moment, too, meets the unique index, and begins again.
            return self._open_case(earlier=0)
        wanted = Q(queue=self.queue, content_digest=self.digest) | Q(pk=also.case_id if also else None)
        locked = list(Case.objects.select_for_update().filter(wanted).order_by("pk"))
        cases = [case for case in locked if case.content_digest == self.digest]
        joined = next((case for case in cases if self._may_join(case)), None)
        if joined is None:
            return self._open_case(earlier=max((case.severity for case in cases), default=0))
        if joined.state == CaseState.OPEN:
            labels.raise_case(case=joined, category=self.item.category, severity=self.severity, at=self.at)
        return joined

    def _raise_job(self, case: Case) -> None:
        labels.raise_waiting_job(
            case=case,
            category=self.item.category,
            severity=self.severity,
            priority=self.item.priority,
            due_at=self.item.due_at,
        )

    def _may_join(self, case: Case) -> bool:
        """Whether the case is open, or decided under the policy that is still in force."""
        if case.state == CaseState.DECIDED:
            decision = standing_decision(case_id=case.pk)
            policy = policy_in_force(queue=self.queue, at=self.at)
            return decision is not None and decision.policy_version_id == policy.pk
        return case.state == CaseState.OPEN

    def _open_case(self, *, earlier: int) -> Case:
        self.opened = Case.objects.create(
            platform=self.platform,
            queue=self.queue,
            content_digest=self.digest,
            category=self.item.category,
            severity=max(self.severity, earlier),
            labelled_severity=self.severity,
            language=self.item.language,
            medium=self.item.medium,
            opened_at=self.at,
        )
        return self.opened

    def _revision_of(self, known: Item, case: Case) -> ItemRevision:
        item, waits = self.item, case is self.opened and self._is_prepared()
        revision = ItemRevision.objects.create(
            item=known,
            platform=self.platform,
            case=case,
            number=known.current_revision,
            status=ItemStatus.WAITING if waits else ItemStatus.RECEIVED,
            content_digest=self.digest,
            category=item.category,
            severity=self.severity,
            text=item.text,
            language=item.language,
            author=dict(item.author),
            context=dict(item.context),
            hints=dict.fromkeys(sorted(item.hints), True),
            scores=dict(item.scores),
            metadata=dict(item.metadata),
            priority=item.priority,
            due_at=item.due_at,
            created_at=self.at,
        )
        self._add_media(revision)
        append_reports(revision=revision, reports=item.reports, at=self.at)
        if waits:
            preparation.let_first_wait(case=case, revision=revision, hashes=self._hashes(), at=self.at)
        else:
            self._send_on(revision, case)
        return revision

    def _add_media(self, revision: ItemRevision) -> None:
        Medium.objects.bulk_create(
            Medium(
                revision=revision,
                blob_id=medium.sha256,
                position=position,
                kind=medium.kind,
                filename=medium.filename,
            )
            for position, medium in enumerate(self.item.media)
        )

    def _send_on(self, revision: ItemRevision, case: Case) -> None:
        """Answer it by the decision that stands, or let it wait with its case, or have its media prepared."""
        match = match_for(case_id=case.pk, queue=self.queue, at=self.at)
        if match is not None:
            answer_match(revision=revision, decision=match, at=self.at)
        elif self._is_prepared():
            preparation.let_wait(case=case, at=self.at)
            revision.status = ItemStatus.WAITING
        elif not _is_being_prepared(case, revision):
            preparation.promise_preparation(revision=revision, at=self.at)

    def _is_prepared(self) -> bool:
        hashes = self._hashes()
        ready = Blob.objects.filter(sha256__in=hashes, state=BlobState.READY)
        return not hashes or ready.count() == len(hashes)

    def _hashes(self) -> set[str]:
        return {medium.sha256 for medium in self.item.media}


def _is_being_prepared(case: Case, revision: ItemRevision) -> bool:
    """Whether an earlier item of the same case has already promised it."""
    return case.revisions.exclude(pk=revision.pk).exists()


def _queue_for(platform: Platform, name: str | None) -> Queue:
    chosen = {"is_default": True} if name is None else {"name": name}
    # A draft is no queue yet to anybody but its lead.
    queue = Queue.objects.filter(platform=platform, **chosen).exclude(state=QueueState.DRAFT).first()
    if queue is None:
        raise ItemInvalid(
            ("queue",), _("There is no queue of this name. Leave it out for the default queue.")
        )
    _require_taking_in(queues.keep_from_closing(queue_id=queue.pk))
    return queue


def _require_taking_in(state: str) -> None:
    if state not in TAKES_IN:
        raise QueueClosed if state == QueueState.CLOSED else QueuePaused


def _severity(item: NewItem, taxonomy: Mapping[str, CategoryInForce]) -> int:
    classified = [_label(code, ("scores", code), taxonomy) for code in _believed(item.scores)]
    for code in item.scores:
        _known(code, ("scores", code), taxonomy)
    return severity_of(
        category=_label(item.category, ("category",), taxonomy), classified=classified, hints=item.hints
    )


def _believed(scores: Mapping[str, float]) -> list[str]:
    return [code for code, score in scores.items() if score >= CLASSIFIED]


def _label(code: str, path: Path, taxonomy: Mapping[str, CategoryInForce]) -> Label:
    if code == UNKNOWN:
        return UNKNOWN_LABEL
    category = _known(code, path, taxonomy)
    if not category.is_enabled:
        raise ItemInvalid(
            path,
            _(
                "This category is switched off here: nobody looks at such content. Do not send it; "
                "hand it over by its hash to the authority or hotline that the law names."
            ),
        )
    return category.as_label


def _known(code: str, path: Path, taxonomy: Mapping[str, CategoryInForce]) -> CategoryInForce:
    if code not in taxonomy:
        raise ItemInvalid(
            path,
            _(
                "There is no category of this code. GET /categories lists them; 'unknown' is accepted "
                "and counts as severity 3."
            ),
        )
    return taxonomy[code]
