"""Teams and who is in them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from people.models import RoleGrant, Team, TeamMembership
from people.rules import roles


def team_of(subject: UUID, *, at: datetime) -> int | None:
    """Return the id of the team in which a person is at *at*."""
    return memberships_at(at).filter(user__subject=subject).values_list("team_id", flat=True).first()


def team_named(subject: UUID, *, at: datetime) -> tuple[int, str] | None:
    """Return id and name of the team in which a person is at *at*."""
    return memberships_at(at).filter(user__subject=subject).values_list("team_id", "team__name").first()


def moderators_of(team_id: int, *, at: datetime, person_id: int | None = None) -> list[tuple[int, UUID, str]]:
    """Return user id, subject and name of the active moderators of a team at *at*, or of one of them, by name; one query."""
    members = memberships_at(at).filter(team_id=team_id, user__is_active=True, user__subject__isnull=False)
    judging = RoleGrant.objects.filter(role=roles.MODERATOR, revoked_at__isnull=True)
    found = members.filter(user__role_grants__in=judging).select_related("user__subject")
    if person_id is not None:
        found = found.filter(user_id=person_id)
    rows = [(one.user.pk, one.user.subject.pk, str(one.user)) for one in found]
    return sorted(rows, key=lambda row: (row[2].casefold(), row[0]))


def members_of(team_id: int, *, at: datetime) -> list[UUID]:
    """Return the subjects of a team's members at *at*, in a fixed order (that of locks)."""
    members = memberships_at(at).filter(team_id=team_id, user__subject__isnull=False)
    return list(members.order_by("user__subject").values_list("user__subject", flat=True))


def team_names() -> list[tuple[int, str]]:
    """Return id and name of every team, by name; one query."""
    return list(Team.objects.order_by("name").values_list("pk", "name"))


def memberships_at(at: datetime) -> QuerySet[TeamMembership]:
    """Return everybody's membership that lasts at *at*."""
    lasts = Q(effective_until__isnull=True) | Q(effective_until__gt=at)
    return TeamMembership.objects.filter(lasts, effective_from__lte=at)
