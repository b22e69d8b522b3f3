"""One-time links: with one an invited person sets their first password, or anyone a new one."""

import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from people.access import digest_of
from people.exceptions import AlreadyDeactivated, InvitationGone
from people.models import Invitation, OwnHand, Team, User
from people.selectors import subject_of
from people.services.accounts import check_password, create_user
from people.services.resets import made_by
from people.services.trail import record_about

HOLDS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """``token`` belongs into the link. It is shown once: only its SHA-256 is stored."""

    user: User
    token: str
    expires_at: datetime


def invite(
    *,
    username: str,
    roles: Iterable[str],
    actor: str,
    at: datetime,
    team: Team | None = None,
    skills: Iterable[str] = (),
    display_name: str = "",
    zone: str = "UTC",
    began_on: date | None = None,
    country: str = "",
) -> Invited:
    """Make an account that becomes active when its link is used within seven days.

    Raises:
        What ``accounts.create_user`` raises.
    """
    with transaction.atomic():
        user = create_user(
            username=username,
            password=None,
            roles=roles,
            actor=actor,
            at=at,
            team=team,
            skills=skills,
            display_name=display_name,
            zone=zone,
            began_on=began_on,
            country=country,
        )
        return new_link(user=user, actor=actor, at=at)


def new_link(*, user: User, actor: str, at: datetime) -> Invited:
    """Make a fresh link, ending older ones: for an invitation that was lost, or a forgotten password.

    Raises:
        AlreadyDeactivated: the account is over.
    """
    token, expires_at = secrets.token_urlsafe(32), at + HOLDS_FOR
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if locked.deactivated_at is not None:
            raise AlreadyDeactivated
        Invitation.objects.filter(user=user, used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
        Invitation.objects.create(
            user=user, digest=digest_of(token), created_at=at, expires_at=expires_at, made_by=actor
        )
        record_about(user, action="person.link_made", actor=actor, at=at)
    return Invited(user=user, token=token, expires_at=expires_at)


def invitation_for(token: str, *, at: datetime) -> Invitation:
    """Return the open invitation behind a link.

    Raises:
        InvitationGone: there is none that can still be used.
    """
    invitation = Invitation.objects.select_related("user").filter(digest=digest_of(token)).first()
    if invitation is None or invitation.used_at is not None or invitation.expires_at <= at:
        raise InvitationGone
    return invitation


def accept_invitation(*, token: str, password: str, at: datetime) -> User:
    """Set the password of who holds the link and make the account active. A link works once.

    Who had a password before is to be confirmed afterwards (``Reset``): the link may have been opened by who made it.

    Raises:
        InvitationGone: used, over, or never made.
        PasswordRefused: too easy; the link can still be used.
    """
    with transaction.atomic():
        invitation = invitation_for(token, at=at)
        user = User.objects.select_for_update(no_key=True).get(pk=invitation.user_id)
        check_password(password, user=user)
        if not Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, expires_at__gt=at).update(
            used_at=at
        ):
            raise InvitationGone
        with _hand(user, invitation, at=at):
            user.set_password(password)
            user.is_active = True
            user.save(update_fields=["password", "is_active"])
        record_about(user, action="person.password_set", actor=str(subject_of(user)), at=at)
    return user


def _hand(user: User, invitation: Invitation, *, at: datetime) -> AbstractContextManager[None]:
    """Return whose hand sets the password: the first one is the person's own, there was nothing yet to become."""
    is_first = not user.is_active and not user.has_usable_password() and user.last_login is None
    return OwnHand.objects.of(user) if is_first else made_by(invitation.made_by, user=user, at=at)
