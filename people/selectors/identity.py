"""Who somebody is: user and subject, their roles, and who holds a role."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from people.models import RoleGrant, Subject, User
from people.rules import roles
from people.rules.zones import ZonePeriod
from people.selectors.zones import periods_from
from people.statements import Row, instant, many_from_json, one_from_json
from people.statements.texts import SESSION_WITH_USER, USER_IN_ROLES

SUBJECT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def subject_of(user: User) -> UUID:
    """Return the random name under which wellbeing, queues, decisions and audit know *user*.

    Raises:
        Subject.DoesNotExist: the link was cut (erasure).
    """
    return Subject.objects.values_list("id", flat=True).get(user_id=user.pk)


def user_of(subject: UUID) -> User | None:
    """Return the user behind *subject*, or None when the link was cut."""
    return User.objects.filter(subject=subject).first()


def names_of(subjects: Iterable[str]) -> dict[str, str]:
    """Return the names of people by ``str(subject)``; who is unknown, cut off or no person (``system``) is left out."""
    known = [UUID(subject) for subject in {*subjects} if SUBJECT.fullmatch(subject)]
    found = Subject.objects.select_related("user").filter(pk__in=known, user__isnull=False)
    return {str(one.pk): str(one.user) for one in found}


def roles_of(user: User) -> frozenset[str]:
    """Return the codes of the roles that *user* holds now; none for who is not active."""
    if not user.is_active:
        return frozenset()
    grants = RoleGrant.objects.filter(user_id=user.pk, revoked_at__isnull=True)
    return frozenset(grants.values_list("role", flat=True))


def roles_of_subject(subject: str) -> frozenset[str]:
    """Return the roles that the person behind ``str(subject)`` holds now; none for who is unknown or not active."""
    user = user_of(UUID(subject)) if SUBJECT.fullmatch(subject) else None
    return frozenset() if user is None else roles_of(user)


def roles_with_open_doors(user: User, *, at: datetime) -> frozenset[str]:
    """Return the roles of ``roles_of`` without that of a lead who is an operator, unless it opens doors until after *at*."""
    held = roles_of(user)
    if not {*roles.GIVING_WAY} <= held or _is_given_time(user, at):
        return held
    return held - {roles.GIVING_WAY[0]}


def _is_given_time(user: User, at: datetime) -> bool:
    open_grants = RoleGrant.objects.filter(user_id=user.pk, role=roles.GIVING_WAY[0], revoked_at__isnull=True)
    return open_grants.filter(beside_until__gt=at).exists()


def leads_who_operate() -> list[datetime | None]:
    """Return, of each active person who is lead and operator, until when the lead's pages open; None: they do not."""
    operators = RoleGrant.objects.filter(role=roles.OPERATOR, revoked_at__isnull=True, user__is_active=True)
    both = RoleGrant.objects.filter(
        role=roles.LEAD, revoked_at__isnull=True, user__in=operators.values("user")
    )
    return list(both.order_by("id").values_list("beside_until", flat=True))


def roles_and_zones_of(user: User) -> tuple[UUID, frozenset[str], Sequence[ZonePeriod], bool]:
    """Return what ``roles_and_zones_from`` does of *user*; one statement.

    Raises:
        Subject.DoesNotExist: the link was cut (erasure).
    """
    row = USER_IN_ROLES.row(user=user.pk)
    if row is None:
        raise Subject.DoesNotExist
    return roles_and_zones_from(row)


class SessionBeside(NamedTuple):
    """What a session says, signed as Django signs it, and until when; beside it the user who signed in with it.

    ``user`` is None where they are not active, or where the link to their subject was cut; ``me``: the columns of
    ``roles_and_zones_from``.
    """

    said: str
    ends_at: datetime
    user: User | None
    me: Row


def session_with_user(key: str, *, at: datetime) -> SessionBeside | None:
    """Return a session while it lasts, with the user who signed in with it; None where nobody has. One statement."""
    row = SESSION_WITH_USER.row(key=key, at=at)
    if row is None:
        return None
    said, ends_at, user, *me = row
    return SessionBeside(
        said, instant(ends_at), None if me[0] is None else one_from_json(User, user), tuple(me)
    )


def roles_and_zones_from(row: Row) -> tuple[UUID, frozenset[str], Sequence[ZonePeriod], bool]:
    """Return a subject, the roles that they hold now, their time zones, earliest first, and whether they are themselves.

    They are not while their sign-in waits for a confirmation (``people.selectors.resets``).
    """
    subject, held, zones, is_unconfirmed = row
    return UUID(subject), frozenset(many_from_json(held)), periods_from(zones), not is_unconfirmed


def holders_of(role: str) -> list[tuple[UUID, str]]:
    """Return subject and name of the active people who hold a role now, by name; one query."""
    grants = RoleGrant.objects.filter(role=role, revoked_at__isnull=True)
    users = User.objects.filter(is_active=True, subject__isnull=False, role_grants__in=grants)
    rows = [(one.subject.pk, str(one)) for one in users.select_related("subject")]
    return sorted(rows, key=lambda row: (row[1].casefold(), row[0]))


def wellbeing_officers() -> list[User]:
    """Return whom moderators may turn to: the active wellbeing officers, by name."""
    grants = RoleGrant.objects.filter(role=roles.WELLBEING_OFFICER, revoked_at__isnull=True)
    return list(User.objects.filter(is_active=True, role_grants__in=grants).order_by("display_name", "id"))


def moderators_called(name: str) -> list[UUID]:
    """Return the subjects of the active moderators with this display or user name, in any capitals; one query."""
    named = Q(display_name__iexact=name) | Q(username__iexact=name)
    judging = RoleGrant.objects.filter(role=roles.MODERATOR, revoked_at__isnull=True)
    found = User.objects.filter(named, is_active=True, subject__isnull=False, role_grants__in=judging)
    return list(found.order_by("subject").values_list("subject", flat=True))


def who_judged(person_id: int) -> tuple[int, UUID, str] | None:
    """Return user id, subject and name of one person who is or was a moderator; one query."""
    user = _who_judged().filter(pk=person_id).first()
    return None if user is None else (user.pk, user.subject.pk, str(user))


def everybody_who_judged() -> list[tuple[int, UUID, str, bool]]:
    """Return user id, subject, name and whether active of everybody who is or was a moderator, by name; one query."""
    rows = [(one.pk, one.subject.pk, str(one), one.is_active) for one in _who_judged()]
    return sorted(rows, key=lambda row: (row[2].casefold(), row[0]))


def _who_judged() -> QuerySet[User]:
    judged = RoleGrant.objects.filter(role=roles.MODERATOR).values("user")
    return User.objects.filter(subject__isnull=False, pk__in=judged).select_related("subject")
