"""What the core asks about people: for allocation, and for what limits them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from people.models import RoleGrant, Subject, TeamMembership
from people.rules import roles
from people.rules.skills import LANGUAGE_PREFIX
from people.rules.zones import ZonePeriod
from people.selectors.teams import memberships_at
from people.selectors.zones import periods_from
from people.statements import Part, Row, instant, many_from_json, moment
from people.statements.texts import PROFILE


@dataclass(frozen=True, slots=True)
class Worker:
    """What allocation may know of a person. ``languages`` empty means any, not asked."""

    subject: UUID
    is_active: bool
    team_id: int | None
    skills: frozenset[str]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class TeamStay:
    """A person's time in one team; ``left_at`` is None while nothing ends it."""

    team_id: int
    came_at: datetime
    left_at: datetime | None

    def lasts(self, at: datetime) -> bool:
        """Say whether they are in it at *at*."""
        return self.came_at <= at and (self.left_at is None or at < self.left_at)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the core asks about a person, read at once. ``codes``: skills and languages as they are stored.

    ``zones`` earliest first. ``stays``: the teams in which they are, will be, or were some days ago. ``is_known``: there is
    a user behind the subject. ``began_on``: since when they do this work, None where the employer did not say.
    """

    subject: UUID
    is_active: bool
    codes: frozenset[str]
    zones: tuple[ZonePeriod, ...]
    stays: tuple[TeamStay, ...]
    is_known: bool = False
    began_on: date | None = None

    def worker(self, at: datetime) -> Worker:
        """Return what allocation may know."""
        languages = {code for code in self.codes if code.startswith(LANGUAGE_PREFIX)}
        return Worker(
            subject=self.subject,
            is_active=self.is_active,
            team_id=next((stay.team_id for stay in self.stays if stay.lasts(at)), None),
            skills=self.codes - languages,
            languages=frozenset(code.removeprefix(LANGUAGE_PREFIX) for code in languages),
        )


def profile_of(subject: UUID, *, since: datetime) -> Profile:
    """Return what the core asks about a person, in one statement, with the teams that they left after *since*.

    A subject without a user is not active.
    """
    statement, parameters = profile_part(subject, since=since)
    return profile_from(subject, statement.row(**parameters))


def profile_part(subject: UUID, *, since: datetime) -> Part:
    """Return the statement that ``profile_of`` runs, for whoever has more to read in the same round trip."""
    return PROFILE, {"subject": subject, "since": since}


def profile_from(subject: UUID, row: Row | None) -> Profile:
    """Return the profile that ``profile_part`` has read."""
    is_active, began_on, codes, zones, stays = row or ((None,) * 5)
    return Profile(
        subject=subject,
        is_active=bool(is_active),
        codes=frozenset(many_from_json(codes)),
        zones=periods_from(zones),
        stays=tuple(
            TeamStay(team, instant(came), moment(left)) for team, came, left in many_from_json(stays)
        ),
        is_known=is_active is not None,
        began_on=None if began_on is None else date.fromisoformat(began_on),
    )


def worker_of(subject: UUID, *, at: datetime) -> Worker:
    """Return what allocation may know of a person. A subject without a user is not active."""
    return profile_of(subject, since=at).worker(at)


def staff_of(team_ids: Collection[int] | None, *, at: datetime) -> list[Worker]:
    """Return the active moderators of some teams, or of all teams, as allocation knows them; one query."""
    judging = RoleGrant.objects.filter(role=roles.MODERATOR, revoked_at__isnull=True)
    members = memberships_at(at).filter(user__is_active=True, user__role_grants__in=judging)
    if team_ids is not None:
        members = members.filter(team_id__in=team_ids)
    rows = members.filter(user__subject__isnull=False).values_list(
        "user__subject", "team_id", "user__skills__code"
    )
    codes: dict[tuple[UUID, int], set[str]] = {}
    for subject, team_id, code in rows:
        codes.setdefault((subject, team_id), set()).update({code} if code else ())
    return [_worker(subject, team_id, found) for (subject, team_id), found in codes.items()]


def _worker(subject: UUID, team_id: int, codes: set[str]) -> Worker:
    languages = {code for code in codes if code.startswith(LANGUAGE_PREFIX)}
    return Worker(
        subject=subject,
        is_active=True,
        team_id=team_id,
        skills=frozenset(codes - languages),
        languages=frozenset(code.removeprefix(LANGUAGE_PREFIX) for code in languages),
    )


def beginnings_of(subjects: Collection[UUID]) -> dict[UUID, date | None]:
    """Return since when each of many people does this work, None where the employer did not say; one query."""
    found = Subject.objects.filter(pk__in=subjects, user__isnull=False)
    return dict(found.values_list("pk", "user__began_on"))


def team_stays_by_subject(
    subjects: Collection[UUID], *, since: datetime, at: datetime
) -> dict[UUID, list[TeamStay]]:
    """Return in which teams many people were after *since*, or are at *at*; one query."""
    lasted = Q(effective_until__isnull=True) | Q(effective_until__gt=since)
    stays = TeamMembership.objects.filter(lasted, user__subject__in=subjects, effective_from__lte=at)
    found: dict[UUID, list[TeamStay]] = {subject: [] for subject in subjects}
    rows = stays.values_list("user__subject", "team_id", "effective_from", "effective_until")
    for subject, team_id, came_at, left_at in rows:
        found[subject].append(TeamStay(team_id, came_at, left_at))
    return found
