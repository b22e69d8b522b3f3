"""How far the labels of each platform were off, from decisions alone: of groups, rounded, whole stretches (P7, P10)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q

from moderation.models import Decision
from moderation.rules.off_labels import Counted, Told, stretch_before, told
from moderation.selectors.decisions import STANDING
from people.models import Platform


@dataclass(frozen=True, slots=True)
class OffLine:
    """A platform, and what may be told of it; None where too few people or cases are behind it."""

    platform: str
    told: Told | None


def off_labels(*, at: datetime, platform_ids: Collection[UUID] | None = None) -> list[OffLine]:
    """Return one line for each of these platforms (all, unless told), by name; one query for all of them, and their names."""
    platforms = Platform.objects.order_by("name")
    if platform_ids is not None:
        platforms = platforms.filter(pk__in=platform_ids)
    counted = _counted(at)
    nothing = Counted(0, 0, 0, 0)
    return [OffLine(name, told(counted.get(pk, nothing))) for pk, name in platforms.values_list("pk", "name")]


def _counted(at: datetime) -> dict[UUID, Counted]:
    """Count the first decisions of the last stretch. What a decision was made on does not change any more."""
    start, end = stretch_before(at)
    first = Decision.objects.filter(
        decided_at__gte=start,
        decided_at__lt=end,
        state__in=STANDING,
        supersedes__isnull=True,
        labelled_severity__isnull=False,
    )
    rows = first.values_list("case__platform_id").annotate(
        cases=Count("pk"),
        too_low=Count("pk", filter=Q(severity__gt=F("labelled_severity"))),
        far_too_low=Count("pk", filter=Q(severity__gt=F("labelled_severity") + 1)),
        people=Count("subject", distinct=True),
    )
    return {platform_id: Counted(*figures) for platform_id, *figures in rows}
