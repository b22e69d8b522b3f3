"""The cast: the same few people and one platform in every test. Plain functions, no magic."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from people.encryption import encrypt
from people.models import (
    Organisation,
    OwnHand,
    Platform,
    RoleGrant,
    Skill,
    Subject,
    Team,
    TeamMembership,
    TimeZonePeriod,
    User,
)
from people.rules.roles import NEEDS_SECOND_FACTOR
from queues.models import Queue
from tests.taxonomy import ensure_taxonomy
from wellbeing.models import SevereAgreement

T0 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG_AGO = date(2025, 11, 3)
PASSWORD = "correct horse battery staple"


def where_it_is_noon(at: datetime) -> str:
    """Return a time zone in which *at* (UTC) is around noon: who works by the wall clock in a test works no night."""
    return f"Etc/GMT{at.hour - 12:+d}"


def an_organisation() -> Organisation:
    return Organisation.objects.first() or Organisation.objects.create(name="Meridian Review", created_at=T0)


def a_team(name: str = "North") -> Team:
    return Team.objects.get_or_create(name=name, defaults={"created_at": T0})[0]


@transaction.atomic(savepoint=False)
def a_user(
    username: str,
    *roles: str,
    team: Team | None = None,
    skills: tuple[str, ...] = (),
    zone: str = "UTC",
    began_on: date | None = LONG_AGO,
) -> User:
    """Make a user with a subject, roles, a team and a time zone; the password is ``PASSWORD``.

    They have done this work for long and agreed to severity 4; a new starter has ``began_on`` None.
    """
    an_organisation()
    user = User(username=username, display_name=username.title(), created_at=T0, began_on=began_on)
    user.set_password(PASSWORD)
    user.save()
    subject = Subject.objects.create(user=user, created_at=T0)
    if began_on is not None:
        SevereAgreement.objects.create(subject=subject.pk, given_at=T0 - timedelta(days=30))
    if NEEDS_SECOND_FACTOR & set(roles):
        a_second_factor(user)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, granted_at=T0)
    for skill in skills:
        Skill.objects.create(user=user, code=skill, added_at=T0)
    if team is not None:
        TeamMembership.objects.create(user=user, team=team, effective_from=T0)
    TimeZonePeriod.objects.create(user=user, zone=zone, effective_from=datetime(1970, 1, 1, tzinfo=UTC))
    return user


def a_second_factor(user: User, *, secret: str = "JBSWY3DPEHPK3PXP") -> None:
    """Enrol an authenticator app by the person's own hand, so that the doors of all but moderators open."""
    with OwnHand.objects.of(user):
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)}
        )


def subject_of(user: User) -> UUID:
    return Subject.objects.get(user=user).id


def a_platform(name: str = "Lumen") -> Platform:
    ensure_taxonomy()
    return Platform.objects.get_or_create(name=name, defaults={"created_at": T0})[0]


def a_queue(
    *, platform: Platform | None = None, team: Team | None = None, name: str = "Community photos"
) -> Queue:
    """Make an open default queue that *team* (North unless told) may take from."""
    queue = Queue.objects.create(
        platform=platform or a_platform(),
        name=name,
        client_name="Lumen SA",
        purpose="Community photos",
        decision_use="You decide whether this stays public.",
        is_default=True,
        created_at=T0,
    )
    queue.teams.add(team or a_team())
    return queue
