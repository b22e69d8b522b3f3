"""An item as a platform sent it, and what of it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from moderation.exceptions import ItemInvalid
from moderation.models import Case, ItemRevision
from moderation.rules.digest import content_digest
from moderation.rules.severity import UNKNOWN, UNKNOWN_LABEL, Label
from moderation.selectors.taxonomy import CategoryInForce
from moderation.services.blobs import StoredMedium
from moderation.services.labels import Said, Taxonomy, believed
from moderation.services.reports import NewReport

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


def differing(current: ItemRevision, item: NewItem) -> tuple[str, ...]:
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


def add_hints(case: Case, hints: frozenset[str]) -> None:
    """Keep what any item of a locked case was said to hold."""
    known = sorted(hints.union(case.hints))
    if known != case.hints:
        case.hints = known
        case.save(update_fields=["hints"])


def check_said(said: Said, taxonomy: Taxonomy, *, known: Said | None = None) -> None:
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
        raise ItemInvalid(path, "category_disabled")
    return category.as_label


def _known(code: str, path: Path, taxonomy: Taxonomy) -> CategoryInForce:
    if code not in taxonomy:
        raise ItemInvalid(path, "category_unknown")
    return taxonomy[code]
