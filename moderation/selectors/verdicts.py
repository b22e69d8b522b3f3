"""What people have said of bytes before."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Max

from moderation.models import DecisionState, MediumVerdict

MILD = 1


def all_mild(*, platform_id: UUID, hashes: Collection[str]) -> bool:
    """Whether a person's final decision put each of these bytes at severity 0 or 1, and none put them higher (P3).

    Of the same platform only: what one client sent says nothing about another's. False for no bytes at all.
    """
    verdicts = MediumVerdict.objects.filter(
        sha256__in=hashes, decision__state=DecisionState.FINAL, decision__case__platform_id=platform_id
    )
    worst = dict(verdicts.values("sha256").annotate(worst=Max("severity")).values_list("sha256", "worst"))
    return bool(hashes) and all(worst.get(sha256, MILD + 1) <= MILD for sha256 in set(hashes))
