"""The categories and policies in force at an instant."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from moderation.models import Category, CategoryVersion, PolicyVersion
from moderation.rules.severity import Label
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


class NoPolicyInForce(Exception):
    """The queue has no policy version whose time has come."""


def categories_in_force(*, at: datetime) -> dict[str, CategoryInForce]:
    """Return code → category at *at*, in the taxonomy's order; one query."""
    versions = CategoryVersion.objects.filter(category=OuterRef("pk"), effective_from__lte=at)
    newest = versions.order_by("-effective_from")
    rows = (
        Category.objects.annotate(
            severity=Subquery(newest.values("severity")[:1]), flags=Subquery(newest.values("flags")[:1])
        )
        .filter(severity__isnull=False)
        .order_by("position", "code")
        .values_list("code", "label", "severity", "flags", "dsa_category", "is_enabled")
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
