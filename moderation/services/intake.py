"""Take an item in: find or open its case, and promise or enqueue the work, in the caller's one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from moderation.exceptions import ExternalIdConflict, ItemInvalid, Moved, QueueClosed, QueuePaused
from moderation.models import (
    Blob,
    BlobState,
    Case,
    CaseState,
    Decision,
    DecisionState,
    Item,
    ItemRevision,
    ItemStatus,
    Medium,
    SplitMatch,
)
from moderation.rules.matching import Doubt, Sent, doubts
from moderation.selectors.decisions import decided, newest_standing
from moderation.selectors.items import OPEN_STATUSES, current_revision
from moderation.selectors.looks import next_revision
from moderation.selectors.taxonomy import categories_in_force
from moderation.services import looks, preparation, withdrawal
from moderation.services.answers import answer_match
from moderation.services.labels import Said, severity_in
from moderation.services.raising import Raiser, raise_case
from moderation.services.repetition import Repetition
from moderation.services.reports import append_reports
from moderation.services.sending import Accepted, NewItem, add_hints, check_said, differing
from people.models import Platform
from queues.models import TAKES_IN, Queue, QueueState
from queues.services import jobs, queues, raising

__all__ = ["Accepted", "NewItem", "accept"]

COMMON: Final = 1
"""The revision of the case that every item of its content joins."""


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
    differs = differing(current, item)
    if not differs and not _restarts(item, current):
        return Repetition(known, current, item, at).recognised()
    if item.revision is None or item.revision <= known.current_revision:
        raise ExternalIdConflict(differs)
    return _Intake(platform, item, at).next(known, current)


def _restarts(item: NewItem, current: ItemRevision) -> bool:
    """Whether equal content begins anew: the last try ended without a decision and this is a higher revision."""
    ended = current.status in {ItemStatus.WITHDRAWN, ItemStatus.QUARANTINED}
    return ended and item.revision is not None and item.revision > current.number


class _Intake:
    """One item on its way in. Locks in order: queue (shared) → holder → job → cases → item → feed head.

    ``opened``: the case that this very item opened. ``doubted``: the decision that stands on the case it joined, and that
    does not answer it.
    """

    def __init__(self, platform: Platform, item: NewItem, at: datetime) -> None:
        self.platform, self.item, self.at = platform, item, at
        self.queue = _queue_for(platform, item.queue)
        self.taxonomy = categories_in_force(at=at)
        self.said = Said(item.category, item.hints, item.scores)
        check_said(self.said, self.taxonomy)
        self.severity = severity_in(self.said, self.taxonomy)
        self.digest = item.digest
        self.opened: Case | None = None
        self.doubted: Decision | None = None

    def first(self) -> Accepted:
        """An item that nobody has seen before."""
        self._store_blobs()
        case = self._case(known=None)
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
        refs = {before.case_id, *(case.pk for case in self._same_content(known))}
        raising.hold_holders(*refs, at=self.at)
        ended = retired is not None and withdrawal.end_work_if_last(revision=retired, at=self.at)
        case = self._case(known=known, also=retired)
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

    def _same_content(self, known: Item | None) -> QuerySet[Case]:
        """Return the cases of this content that the item may join: never one that a person split it off from."""
        cases = Case.objects.filter(queue=self.queue, content_digest=self.digest)
        splits = SplitMatch.objects.filter(item=known)
        own = Q(revision=COMMON) | Q(pk__in=splits.values("own_case"))
        return cases.filter(own).exclude(pk__in=splits.values("case"))

    def _case(self, *, known: Item | None, also: ItemRevision | None = None) -> Case:
        """Lock the case of this content, raised to this item's label; open one if none is open or decided.

        The case of *also* is locked with it, in the order of their ids.
        """
        same = self._same_content(known)
        seen = _to_join(list(same))
        if seen is None and also is None and not same.exists():
            # Whoever opens one at this moment, too, meets the unique index, and begins again.
            return self._open_case([], known)
        if seen is not None:
            self._raise(seen)
        wanted = Q(pk__in=same.values("pk")) | Q(pk=also.case_id if also else None)
        locked = list(Case.objects.select_for_update().filter(wanted).order_by("pk"))
        # Of those that were there before the lock: what came into being since then meets the unique index.
        cases = [case for case in locked if case in same]
        joined = _to_join(cases)
        if (joined and joined.pk) != (seen and seen.pk) or (joined and joined.severity < self.severity):
            raise Moved
        return self._open_case(cases, known) if joined is None or not self._joins(joined) else joined

    def _raise(self, case: Case) -> None:
        """Let this item's label and hurry count for a case that it is about to join."""
        if self.severity > case.severity:
            raise_case(
                case_id=case.pk,
                category=self.item.category,
                severity=self.severity,
                by=Raiser.PLATFORM,
                at=self.at,
            )
        if case.state == CaseState.OPEN:
            jobs.raise_priority(case_ref=case.pk, priority=self.item.priority, due_at=self.item.due_at)

    def _joins(self, case: Case) -> bool:
        """Say whether the item joins this locked case, open or decided; not one decided under an older policy.

        What stands on it may give it no answer: then the item waits for another one, and a decided case with it.
        """
        decision = newest_standing([case])
        found = () if decision is None else doubts(self._sent(), decided(decision, at=self.at))
        if case.state == CaseState.DECIDED and Doubt.POLICY in found:
            return False
        add_hints(case, self.item.hints)
        if decision is not None and found:
            self.doubted = decision
            if case.state == CaseState.DECIDED:
                self._open_again(case, decision)
        return True

    def _sent(self) -> Sent:
        sources = frozenset(report.source for report in self.item.reports)
        return Sent(self.severity, self.item.category, self.item.hints, sources)

    def _open_again(self, case: Case, decision: Decision) -> None:
        looks.open_again(
            case=case,
            decision=decision,
            priority=self.item.priority,
            due_at=self.item.due_at,
            at=self.at,
        )

    def _open_case(self, same: Sequence[Case], known: Item | None) -> Case:
        """Open a case; what stands on the same content is shown beside it, and lends it its severity.

        For an item that was split off, one that no other item joins.
        """
        earlier = newest_standing(same)
        splits = SplitMatch.objects.filter(
            item=known, case__queue=self.queue, case__content_digest=self.digest
        )
        self.opened = Case.objects.create(
            platform=self.platform,
            queue=self.queue,
            content_digest=self.digest,
            revision=self._next_apart() if known is not None and splits.exists() else COMMON,
            category=self.item.category,
            severity=max(self.severity, *(case.severity for case in same), 0),
            labelled_severity=self.severity,
            hints=sorted(self.item.hints),
            earlier=earlier,
            language=self.item.language,
            medium=self.item.medium,
            opened_at=self.at,
        )
        if self.opened.revision != COMMON:
            splits.update(own_case=self.opened)
        return self.opened

    def _next_apart(self) -> int:
        """Return the revision of a case that stands apart from the common one of its content."""
        return next_revision(queue_id=self.queue.pk, content_digest=self.digest)

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
            doubts=self.doubted,
            created_at=self.at,
        )
        self._add_media(revision)
        if waits:
            append_reports(revision=revision, reports=item.reports, at=self.at)
            preparation.let_first_wait(case=case, revision=revision, hashes=self._hashes(), at=self.at)
        else:
            looks.take_reports(case=case, revision=revision, reports=item.reports, at=self.at)
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
        match = newest_standing([case]) if case.state == CaseState.DECIDED else None
        if match is not None and match.state == DecisionState.FINAL:
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
        raise ItemInvalid(("queue",), "queue_unknown")
    _require_taking_in(queues.keep_from_closing(queue_id=queue.pk))
    return queue


def _require_taking_in(state: str) -> None:
    if state not in TAKES_IN:
        raise QueueClosed if state == QueueState.CLOSED else QueuePaused


def _to_join(cases: Sequence[Case]) -> Case | None:
    """Return the case that an item of this content joins: the open one, else the one that was decided last."""
    open_one = next((case for case in cases if case.state == CaseState.OPEN), None)
    if open_one is not None:
        return open_one
    newest = newest_standing([case for case in cases if case.state == CaseState.DECIDED])
    return next((case for case in cases if newest is not None and case.pk == newest.case_id), None)
