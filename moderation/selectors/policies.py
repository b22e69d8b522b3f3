"""By what a case is judged at an instant: the policy of its queue, and what the categories say."""

from collections.abc import Iterable
from datetime import datetime

from moderation.models import CategoryVersion, PolicyVersion
from moderation.rules.severity import Label


def policy_in_force(*, queue_id: int, at: datetime) -> PolicyVersion | None:
    """Return the highest version of the queue's policy that is in force, or None where none is yet."""
    versions = PolicyVersion.objects.filter(queue_id=queue_id, in_force_from__lte=at)
    return versions.order_by("-version").first()


def enabled_labels(*, codes: Iterable[str], at: datetime) -> dict[str, Label]:
    """Return severity and flags in force of those *codes* that are known and enabled."""
    versions = CategoryVersion.objects.filter(
        category_id__in=list(codes), category__is_enabled=True, effective_from__lte=at
    )
    rows = versions.order_by("effective_from").values_list("category_id", "severity", "flags")
    return {code: Label(severity=severity, flags=flags) for code, severity, flags in rows}
