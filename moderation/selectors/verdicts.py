"""What people have said of bytes before."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Max

from moderation.models import DecisionState, MediumVerdict


def all_confirmed(*, platform_id: UUID, hashes: Collection[str], at_most: int) -> bool:
    """Whether a person's final decision put each of these bytes at severity *at_most* or less, and none put them higher.

    0 is what may be offered after a hard limit (WELLBEING.md 'Limits'); 1 is what need not start shielded (P3). Of the
    same platform only: what one client sent says nothing about another's. False for no bytes at all.
    """
    verdicts = MediumVerdict.objects.filter(
        sha256__in=hashes, decision__state=DecisionState.FINAL, decision__case__platform_id=platform_id
    )
    worst = dict(verdicts.values("sha256").annotate(worst=Max("severity")).values_list("sha256", "worst"))
    return bool(hashes) and all(worst.get(sha256, at_most + 1) <= at_most for sha256 in set(hashes))
