"""What a platform's label says: what a repetition makes of it, and how urgent a case is. A label only rises."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, Min

from moderation.models import Case, ItemRevision
from moderation.rules.severity import CLASSIFIED, UNKNOWN_LABEL, Label, severity_of
from moderation.selectors.items import OPEN_STATUSES
from moderation.selectors.taxonomy import CategoryInForce

Taxonomy = Mapping[str, CategoryInForce]


@dataclass(frozen=True, slots=True)
class Said:
    """What a platform says of an item: a code or ``unknown``, scores by code, the hints that it gave."""

    category: str
    hints: frozenset[str] = frozenset()
    scores: Mapping[str, float] = field(default_factory=dict)


def said_of(revision: ItemRevision) -> Said:
    """Return what was said of a stored item."""
    hints = frozenset(hint for hint, is_given in revision.hints.items() if is_given)
    return Said(revision.category, hints, revision.scores)


def severity_in(said: Said, taxonomy: Taxonomy) -> int:
    """Return the severity (0 to 4) of what was said; a category that is unknown here counts as ``unknown``."""
    return severity_of(
        category=label_of(said.category, taxonomy),
        classified=[label_of(code, taxonomy) for code in believed(said.scores)],
        hints=said.hints,
    )


def label_of(code: str, taxonomy: Taxonomy) -> Label:
    """Return what the taxonomy says of a code."""
    return taxonomy[code].as_label if code in taxonomy else UNKNOWN_LABEL


def believed(scores: Mapping[str, float]) -> list[str]:
    """Return the codes in which a classifier is believed."""
    return [code for code, score in scores.items() if score >= CLASSIFIED]


def risen(before: Said, news: Said, taxonomy: Taxonomy) -> Said:
    """Return what stands once *news* was said too: all hints, the higher scores, the more severe category."""
    hints = before.hints | news.hints
    codes = {**before.scores, **news.scores}
    scores = {code: max(before.scores.get(code, 0.0), news.scores.get(code, 0.0)) for code in codes}
    one, other = Said(before.category, hints, scores), Said(news.category, hints, scores)
    return other if _alone(other, taxonomy) > _alone(one, taxonomy) else one


def most_severe(found: Iterable[tuple[int, str]], *, default: str) -> tuple[str, int]:
    """Return category and severity of the most severe of (severity, category)."""
    severity, category = max(found, key=lambda each: each[0], default=(0, default))
    return category, severity


def urgency_of(case: Case) -> tuple[int, datetime | None]:
    """Return the highest priority (0 to 100) and the earliest due time of the case's open items."""
    found = case.revisions.filter(status__in=OPEN_STATUSES).aggregate(
        priority=Max("priority", default=0), due_at=Min("due_at")
    )
    return found["priority"], found["due_at"]


def _alone(said: Said, taxonomy: Taxonomy) -> int:
    """Return the severity of the category with its hints, whatever a classifier believes."""
    return severity_of(category=label_of(said.category, taxonomy), hints=said.hints)
