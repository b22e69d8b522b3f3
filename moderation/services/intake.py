"""Take an item in: find or open its case, and promise or enqueue the work, in the caller's one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

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
from moderation.rules.digest import content_digest
from moderation.rules.matching import Doubt, Sent, doubts
from moderation.rules.severity import UNKNOWN, UNKNOWN_LABEL, Label
from moderation.selectors.decisions import decided, newest_standing
from moderation.selectors.items import OPEN_STATUSES, current_revision
from moderation.selectors.taxonomy import CategoryInForce, categories_in_force
from moderation.services import looks, preparation, withdrawal
from moderation.services.answers import answer_match
from moderation.services.blobs import StoredMedium
from moderation.services.idempotency import Moved
from moderation.services.labels import Said, Taxonomy, believed, risen, said_of, severity_in
from moderation.services.raising import Raiser, raise_case
from moderation.services.reports import NewReport, append_reports
from people.models import Platform
from queues.models import TAKES_IN, Queue, QueueState
from queues.services import jobs, queues, raising

TEXT: Final = "text"
COMMON: Final = 1
"""The revision of the case that every item of its content joins."""
REPLACED: Final = (
    "category", "severity", "hints", "scores", "author", "language", "metadata", "priority", "due_at",
)  # fmt: skip
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
    """The external id stands for other content, and no higher revision was given. ``fields``: what differs."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(*fields)
        self.fields = fields


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
    differs = _differing(current, item)
    if not differs and not _restarts(item, current):
        return _Repetition(known, current, item, at).recognised()
    if item.revision is None or item.revision <= known.current_revision:
        raise ExternalIdConflict(differs)
    return _Intake(platform, item, at).next(known, current)


def _differing(current: ItemRevision, item: NewItem) -> tuple[str, ...]:
    """Return the fields in which an item is another one than what is known under its id."""
    elsewhere = item.queue is not None and item.queue != current.case.queue.name
    if current.content_digest == item.digest:
        return ("queue",) if elsewhere else ()
    media = list(current.media.order_by("position").values_list("blob_id", flat=True))
    same = {
        "text": current.text == item.text,
        "media": media == [medium.sha256 for medium in item.media],
        "context": current.context == dict(item.context),
        "queue": not elsewhere,
    }
    return tuple(name for name, is_same in same.items() if not is_same)


def _restarts(item: NewItem, current: ItemRevision) -> bool:
    """Whether equal content begins anew: the last try ended without a decision and this is a higher revision."""
    ended = current.status in {ItemStatus.WITHDRAWN, ItemStatus.QUARANTINED}
    return ended and item.revision is not None and item.revision > current.number


class _Repetition:
    """An item that is known, sent again: reports are added, hurry and a worse label count, and what is said of it is
    stored. Locks in order: holder → job → case → item.
    """

    def __init__(self, known: Item, current: ItemRevision, item: NewItem, at: datetime) -> None:
        self.known, self.current, self.item, self.at = known, current, item, at
        self.taxonomy = categories_in_force(at=at)
        self.news = Said(item.category, item.hints, item.scores)
        before = said_of(current)
        _check(self.news, self.taxonomy, known=before)
        self.said = risen(before, self.news, self.taxonomy)
        self.severity = max(current.severity, severity_in(self.said, self.taxonomy))
        self.is_risen = (self.severity, self.said.category, self.said.hints) != (
            current.severity, before.category, before.hints,
        )  # fmt: skip

    def recognised(self) -> Accepted:
        """Store what is new of it, and let it count."""
        self._raise_and_hurry()
        case = (
            Case.objects.select_for_update(of=("self",)).select_related("queue").get(pk=self.current.case_id)
        )
        locked = Item.objects.select_for_update().get(pk=self.known.pk)
        current = current_revision(locked)
        if not self._is_as_seen(current):
            raise Moved
        self._keep(current)
        if self.is_risen:
            self._look_again_if_doubted(case, current)
        _add_hints(case, self.said.hints)
        looks.take_reports(case=case, revision=current, reports=self.item.reports, at=self.at)
        return Accepted(current, created=False)

    def _raise_and_hurry(self) -> None:
        case = self.current.case
        if self.severity > case.severity:
            raise_case(
                case_id=case.pk,
                category=self.said.category,
                severity=self.severity,
                by=Raiser.PLATFORM,
                at=self.at,
            )
        if self.current.status in OPEN_STATUSES:
            jobs.raise_priority(case_ref=case.pk, priority=self.item.priority, due_at=self.item.due_at)

    def _is_as_seen(self, now: ItemRevision) -> bool:
        """Whether nothing changed between the look that all this was worked out by, and the lock."""
        return (now.pk, now.case_id, said_of(now)) == (
            self.current.pk, self.current.case_id, said_of(self.current),
        )  # fmt: skip

    def _keep(self, current: ItemRevision) -> None:
        """Raise label and hurry, and replace what is said of it: author, language, metadata, where they were sent."""
        item, said = self.item, self.said
        due_times = [due for due in (current.due_at, item.due_at) if due is not None]
        current.category, current.severity = said.category, self.severity
        current.hints, current.scores = dict.fromkeys(sorted(said.hints), True), dict(said.scores)
        current.author = dict(item.author) or current.author
        current.language = item.language or current.language
        current.metadata = dict(item.metadata) or current.metadata
        current.priority = max(current.priority, item.priority)
        current.due_at = min(due_times, default=None)
        current.save(update_fields=REPLACED)

    def _look_again_if_doubted(self, case: Case, current: ItemRevision) -> None:
        """A worse label of a decided item is reason to look anew, unless the decision found it already.

        What still waits for that decision's grace to end does not get its answer.
        """
        decision = newest_standing([case])
        if decision is None:
            return
        sent = Sent(self.severity, self.said.category, self.said.hints)
        if not doubts(sent, replace(decided(decision, at=self.at), is_newest_policy=True)):
            return
        looks.doubt(revision=current, decision=decision)
        if case.state == CaseState.DECIDED:
            looks.open_again(
                case=case,
                decision=decision,
                priority=current.priority,
                due_at=current.due_at,
                at=self.at,
            )


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
        _check(self.said, self.taxonomy)
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
            return self._open_case([])
        if seen is not None:
            self._raise(seen)
        wanted = Q(pk__in=same.values("pk")) | Q(pk=also.case_id if also else None)
        locked = list(Case.objects.select_for_update().filter(wanted).order_by("pk"))
        # Of those that were there before the lock: what came into being since then meets the unique index.
        cases = [case for case in locked if case in same]
        joined = _to_join(cases)
        if (joined and joined.pk) != (seen and seen.pk) or (joined and joined.severity < self.severity):
            raise Moved
        return self._open_case(cases) if joined is None or not self._joins(joined) else joined

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
        _add_hints(case, self.item.hints)
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

    def _open_case(self, same: Sequence[Case]) -> Case:
        """Open a case; what stands on the same content is shown beside it, and lends it its severity."""
        earlier = newest_standing(same)
        self.opened = Case.objects.create(
            platform=self.platform,
            queue=self.queue,
            content_digest=self.digest,
            category=self.item.category,
            severity=max(self.severity, *(case.severity for case in same), 0),
            labelled_severity=self.severity,
            hints=sorted(self.item.hints),
            earlier=earlier,
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
        raise ItemInvalid(
            ("queue",), _("There is no queue of this name. Leave it out for the default queue.")
        )
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


def _add_hints(case: Case, hints: frozenset[str]) -> None:
    """Keep what any item of a locked case was said to hold."""
    known = sorted(hints.union(case.hints))
    if known != case.hints:
        case.hints = known
        case.save(update_fields=["hints"])


def _check(said: Said, taxonomy: Taxonomy, *, known: Said | None = None) -> None:
    """Refuse codes that are unknown or switched off here; not those that were said before.

    Raises:
        ItemInvalid: with the field.
    """
    if known is None or said.category != known.category:
        _label(said.category, ("category",), taxonomy)
    before = frozenset() if known is None else frozenset(known.scores)
    for code in said.scores:
        if code not in before:
            _known(code, ("scores", code), taxonomy)
    for code in believed(said.scores):
        if known is None or code not in believed(known.scores):
            _label(code, ("scores", code), taxonomy)


def _label(code: str, path: Path, taxonomy: Taxonomy) -> Label:
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


def _known(code: str, path: Path, taxonomy: Taxonomy) -> CategoryInForce:
    if code not in taxonomy:
        raise ItemInvalid(
            path,
            _(
                "There is no category of this code. GET /categories lists them; 'unknown' is accepted "
                "and counts as severity 3."
            ),
        )
    return taxonomy[code]
