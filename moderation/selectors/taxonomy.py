"""The categories and policies in force at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from moderation.exceptions import NoPolicyInForce
from moderation.models import Category, CategoryVersion, PolicyVersion
from moderation.rules.severity import Label
from moderation.statements import CATEGORIES_IN_FORCE
from people.statements import many_from_json, moment, one_from_json
from queues.models import Queue


@dataclass(frozen=True, slots=True)
class CategoryInForce:
    """A category with the severity (0 to 4) and flags (letters of V G S C A T) that hold."""

    code: str
    label: str
    severity: int
    flags: str
    dsa_category: str
    is_enabled: bool

    @property
    def as_label(self) -> Label:
        """What the severity rule asks of it."""
        return Label(self.severity, self.flags)


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """One version of a category: from when it holds, who wrote it and why (empty for the shipped one)."""

    severity: int
    flags: str
    is_enabled: bool | None
    effective_from: datetime
    set_at: datetime | None
    set_by: str
    reason: str


KEPT_AT_MOST: Final = timedelta(minutes=1)
"""What no trigger tells (TRUNCATE) is felt after this long."""


def categories_in_force(*, at: datetime) -> Mapping[str, CategoryInForce]:
    """Return code → category at *at*, in the taxonomy's order; one query.

    It is asked for every item and every decision: what was read before is not built anew.
    """
    return _read(at).categories


def kept_categories(mark: str | None, *, at: datetime) -> Mapping[str, CategoryInForce]:
    """Return the same, read anew (one query) unless it is at hand under this very mark.

    ``mark``: what ``TAXONOMY_MARK`` read, before this is called; None where nothing was ever written.
    """
    known = _kept.get(mark)
    if mark is None or known is None or not known.serves(at):
        known = _read(at)
        _kept.clear()
        _kept[mark] = known
    return known.categories


@dataclass(frozen=True, slots=True)
class _Kept:
    """The categories as they were read, and the instant from which the next version holds."""

    read_at: datetime
    changes_at: datetime | None
    categories: Mapping[str, CategoryInForce]

    def serves(self, at: datetime) -> bool:
        if self.changes_at is not None and self.changes_at <= at:
            return False
        return self.read_at <= at < self.read_at + KEPT_AT_MOST


_kept: dict[str | None, _Kept] = {}
"""What this process keeps, under the mark that was read last. One assignment each: threads may overtake each other."""


def _read(at: datetime) -> _Kept:
    found, changes_at = CATEGORIES_IN_FORCE.row(at=at) or (None, None)
    return _Kept(at, moment(changes_at), _from_text(found))


def categories_as_written(*, at: datetime) -> dict[str, CategoryInForce]:
    """Return code → category as it was written last, what waits for its day included; one query."""
    return _by_code(CategoryVersion.objects.filter(Q(set_at__lte=at) | Q(effective_from__lte=at)))


def waiting_from(*, code: str, at: datetime) -> datetime | None:
    """Return from when the version written last holds, None if it holds already."""
    newest = CategoryVersion.objects.filter(category_id=code).order_by("-pk").first()
    return newest.effective_from if newest is not None and newest.effective_from > at else None


def category_history(*, code: str) -> list[CategoryChange]:
    """Return the versions of a category, newest first, the shipped one last."""
    rows = CategoryVersion.objects.filter(category_id=code).order_by("-pk")
    return [
        CategoryChange(
            row.severity, row.flags, row.is_enabled, row.effective_from, row.set_at, row.set_by, row.reason
        )
        for row in rows
    ]


@lru_cache(maxsize=256)
def policy_from(text: str | None) -> PolicyVersion:
    """Return the rules that a statement found, as JSON has their columns. Kept, by all that it says; nobody changes one.

    Raises:
        NoPolicyInForce: it found none.
    """
    policy = one_from_json(PolicyVersion, text)
    if policy is None:
        raise NoPolicyInForce
    return policy


@lru_cache(maxsize=16)
def _from_text(text: str | None) -> Mapping[str, CategoryInForce]:
    """Return what the statement found, kept by its whole text: two taxonomies with one text are the same."""
    found = {}
    for _position, code, label, severity, flags, dsa_category, is_enabled in sorted(many_from_json(text)):
        found[code] = CategoryInForce(code, label, severity, flags, dsa_category, bool(is_enabled))
    return found


def _by_code(versions: QuerySet[CategoryVersion]) -> dict[str, CategoryInForce]:
    """Of each category's versions the one written last counts."""
    newest = versions.filter(category=OuterRef("pk")).order_by("-pk")
    rows = (
        Category.objects.annotate(
            severity=Subquery(newest.values("severity")[:1]),
            flags=Subquery(newest.values("flags")[:1]),
            enabled=Coalesce(Subquery(newest.values("is_enabled")[:1]), F("is_enabled")),
        )
        .filter(severity__isnull=False)
        .order_by("position", "code")
        .values_list("code", "label", "severity", "flags", "dsa_category", "enabled")
    )
    return {row[0]: CategoryInForce(*row) for row in rows}


def policy_in_force(*, queue: Queue, at: datetime) -> PolicyVersion:
    """Return the rules that *queue* is judged by at *at*.

    Raises:
        NoPolicyInForce: none has come into force yet.
    """
    versions = PolicyVersion.objects.filter(queue=queue, in_force_from__lte=at)
    policy = versions.order_by("-version").first()
    if policy is None:
        raise NoPolicyInForce
    return policy
