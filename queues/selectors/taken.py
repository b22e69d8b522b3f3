"""Under which versions of the limits a person took cases: read by that person alone."""

from collections.abc import Collection
from uuid import UUID

from queues.models import Claim


def limits_versions(subject: UUID, claims: Collection[UUID]) -> list[int]:
    """Return the versions of the limits under which a person took *claims*, each once."""
    taken = Claim.objects.filter(pk__in=claims, subject=subject)
    return list(taken.order_by("limits_version").values_list("limits_version", flat=True).distinct())
