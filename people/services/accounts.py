"""Accounts: who they are, what they may do, with whom they work, and how they end.

Every change is audited in the same transaction, in subjects. *actor* is ``str(subject)`` of who asked
for it, or ``system`` for a command.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from people.exceptions import (
    AlreadyDeactivated,
    AlreadyInTeam,
    LastOperator,
    PasswordRefused,
    ReasonMissing,
    SameCountry,
    UsernameRefused,
    UsernameTaken,
)
from people.models import (
    Announcement,
    OwnHand,
    RoleGrant,
    Skill,
    Subject,
    Team,
    TeamMembership,
    TimeZonePeriod,
    User,
)
from people.rules.beginnings import check_began_on, check_country
from people.rules.names import check_shown, check_typed
from people.rules.roles import ANNOUNCED, OPERATOR, check_roles
from people.rules.skills import check_skill
from people.rules.texts import kept_text
from people.rules.zones import BEGINNING, CHANGE_AFTER, check_zone
from people.services.naming import check_alone, check_person_unlike, hold_names
from people.services.resets import note_first_password
from people.services.trail import record_about


def create_user(
    *,
    username: str,
    password: str | None,
    roles: Iterable[str],
    actor: str,
    at: datetime,
    team: Team | None = None,
    skills: Iterable[str] = (),
    display_name: str = "",
    zone: str = "UTC",
    began_on: date | None = None,
    country: str = "",
    password_is_theirs: bool = False,
) -> User:
    """Make an account with its subject, roles, team, skills and first time zone.

    Without a *password* the account is not active until an invitation is accepted. Whoever gives one knows it, so the person
    chooses their own before their records open (``Reset``), but for ``password_is_theirs``. ``began_on``: since when they do this
    work, None for a new starter; it is told here and nowhere else, because an earlier day would shorten the ramp.

    Raises:
        UsernameRefused, UsernameTaken, PasswordRefused: about the sign-in.
        NameUnseen, NameMixed, NameLooksLike: about one of the names.
        UnknownRole, RolesConflict, UnknownSkill, UnknownZone, UnknownCountry, BeganInFuture: about what the person is.
    """
    wanted, codes = check_roles(roles), sorted({check_skill(skill) for skill in skills})
    with transaction.atomic():
        hold_names(at=at)
        user = _add_user(
            username=username,
            password=password,
            display_name=display_name,
            at=at,
            began_on=check_began_on(began_on, zone=check_zone(zone), at=at),
            country=check_country(country),
        )
        if password is not None and not password_is_theirs:
            note_first_password(user=user, actor=actor, at=at)
        TimeZonePeriod.objects.create(user=user, zone=zone, effective_from=BEGINNING)
        Skill.objects.bulk_create(Skill(user=user, code=code, added_at=at) for code in codes)
        since = began_on and began_on.isoformat()
        detail = {"skills": codes, "zone": zone, "active": user.is_active, "began_on": since}
        record_about(user, action="person.created", actor=actor, at=at, detail=detail)
        if wanted:
            set_roles(user=user, roles=wanted, actor=actor, at=at)
        if team is not None:
            set_team(user=user, team=team, actor=actor, at=at)
    return user


def set_roles(*, user: User, roles: Iterable[str], actor: str, at: datetime) -> frozenset[str]:
    """Let *user* hold exactly *roles*; return those that are new.

    Naming an officer, a representative, an auditor or an operator is announced to everybody, and so is taking that away.

    Raises:
        UnknownRole, RolesConflict: the roles cannot be held together.
        NameLooksLike: another person bears the same name, and pages would not tell who of them signed.
        LastOperator: the only active operator would stop being one.
    """
    wanted = check_roles(roles)
    with transaction.atomic():
        _lock(user)
        held = _open_roles(user)
        granted, revoked = wanted - held, held - wanted
        if granted:
            check_alone(str(user), roles_of_new=granted, but=user.pk)
        if OPERATOR in revoked:
            _check_another_operator(user)
        if granted or revoked:
            _change_roles(user, granted=granted, revoked=revoked, actor=actor, at=at)
            detail = {"granted": sorted(granted), "revoked": sorted(revoked)}
            record_about(user, action="person.roles_changed", actor=actor, at=at, detail=detail)
    return granted


def grant_roles(*, user: User, roles: Iterable[str], actor: str, at: datetime) -> frozenset[str]:
    """Give *user* these roles on top of what they hold; return those that are new.

    Raises:
        UnknownRole, RolesConflict: the roles cannot be held together.
    """
    with transaction.atomic():
        _lock(user)
        return set_roles(user=user, roles=_open_roles(user) | frozenset(roles), actor=actor, at=at)


def set_team(*, user: User, team: Team | None, actor: str, at: datetime) -> None:
    """Move *user* to *team* from *at* on; None takes them out of theirs.

    Raises:
        AlreadyInTeam: nothing would change.
    """
    with transaction.atomic():
        _lock(user)
        current = TeamMembership.objects.filter(user=user, effective_until__isnull=True).first()
        was, will_be = current and current.team_id, team and team.pk
        if was == will_be:
            raise AlreadyInTeam
        if current is not None:
            current.effective_until = at
            current.save(update_fields=["effective_until"])
        if team is not None:
            TeamMembership.objects.create(user=user, team=team, effective_from=at)
        record_about(
            user, action="person.team_changed", actor=actor, at=at, detail={"from": was, "to": will_be}
        )


def set_time_zone(*, user: User, zone: str, actor: str, at: datetime) -> datetime:
    """Count the days of *user* in *zone* from 24 h after *at* on; return from when it holds.

    A change that was asked for before and does not hold yet is replaced.

    Raises:
        UnknownZone: *zone* is no IANA name.
    """
    check_zone(zone)
    holds_from = at + CHANGE_AFTER
    with transaction.atomic():
        _lock(user)
        TimeZonePeriod.objects.filter(user=user, effective_from__gt=at).delete()
        TimeZonePeriod.objects.create(user=user, zone=zone, effective_from=holds_from)
        record_about(user, action="person.zone_changed", actor=actor, at=at, detail={"to": zone})
    return holds_from


def set_country(*, user: User, country: str, actor: str, at: datetime) -> None:
    """Say in which country *user* is from now on: the outside lines that they are shown are of there.

    Raises:
        UnknownCountry: no country has such a code.
        SameCountry: nothing would change.
    """
    code = check_country(country)
    with transaction.atomic():
        locked = _lock(user)
        if locked.country == code:
            raise SameCountry
        locked.country = code
        locked.save(update_fields=["country"])
        record_about(user, action="person.country_changed", actor=actor, at=at)


def deactivate(*, user: User, reason: str, actor: str, at: datetime) -> None:
    """End an account: no sign-in, every session over at once. Grants stay for the record; that they end is announced.

    Claims are released by ``config.leaving``, which calls this in the same transaction.

    Raises:
        ReasonMissing: *reason* is empty.
        AlreadyDeactivated: the account was ended before.
        LastOperator: nobody could look after the installation any more.
    """
    reason = kept_text(reason)
    if not reason:
        raise ReasonMissing
    with transaction.atomic():
        locked = _lock(user)
        if locked.deactivated_at is not None:
            raise AlreadyDeactivated
        if OPERATOR in _open_roles(user):
            _check_another_operator(user)
        _announce(user, _open_roles(user), at=at, is_ended=True)
        _close(locked, at=at)
        record_about(user, action="person.deactivated", actor=actor, at=at, reason=reason)
    user.refresh_from_db()


def check_password(password: str, *, user: User) -> None:
    """Refuse a password that the validators of the settings refuse.

    Raises:
        PasswordRefused: with their sentences.
    """
    try:
        validate_password(password, user=user)
    except ValidationError as error:
        raise PasswordRefused(error.messages) from None


def _add_user(
    *,
    username: str,
    password: str | None,
    display_name: str,
    at: datetime,
    began_on: date | None,
    country: str,
) -> User:
    name, shown = _check_username(username), check_shown(display_name)
    check_person_unlike(username=name, display_name=shown)
    user = User(
        username=name,
        display_name=shown,
        created_at=at,
        is_active=password is not None,
        began_on=began_on,
        country=country,
    )
    if password is None:
        user.set_unusable_password()
    else:
        check_password(password, user=user)
        user.set_password(password)
    user.save()
    Subject.objects.create(user=user, created_at=at)
    return user


def _check_username(username: str) -> str:
    name = User.normalize_username(username.strip())
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        raise UsernameRefused from None
    if not name or len(name) > 150:
        raise UsernameRefused
    check_typed(name)
    if User.objects.filter(username__iexact=name).exists():
        raise UsernameTaken
    return name


def _lock(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _open_roles(user: User) -> frozenset[str]:
    # Not selectors.roles_of: an invited person holds roles before they are active.
    grants = RoleGrant.objects.filter(user=user, revoked_at__isnull=True)
    return frozenset(grants.values_list("role", flat=True))


def _change_roles(
    user: User, *, granted: frozenset[str], revoked: frozenset[str], actor: str, at: datetime
) -> None:
    RoleGrant.objects.filter(user=user, role__in=revoked, revoked_at__isnull=True).update(revoked_at=at)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, granted_at=at, granted_by=actor) for role in sorted(granted)
    )
    _announce(user, granted, at=at, is_ended=False)
    _announce(user, revoked, at=at, is_ended=True)


def _announce(user: User, roles: frozenset[str], *, at: datetime, is_ended: bool) -> None:
    Announcement.objects.bulk_create(
        Announcement(user=user, role=role, announced_at=at, is_ended=is_ended)
        for role in sorted(roles & ANNOUNCED)
    )


def _check_another_operator(user: User) -> None:
    operators = RoleGrant.objects.filter(role=OPERATOR, revoked_at__isnull=True, user__is_active=True)
    if not operators.exclude(user=user).exists():
        raise LastOperator


def _close(user: User, *, at: datetime) -> None:
    # Without the old password no session of before holds, even if the account came back one day.
    user.set_unusable_password()
    user.is_active = False
    user.deactivated_at = at
    with OwnHand.objects.of(user):  # nobody signs in with no password, so nobody became this person
        user.save(update_fields=["password", "is_active", "deactivated_at"])
    user.invitations.filter(used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
    user.memberships.filter(effective_until__isnull=True).update(effective_until=at)
