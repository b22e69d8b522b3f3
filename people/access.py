"""The doors of people: the only place where roles are named, and the way in for a platform's key."""

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils.crypto import constant_time_compare

from people.exceptions import SecondFactorOwed, Unconfirmed
from people.models import ApiKey, RoleGrant, User
from people.rules import roles
from people.rules.keys import PREFIX_LENGTH
from people.rules.resets import CONFIRMERS
from people.rules.sessions import is_fresh, is_use_written
from people.rules.zones import ZonePeriod
from people.selectors import (
    everybody_who_judged,
    has_representative,
    is_unconfirmed,
    moderators_of,
    require_counting,
    roles_and_zones_from,
    roles_and_zones_of,
    roles_of,
    roles_that_count,
    roles_with_open_doors,
    session_with_user,
    subject_of,
    team_named,
    who_judged,
)

SPELLING = re.compile(r"[A-Za-z0-9_]{1,200}")
SESSION = re.compile(r"[a-z0-9]{32}")
"""A session's key as Django makes them. Others are asked for nowhere: one odd cookie must not spoil the answer to all."""
NUMBER = re.compile(r"[1-9][0-9]{0,17}")
BEGAN = "began_at"
"""What a session says since it first named a user: when that was, in seconds since 1970."""
OWED = "second_factor_owed"
"""What a session says since sign-in while its user owes a second factor."""
NO_DIGEST = "0" * 64
TOUCH_EVERY = timedelta(minutes=1)


class KeyRefused(Exception):
    """A request without a key that may do what it asks. ``code`` is API.md's, and stable; ``key``: the one that it names."""

    code = "key_refused"

    def __init__(self, key: ApiKey | None = None) -> None:
        self.key = key
        super().__init__()


class KeyMissing(KeyRefused):
    """No key was sent."""

    code = "key_missing"


class KeyUnknown(KeyRefused):
    """No key that Respite issued, or one that was revoked."""

    code = "key_unknown"


class KeyExpired(KeyRefused):
    """The key was right, and its time is over."""

    code = "key_expired"


class ScopeMissing(KeyRefused):
    """The key is live but does not carry ``scope``."""

    code = "scope_missing"

    def __init__(self, scope: str, key: ApiKey | None = None) -> None:
        self.scope = scope
        super().__init__(key)


class AtDesk(NamedTuple):
    """A moderator who acts: ``zones`` earliest first; ``is_confirmed``: they sign in as themselves (``Unconfirmed``)."""

    subject: UUID
    zones: Sequence[ZonePeriod]
    is_confirmed: bool


def moderator_with_zones_for(user: Any) -> AtDesk:
    """Return a signed-in moderator with their time zone periods, in one statement: every act of a desk begins here.

    Raises:
        PermissionDenied: not signed in, not active, or not a moderator.
    """
    if not isinstance(user, User) or not user.is_active:
        raise PermissionDenied
    subject, held, zones, is_confirmed = roles_and_zones_of(user)
    _insist(roles.MODERATOR, held)
    return AtDesk(subject, zones, is_confirmed)


def require_operator(user: Any) -> UUID:
    """Return the subject of a signed-in operator.

    Raises:
        PermissionDenied: not signed in, not active, or not an operator.
        SecondFactorOwed: an operator, who has to enrol a second factor first.
    """
    return _with_second_factor(_holder(user, roles.OPERATOR))


def moderators_by_session(keys: Collection[str], *, at: datetime) -> dict[str, UUID]:
    """Return the subject of each moderator whose session has one of these keys; nobody else is in it. Two queries.

    Whoever is in it would pass ``moderator_with_zones_for`` as Django's ``get_user``; but nothing is ever written here, not even
    for a session whose password has changed.
    """
    plain = {key for key in keys if SESSION.fullmatch(key)}
    sessions = Session.objects.filter(session_key__in=plain, expire_date__gt=at)
    said = {session.session_key: session.get_decoded() for session in sessions}
    holders = _holders({str(one.get(SESSION_KEY)) for one in said.values()}, roles.MODERATOR)
    found: dict[str, UUID] = {}
    for key, one in said.items():
        holder = holders.get(str(one.get(SESSION_KEY)))
        if holder is not None and _is_theirs(one, holder):
            found[key] = holder.subject.id
    return found


class Recognised(NamedTuple):
    """A moderator by their session: who acts, their user, and what the session says, until when it lasts."""

    at_desk: AtDesk
    user: User
    said: dict[str, Any]
    ends_at: datetime


def moderator_by_session(key: str, *, at: datetime) -> Recognised | None:
    """Return the moderator whose session has this key. One statement.

    Who is returned would be given the same by Django's ``get_user`` and ``moderator_with_zones_for``. None says only that it
    takes a longer look: nobody, no moderator, a second factor that is owed, a session under an older secret key, one that nobody
    signed in with, and every five minutes any, because its use is to be written down. Nothing is written here.
    """
    found = session_with_user(key, at=at) if SESSION.fullmatch(key) else None
    if found is None or found.user is None:
        return None
    said, user = Session(session_data=found.said).get_decoded(), found.user
    if str(said.get(SESSION_KEY)) != str(user.pk) or OWED in said:
        return None
    began_at = began_at_of(said)
    if began_at is None or not is_use_written(began_at=began_at, ends_at=found.ends_at, at=at):
        return None
    if not _is_theirs(said, user, and_fallbacks=False):
        return None
    subject, held, zones, is_confirmed = roles_and_zones_from(found.me)
    if not _holds(roles.MODERATOR, held):
        return None
    return Recognised(AtDesk(subject, zones, is_confirmed), user, said, found.ends_at)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """Where somebody is signed in. ``user_agent``: what the browser said of itself; ``is_this``: the one that asks."""

    id: int
    user_agent: str
    address: str
    since: datetime
    used_at: datetime
    is_this: bool


def own_sessions_for(user: User, *, this: str, at: datetime) -> list[OwnSession]:
    """Return the sessions of *user* that are answered now, the one with the key *this* first, then the latest. Two queries."""
    rows = UserSession.objects.filter(user=user).order_by("-created_at", "-pk")
    keys = [row.session_key for row in rows]
    lasting = {
        session.session_key
        for session in Session.objects.filter(session_key__in=keys, expire_date__gt=at)
        if _is_theirs(session.get_decoded(), user)
    }
    found = [
        OwnSession(
            id=row.pk,
            user_agent=row.user_agent,
            address=row.ip,
            since=row.created_at,
            used_at=row.last_seen_at,
            is_this=row.session_key == this,
        )
        for row in rows
        if row.session_key in lasting
    ]
    return sorted(found, key=lambda one: not one.is_this)


def began_at_of(said: Mapping[str, Any]) -> datetime | None:
    """Return when a session first named its user, None for one that names nobody."""
    began = said.get(BEGAN)
    return datetime.fromtimestamp(began, UTC) if isinstance(began, float) else None


def require_fresh_proof(said: Mapping[str, Any], *, at: datetime) -> None:
    """Insist that whoever uses this session has lately proved who they are, by signing in or by doing it again.

    Raises:
        ReauthenticationRequired: allauth's middleware asks for it, and goes on with what was sent.
    """
    proofs = [float(one["at"]) for one in said.get(AUTHENTICATION_METHODS_SESSION_KEY) or []]
    began_at = began_at_of(said)
    last = max([*proofs, *([began_at.timestamp()] if began_at else [])], default=0.0)
    if not is_fresh(proved_at=datetime.fromtimestamp(last, UTC), at=at):
        raise ReauthenticationRequired


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads, and which team: their own."""

    subject: UUID
    team_id: int
    team_name: str


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who may propose and sign what loosens the safeguard, and as what (a role's code)."""

    subject: UUID
    role: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a lead's team. The name and nothing else of them."""

    id: int
    subject: UUID
    name: str


def lead_for(user: Any, at: datetime) -> Lead:
    """Return a signed-in lead with the team in which they are at *at*.

    Raises:
        PermissionDenied: not signed in, not active, not a lead, an operator as well, or a lead without a team.
        SecondFactorOwed: a lead, who has to enrol a second factor first.
    """
    if not isinstance(user, User):
        raise PermissionDenied
    _insist(roles.LEAD, roles_with_open_doors(user, at=at) - {roles.OPERATOR})
    subject = _with_second_factor(user)
    team = team_named(subject, at=at)
    if team is None:
        raise PermissionDenied
    return Lead(subject, *team)


def member_for(lead: Lead, person_id: int, at: datetime) -> Member:
    """Return one moderator of the lead's team.

    Raises:
        Http404: there is no such person, or not in this team.
    """
    found = moderators_of(lead.team_id, at=at, person_id=person_id)
    if not found:
        raise Http404
    return Member(*found[0])


def members_for(lead: Lead, at: datetime) -> list[Member]:
    """Return the active moderators of the lead's team, by name: who they are and nothing more; one query."""
    return [Member(*row) for row in moderators_of(lead.team_id, at=at)]


def person_for_officer(person_id: int) -> Member:
    """Return somebody who is or was a moderator; who asks came through ``officer_for``.

    Raises:
        Http404: there is no such person, or none who judged.
    """
    found = who_judged(person_id)
    if found is None:
        raise Http404
    return Member(*found)


def people_for_officer() -> list[Member]:
    """Return the active moderators, by name; who asks came through ``officer_for``. One query."""
    return [Member(*row[:3]) for row in everybody_who_judged() if row[3]]


def member_by_subject() -> dict[UUID, Member]:
    """Return everybody who is or was a moderator by subject; who asks came through ``officer_for``. One query."""
    return {row[1]: Member(*row[:3]) for row in everybody_who_judged()}


def reviewer_for(user: Any, at: datetime) -> Guardian:
    """Return a signed-in officer or representative: those who review the limits together.

    Raises:
        PermissionDenied: neither.
        SecondFactorOwed: a second factor has to be enrolled first.
        Unconfirmed: their sign-in waits for a confirmation.
        NotYet: they were named too lately.
    """
    guardian = guardian_for(user, at)
    if guardian.role == roles.OPERATOR:
        raise PermissionDenied
    return guardian


def officer_for(user: Any) -> UUID:
    """Return the subject of a signed-in wellbeing officer.

    Raises:
        PermissionDenied: not signed in, not active, or not an officer.
        SecondFactorOwed: an officer, who has to enrol a second factor first.
        Unconfirmed: their sign-in waits for a confirmation.
    """
    return _themselves(_holder(user, roles.WELLBEING_OFFICER))


def record_reader_for(user: Any, at: datetime) -> UUID:
    """Return the subject of a signed-in wellbeing officer who may read what is recorded of a person.

    Raises:
        PermissionDenied, SecondFactorOwed, Unconfirmed: as ``officer_for``.
        NotYet: they were named too lately.
    """
    subject = officer_for(user)
    require_counting(user, {roles.WELLBEING_OFFICER}, at=at)
    return subject


def guardian_for(user: Any, at: datetime) -> Guardian:
    """Return a signed-in officer or representative; the operator only while nobody is elected representative.

    Raises:
        PermissionDenied: none of these.
        SecondFactorOwed: a second factor has to be enrolled first.
        Unconfirmed: their sign-in waits for a confirmation.
        NotYet: they were named too lately.
    """
    held = roles_of(user) if isinstance(user, User) else frozenset()
    elected = has_representative(at=at)
    fits = roles.guardian_role(held, has_representative=elected)
    if fits is None:
        raise PermissionDenied
    subject = _themselves(user)
    role = roles.guardian_role(roles_that_count(user, at=at), has_representative=elected)
    if role is None:
        require_counting(user, {fits}, at=at)
        raise PermissionDenied
    return Guardian(subject, role)


def confirmer_for(user: Any, at: datetime) -> User:
    """Return a signed-in officer or representative: those who confirm that others are themselves.

    Raises:
        PermissionDenied: neither.
        SecondFactorOwed: a second factor has to be enrolled first.
        Unconfirmed: their own sign-in waits for a confirmation.
        NotYet: they were named too lately.
    """
    if not isinstance(user, User) or not any(_holds(role, roles_of(user)) for role in CONFIRMERS):
        raise PermissionDenied
    _themselves(user)
    require_counting(user, CONFIRMERS, at=at)
    return user


def needs_second_factor(user: User) -> bool:
    """Tell whether one of the user's roles asks for a second factor; the demo leaves it out, and says so."""
    return not settings.DEMO and bool(roles_of(user) & roles.NEEDS_SECOND_FACTOR)


def owes_second_factor(user: User) -> bool:
    """Tell whether *user* needs a second factor and has not enrolled one."""
    return needs_second_factor(user) and not _has_second_factor(user)


def key_for(bearer: str, *, at: datetime) -> ApiKey:
    """Return the live key whose secret is *bearer* (what follows ``Bearer``), and note its use.

    Raises:
        KeyMissing: *bearer* is empty.
        KeyUnknown: never issued, or revoked.
        KeyExpired: its time is over.
    """
    secret = bearer.strip()
    if not secret:
        raise KeyMissing
    # What no key is spelled like (a NUL, say) is no question for a database.
    prefix = secret[:PREFIX_LENGTH] if SPELLING.fullmatch(secret) else ""
    key = ApiKey.objects.select_related("platform").filter(prefix=prefix).first()
    # An unknown prefix is compared too, so that the time of an answer tells nothing.
    stored = NO_DIGEST if key is None else key.digest
    same = hmac.compare_digest(digest_of(secret), stored)
    if key is None or not same or key.revoked_at is not None:
        raise KeyUnknown(key)
    if key.expires_at is not None and key.expires_at <= at:
        raise KeyExpired(key)
    _touch(key, at=at)
    return key


def require_scope(key: ApiKey, scope: str) -> None:
    """Refuse a key without *scope*.

    Raises:
        ScopeMissing: the key does not carry it.
    """
    if scope not in key.scopes:
        raise ScopeMissing(scope, key)


def digest_of(secret: str) -> str:
    """Return the SHA-256 (hex) under which a secret of 190 random bits is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _holder(user: Any, role: str) -> User:
    if not isinstance(user, User):
        raise PermissionDenied
    _insist(role, roles_of(user))
    return user


def _insist(role: str, held: frozenset[str]) -> None:
    if not _holds(role, held):
        raise PermissionDenied


def _holds(role: str, held: Collection[str]) -> bool:
    # Nobody is given both (people.rules.roles); who holds them all the same passes through neither door.
    return role in held and not roles.excludes(role, held)


def _holders(ids: Collection[str], role: str) -> dict[str, User]:
    """Return the users of these ids, as sessions spell them, who pass ``_holder``, each with their subject; one query."""
    numbers = {int(one) for one in ids if NUMBER.fullmatch(one)}
    grants = RoleGrant.objects.filter(
        user__in=numbers, user__is_active=True, user__subject__isnull=False, revoked_at__isnull=True
    ).select_related("user__subject")
    held: dict[User, set[str]] = {}
    for grant in grants:
        held.setdefault(grant.user, set()).add(grant.role)
    return {str(user.pk): user for user, codes in held.items() if _holds(role, codes)}


def _is_theirs(said: Mapping[str, Any], user: User, *, and_fallbacks: bool = True) -> bool:
    """Tell whether a session that names *user* was opened with the password that they have now.

    *and_fallbacks*: also one that was opened under an older secret key; Django gives it a new key when it is next used.
    """
    if said.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    proof = str(said.get(HASH_SESSION_KEY, ""))
    valid = [user.get_session_auth_hash(), *(user.get_session_auth_fallback_hash() if and_fallbacks else ())]
    return any(constant_time_compare(proof, one) for one in valid)


def _has_second_factor(user: User) -> bool:
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP]))


def _themselves(user: User) -> UUID:
    subject = _with_second_factor(user)
    if is_unconfirmed(user):
        raise Unconfirmed
    return subject


def _with_second_factor(user: User) -> UUID:
    """Return the subject of somebody who came through the door of a role that needs a second factor."""
    if not settings.DEMO and not _has_second_factor(user):
        raise SecondFactorOwed
    return subject_of(user)


def _touch(key: ApiKey, *, at: datetime) -> None:
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - TOUCH_EVERY)
    if key.last_used_at is None or key.last_used_at < at - TOUCH_EVERY:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=at)
