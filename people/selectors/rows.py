"""Rows for pages: the operator's lists of people and platforms, and what a person was told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch

from people.models import (
    Announcement,
    ApiKey,
    Platform,
    Role,
    RoleGrant,
    TeamMembership,
    User,
)

STATES = ("active", "invited", "ended")
ANNOUNCED_FOR = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the operator's list shows them: no exposure, no speed, no count of work.

    ``began_on``: since when they do this work, None for whoever started here.
    """

    id: int
    name: str
    username: str
    roles: tuple[str, ...]
    team: str
    state: str
    began_on: date | None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as the operator's page shows it. ``state`` is ``live``, ``expired`` or ``revoked``."""

    id: int
    prefix: str
    scopes: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class PlatformRow:
    """A platform and its keys, newest first."""

    id: UUID
    name: str
    keys: tuple[KeyRow, ...]


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    """Who was named what, or is it no more (``is_ended``), for somebody who has not put it away."""

    id: int
    name: str
    role: str
    announced_at: datetime
    is_ended: bool


def people() -> list[PersonRow]:
    """Return everybody, active people first, in three queries."""
    users = User.objects.prefetch_related(
        Prefetch("role_grants", RoleGrant.objects.filter(revoked_at__isnull=True)),
        Prefetch(
            "memberships", TeamMembership.objects.filter(effective_until__isnull=True).select_related("team")
        ),
    )
    rows = [_person_row(user) for user in users]
    return sorted(rows, key=lambda row: (STATES.index(row.state), row.name.casefold()))


def person(user: User) -> PersonRow:
    """Return one person as the operator's page shows them."""
    return _person_row(user)


def platforms(*, at: datetime) -> list[PlatformRow]:
    """Return every platform with its keys, in two queries."""
    found = Platform.objects.order_by("name").prefetch_related(
        Prefetch("api_keys", ApiKey.objects.order_by("-created_at", "-id"))
    )
    return [PlatformRow(p.pk, p.name, tuple(_key_row(key, at=at) for key in p.api_keys.all())) for p in found]


def platform_names() -> list[tuple[UUID, str]]:
    """Return id and name of every platform, by name; one query."""
    return list(Platform.objects.order_by("name").values_list("pk", "name"))


def announcements_for(subject: UUID, *, at: datetime) -> list[AnnouncementRow]:
    """Return what a person was told in the last four weeks and has not put away, newest first; one query."""
    found = Announcement.objects.filter(announced_at__gt=at - ANNOUNCED_FOR).exclude(
        reads__user__subject=subject
    )
    rows = found.select_related("user").order_by("-announced_at", "-id")
    return [
        AnnouncementRow(a.pk, str(a.user), str(Role(a.role).label), a.announced_at, a.is_ended) for a in rows
    ]


def _person_row(user: User) -> PersonRow:
    grants = [grant.role for grant in user.role_grants.all() if grant.revoked_at is None]
    teams = [
        membership.team.name for membership in user.memberships.all() if membership.effective_until is None
    ]
    return PersonRow(
        id=user.pk,
        name=str(user),
        username=user.username,
        roles=tuple(str(role.label) for role in Role if role in grants),
        team=teams[0] if teams else "",
        state=_state(user),
        began_on=user.began_on,
    )


def _state(user: User) -> str:
    if user.deactivated_at is not None:
        return "ended"
    return "active" if user.is_active else "invited"


def _key_row(key: ApiKey, *, at: datetime) -> KeyRow:
    over = key.expires_at is not None and key.expires_at <= at
    return KeyRow(
        id=key.pk,
        prefix=key.prefix,
        scopes=", ".join(key.scopes),
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        state="revoked" if key.revoked_at is not None else "expired" if over else "live",
    )
