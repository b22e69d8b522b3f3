"""Who was shown a case: asked only in order to count it anew, told to nobody."""

from uuid import UUID

from wellbeing.models import CaseSeen


def shown_milder(*, case_ref: UUID, severity: int) -> list[UUID]:
    """Return everybody to whom a case was counted below *severity*, in the order of their subjects."""
    milder = CaseSeen.objects.filter(case_ref=case_ref, severity__lt=severity)
    return list(milder.order_by("subject").values_list("subject", flat=True).distinct())


def was_shown(*, case_ref: UUID) -> bool:
    """Say whether anybody was shown a case."""
    return CaseSeen.objects.filter(case_ref=case_ref).exists()
