"""Reads about people. Other apps ask here, in subjects, and never touch people's tables."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from people.models import (
    Announcement,
    ApiKey,
    Organisation,
    Platform,
    Role,
    RoleGrant,
    ShieldSetting,
    Subject,
    Team,
    TeamMembership,
    TimeZonePeriod,
    User,
)
from people.rules import roles
from people.rules.zones import ZonePeriod
from people.statements import Part, Row, Statement, instant, many_from_json, moment

LANGUAGE_PREFIX = "lang:"
STATES = ("active", "invited", "ended")
ANNOUNCED_FOR = timedelta(weeks=4)
SHIELD_SAMPLES, SHIELD_SAMPLES_MOST = 32, 64
SUBJECT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Worker:
    """What allocation may know of a person. ``languages`` empty means any."""

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


PROFILE = Statement("""
SELECT
    (SELECT person.is_active FROM people_user AS person WHERE person.id = me.user_id),
    CAST((SELECT person.began_on FROM people_user AS person WHERE person.id = me.user_id) AS text),
    CAST((
        SELECT {list}(skill.code) FROM people_skill AS skill WHERE skill.user_id = me.user_id
    ) AS text),
    CAST((
        SELECT {list}({array}(period.zone, period.effective_from))
        FROM people_timezoneperiod AS period WHERE period.user_id = me.user_id
    ) AS text),
    CAST((
        SELECT {list}({array}(stay.team_id, stay.effective_from, stay.effective_until))
        FROM people_teammembership AS stay
        WHERE stay.user_id = me.user_id
          AND (stay.effective_until IS NULL OR stay.effective_until > %(since)s)
    ) AS text)
FROM people_subject AS me
WHERE me.id = %(subject)s
""")


STAYS = """
SELECT stay.team_id FROM people_teammembership AS stay JOIN people_subject AS me ON me.user_id = stay.user_id
WHERE me.id = %(subject)s AND (stay.effective_until IS NULL OR stay.effective_until > %(left_since)s)
"""
"""For a part of a statement: the teams in which a person is, will be, or was after *left_since*, as in their profile."""
TEAM = """
SELECT stay.team_id FROM people_teammembership AS stay JOIN people_subject AS me ON me.user_id = stay.user_id
WHERE me.id = %(subject)s AND stay.effective_from <= %(team_at)s
  AND (stay.effective_until IS NULL OR stay.effective_until > %(team_at)s)
"""
"""For a part of a statement: the team in which a person is at *team_at*."""


@dataclass(frozen=True, slots=True)
class Shield:
    """With how many samples people start, and the most that anybody may start with (``floor``). Fewer are stronger.

    ``holds_from``, ``set_at``, ``set_by`` and ``reason`` are empty for the shipped setting.
    """

    start: int
    floor: int
    holds_from: datetime | None = None
    set_at: datetime | None = None
    set_by: str = ""
    reason: str = ""


def organisation() -> Organisation:
    """Return the employer of this installation.

    Raises:
        Organisation.DoesNotExist: nothing was set up yet.
    """
    return Organisation.objects.order_by("id")[:1].get()


def shield_in_force(*, at: datetime) -> Shield:
    """Return with how many samples shields are shown at *at*: the setting written last of those whose time has come."""
    row = ShieldSetting.objects.filter(holds_from__lte=at).order_by("-id").first()
    return _shipped_shield() if row is None else _shield(row)


def shield_as_written() -> Shield:
    """Return the setting written last, which may still wait for its day."""
    row = ShieldSetting.objects.order_by("-id").first()
    return _shipped_shield() if row is None else _shield(row)


def shield_history() -> list[Shield]:
    """Return all settings, newest first, the shipped one last."""
    return [*map(_shield, ShieldSetting.objects.order_by("-id")), _shipped_shield()]


def _shield(row: ShieldSetting) -> Shield:
    return Shield(row.start_samples, row.floor_samples, row.holds_from, row.set_at, row.set_by, row.reason)


def _shipped_shield() -> Shield:
    organisation = Organisation.objects.order_by("id").first()
    return Shield(organisation.shield_samples if organisation else SHIELD_SAMPLES, SHIELD_SAMPLES_MOST)


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


ROLES_AND_ZONES = """
    CAST(me.id AS text),
    CAST((
        SELECT {list}(held.role) FROM people_rolegrant AS held
        WHERE held.user_id = me.user_id AND held.revoked_at IS NULL
    ) AS text),
    CAST((
        SELECT {list}({array}(period.zone, period.effective_from))
        FROM people_timezoneperiod AS period WHERE period.user_id = me.user_id
    ) AS text)
"""
"""For a statement with a subject ``me``: the three columns of which ``roles_and_zones_from`` makes a person."""
OF_A_USER = Statement(f"""
SELECT {ROLES_AND_ZONES} FROM people_subject AS me WHERE me.user_id = %(user)s
""")  # noqa: S608 - only constants
SESSION_WITH_USER = Statement(f"""
SELECT said.session_data, person.password, {ROLES_AND_ZONES}
FROM django_session AS said
LEFT JOIN people_user AS person ON person.id = %(user)s AND person.is_active
LEFT JOIN people_subject AS me ON me.user_id = person.id
WHERE said.session_key = %(key)s AND said.expire_date > %(at)s
""")  # noqa: S608 - only constants


def roles_and_zones_of(user: User) -> tuple[UUID, frozenset[str], Sequence[ZonePeriod]]:
    """Return the subject of *user*, the roles that they hold now, and their time zones, earliest first; one statement.

    Raises:
        Subject.DoesNotExist: the link was cut (erasure).
    """
    row = OF_A_USER.row(user=user.pk)
    if row is None:
        raise Subject.DoesNotExist
    return roles_and_zones_from(row)


def session_with_user(key: str, *, user_id: int, at: datetime) -> tuple[str, str | None, Row] | None:
    """Return what a session says while it lasts, signed as Django signs it, and beside it one user, whoever's it is.

    Of the user the password's hash and the columns of ``roles_and_zones_from``: None where they are not active, or where
    the link to their subject was cut. One statement.
    """
    row = SESSION_WITH_USER.row(key=key, user=user_id, at=at)
    if row is None:
        return None
    said, password, *columns = row
    return said, None if columns[0] is None else password, tuple(columns)


def roles_and_zones_from(row: Row) -> tuple[UUID, frozenset[str], Sequence[ZonePeriod]]:
    """Return a subject, the roles that they hold now, and their time zones, earliest first."""
    subject, held, zones = row
    return UUID(subject), frozenset(many_from_json(held)), _periods(zones)


def _periods(zones: str | None) -> tuple[ZonePeriod, ...]:
    found = [ZonePeriod(zone, instant(begins)) for zone, begins in many_from_json(zones)]
    return tuple(sorted(found, key=lambda period: period.effective_from))


def wellbeing_officers() -> list[User]:
    """Return whom moderators may turn to: the active wellbeing officers, by name."""
    grants = RoleGrant.objects.filter(role=roles.WELLBEING_OFFICER, revoked_at__isnull=True)
    return list(User.objects.filter(is_active=True, role_grants__in=grants).order_by("display_name", "id"))


def zones_of(subject: UUID) -> list[ZonePeriod]:
    """Return the time zone periods of a person, earliest first; UTC holds before the first."""
    periods = TimeZonePeriod.objects.filter(user__subject=subject).order_by("effective_from")
    return [ZonePeriod(*row) for row in periods.values_list("zone", "effective_from")]


def zones_of_all(*, at: datetime, subjects: Collection[UUID] | None = None) -> frozenset[str]:
    """Return the time zones that hold at *at* for all active people, or for those of *subjects*; one query."""
    periods = TimeZonePeriod.objects.filter(user__is_active=True, effective_from__lte=at)
    if subjects is not None:
        periods = periods.filter(user__subject__in=subjects)
    # The last of each person's periods wins.
    return frozenset(dict(periods.order_by("effective_from").values_list("user_id", "zone")).values())


def names_of(subjects: Iterable[str]) -> dict[str, str]:
    """Return the names of people by ``str(subject)``; who is unknown, cut off or no person (``system``) is left out."""
    known = [UUID(subject) for subject in {*subjects} if SUBJECT.fullmatch(subject)]
    found = Subject.objects.select_related("user").filter(pk__in=known, user__isnull=False)
    return {str(one.pk): str(one.user) for one in found}


def has_representative() -> bool:
    """Tell whether anybody is elected representative now."""
    grants = RoleGrant.objects.filter(role=roles.REPRESENTATIVE, revoked_at__isnull=True)
    return grants.filter(user__is_active=True).exists()


def roles_of_subject(subject: str) -> frozenset[str]:
    """Return the roles that the person behind ``str(subject)`` holds now; none for who is unknown or not active."""
    user = user_of(UUID(subject)) if SUBJECT.fullmatch(subject) else None
    return frozenset() if user is None else roles_of(user)


def team_of(subject: UUID, *, at: datetime) -> int | None:
    """Return the id of the team in which a person is at *at*."""
    return _memberships(at).filter(user__subject=subject).values_list("team_id", flat=True).first()


def team_named(subject: UUID, *, at: datetime) -> tuple[int, str] | None:
    """Return id and name of the team in which a person is at *at*."""
    return _memberships(at).filter(user__subject=subject).values_list("team_id", "team__name").first()


def moderators_of(team_id: int, *, at: datetime) -> list[tuple[int, UUID, str]]:
    """Return user id, subject and name of the active moderators of a team at *at*, by name; one query."""
    members = _memberships(at).filter(team_id=team_id, user__is_active=True, user__subject__isnull=False)
    judging = RoleGrant.objects.filter(role=roles.MODERATOR, revoked_at__isnull=True)
    found = members.filter(user__role_grants__in=judging).select_related("user__subject")
    rows = [(one.user.pk, one.user.subject.pk, str(one.user)) for one in found]
    return sorted(rows, key=lambda row: (row[2].casefold(), row[0]))


def moderators_called(name: str) -> list[UUID]:
    """Return the subjects of the active moderators with this display or user name, in any capitals; one query."""
    named = Q(display_name__iexact=name) | Q(username__iexact=name)
    judging = RoleGrant.objects.filter(role=roles.MODERATOR, revoked_at__isnull=True)
    found = User.objects.filter(named, is_active=True, subject__isnull=False, role_grants__in=judging)
    return list(found.order_by("subject").values_list("subject", flat=True))


def everybody_who_judged() -> list[tuple[int, UUID, str, bool]]:
    """Return user id, subject, name and whether active of everybody who is or was a moderator, by name; one query."""
    judged = RoleGrant.objects.filter(role=roles.MODERATOR)
    users = User.objects.filter(subject__isnull=False, role_grants__in=judged).select_related("subject")
    rows = {(one.pk, one.subject.pk, str(one), one.is_active) for one in users}
    return sorted(rows, key=lambda row: (row[2].casefold(), row[0]))


def holders_of(role: str) -> list[tuple[UUID, str]]:
    """Return subject and name of the active people who hold a role now, by name; one query."""
    grants = RoleGrant.objects.filter(role=role, revoked_at__isnull=True)
    users = User.objects.filter(is_active=True, subject__isnull=False, role_grants__in=grants)
    rows = [(one.subject.pk, str(one)) for one in users.select_related("subject")]
    return sorted(rows, key=lambda row: (row[1].casefold(), row[0]))


def members_of(team_id: int, *, at: datetime) -> list[UUID]:
    """Return the subjects of a team's members at *at*, in a fixed order (that of locks)."""
    members = _memberships(at).filter(team_id=team_id, user__subject__isnull=False)
    return list(members.order_by("user__subject").values_list("user__subject", flat=True))


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
        zones=_periods(zones),
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
    members = _memberships(at).filter(user__is_active=True, user__role_grants__in=judging)
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


def zones_by_subject(subjects: Collection[UUID]) -> dict[UUID, list[ZonePeriod]]:
    """Return the time zone periods of many people, each earliest first, as ``zones_of`` does; one query."""
    periods = TimeZonePeriod.objects.filter(user__subject__in=subjects).order_by("effective_from")
    found: dict[UUID, list[ZonePeriod]] = {subject: [] for subject in subjects}
    for subject, zone, effective_from in periods.values_list("user__subject", "zone", "effective_from"):
        found[subject].append(ZonePeriod(zone, effective_from))
    return found


def beginnings_of(subjects: Collection[UUID]) -> dict[UUID, date | None]:
    """Return since when each of many people does this work, None where the employer did not say; one query."""
    found = Subject.objects.filter(pk__in=subjects, user__isnull=False)
    return dict(found.values_list("pk", "user__began_on"))


def team_stays_by_subject(
    subjects: Collection[UUID], *, since: datetime, at: datetime
) -> dict[UUID, list[TeamStay]]:
    """Return the teams of many people, as ``team_stays_of`` does; one query."""
    lasted = Q(effective_until__isnull=True) | Q(effective_until__gt=since)
    stays = TeamMembership.objects.filter(lasted, user__subject__in=subjects, effective_from__lte=at)
    found: dict[UUID, list[TeamStay]] = {subject: [] for subject in subjects}
    rows = stays.values_list("user__subject", "team_id", "effective_from", "effective_until")
    for subject, team_id, came_at, left_at in rows:
        found[subject].append(TeamStay(team_id, came_at, left_at))
    return found


def _memberships(at: datetime) -> QuerySet[TeamMembership]:
    lasts = Q(effective_until__isnull=True) | Q(effective_until__gt=at)
    return TeamMembership.objects.filter(lasts, effective_from__lte=at)


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
    """Who was named what, for a moderator who has not put it away."""

    id: int
    name: str
    role: str
    announced_at: datetime


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


def team_names() -> list[tuple[int, str]]:
    """Return id and name of every team, by name; one query."""
    return list(Team.objects.order_by("name").values_list("pk", "name"))


def platform_names() -> list[tuple[UUID, str]]:
    """Return id and name of every platform, by name; one query."""
    return list(Platform.objects.order_by("name").values_list("pk", "name"))


def announcements_for(subject: UUID, *, at: datetime) -> list[AnnouncementRow]:
    """Return what a person was told in the last four weeks and has not put away, newest first; one query."""
    found = Announcement.objects.filter(announced_at__gt=at - ANNOUNCED_FOR).exclude(
        reads__user__subject=subject
    )
    rows = found.select_related("user").order_by("-announced_at", "-id")
    return [AnnouncementRow(a.pk, str(a.user), str(Role(a.role).label), a.announced_at) for a in rows]


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
