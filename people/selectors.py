"""Reads about people. Other apps ask here, in subjects, and never touch people's tables."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from people.models import Organisation, RoleGrant, Skill, Subject, TeamMembership, TimeZonePeriod, User
from people.rules import roles
from people.rules.zones import ZonePeriod

LANGUAGE_PREFIX = "lang:"


@dataclass(frozen=True, slots=True)
class Worker:
    """What allocation may know of a person. ``languages`` empty means any."""

    subject: UUID
    is_active: bool
    team_id: int | None
    skills: frozenset[str]
    languages: frozenset[str]


def organisation() -> Organisation:
    """Return the employer of this installation.

    Raises:
        Organisation.DoesNotExist: nothing was set up yet.
    """
    return Organisation.objects.order_by("id")[:1].get()


def subject_of(user: User) -> UUID:
    """Return the random name under which wellbeing, queues, decisions and audit know *user*.

    Raises:
        Subject.DoesNotExist: the link was cut (erasure).
    """
    return Subject.objects.values_list("id", flat=True).get(user_id=user.pk)


def user_of(subject: UUID) -> User | None:
    """Return the user behind *subject*, or None when the link was cut."""
    return User.objects.filter(subject=subject).first()


def roles_of(user: User) -> frozenset[str]:
    """Return the codes of the roles that *user* holds now; none for who is not active."""
    if not user.is_active:
        return frozenset()
    grants = RoleGrant.objects.filter(user_id=user.pk, revoked_at__isnull=True)
    return frozenset(grants.values_list("role", flat=True))


def wellbeing_officers() -> list[User]:
    """Return whom moderators may turn to: the active wellbeing officers, by name."""
    grants = RoleGrant.objects.filter(role=roles.WELLBEING_OFFICER, revoked_at__isnull=True)
    return list(User.objects.filter(is_active=True, role_grants__in=grants).order_by("display_name", "id"))


def zones_of(subject: UUID) -> list[ZonePeriod]:
    """Return the time zone periods of a person, earliest first; UTC holds before the first."""
    periods = TimeZonePeriod.objects.filter(user__subject=subject).order_by("effective_from")
    return [ZonePeriod(*row) for row in periods.values_list("zone", "effective_from")]


def team_of(subject: UUID, *, at: datetime) -> int | None:
    """Return the id of the team in which a person is at *at*."""
    return _memberships(at).filter(user__subject=subject).values_list("team_id", flat=True).first()


def members_of(team_id: int, *, at: datetime) -> list[UUID]:
    """Return the subjects of a team's members at *at*, in a fixed order (that of locks)."""
    members = _memberships(at).filter(team_id=team_id, user__subject__isnull=False)
    return list(members.order_by("user__subject").values_list("user__subject", flat=True))


def worker_of(subject: UUID, *, at: datetime) -> Worker:
    """Return what allocation may know of a person. A subject without a user is not active."""
    user = user_of(subject)
    if user is None:
        return Worker(subject, False, None, frozenset(), frozenset())
    codes = set(Skill.objects.filter(user_id=user.pk).values_list("code", flat=True))
    languages = {code for code in codes if code.startswith(LANGUAGE_PREFIX)}
    return Worker(
        subject=subject,
        is_active=user.is_active,
        team_id=team_of(subject, at=at),
        skills=frozenset(codes - languages),
        languages=frozenset(code.removeprefix(LANGUAGE_PREFIX) for code in languages),
    )


def _memberships(at: datetime) -> QuerySet[TeamMembership]:
    open_or_later = Q(effective_until__isnull=True) | Q(effective_until__gt=at)
    return TeamMembership.objects.filter(open_or_later, effective_from__lte=at)
