"""What a person chose for themselves, for their own pages alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from wellbeing.models import OptOut, SevereAgreement


@dataclass(frozen=True, slots=True)
class OptOutLine:
    """An opt-out that holds. ``kind``: category, medium, sound, language or queue; ``value`` its code, tag or id.

    ``until`` None: until the person ends it.
    """

    id: UUID
    kind: str
    value: str
    until: datetime | None
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Choices:
    """``opt_outs``: newest first. ``agreed_at``: since when the person agrees to severity 4; None while they do not."""

    opt_outs: list[OptOutLine]
    agreed_at: datetime | None


def choices_of(subject: UUID, *, at: datetime) -> Choices:
    """Return what somebody chose and what holds of it at *at*; two queries."""
    lasts = Q(until__isnull=True) | Q(until__gt=at)
    found = OptOut.objects.filter(lasts, subject=subject, ended_at__isnull=True).order_by("-set_at", "id")
    given = SevereAgreement.objects.filter(subject=subject, revoked_at__isnull=True)
    return Choices(
        [OptOutLine(one.pk, one.kind, one.value, one.until, one.set_at) for one in found],
        given.values_list("given_at", flat=True).first(),
    )
