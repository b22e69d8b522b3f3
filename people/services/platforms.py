"""Platforms and their keys."""

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from people.access import digest_of
from people.exceptions import AlreadyRevoked, PlatformNameMissing, PlatformNameTaken, TooManyKeys
from people.models import ApiKey, Platform
from people.rules import keys
from people.rules.names import check_shown
from people.services.naming import check_platform_unlike, hold_names
from people.services.trail import record_about_platform

ALPHABET = string.ascii_letters + string.digits
SECRET_LETTERS = 42


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """``secret`` is shown once: only its SHA-256 is stored."""

    key: ApiKey
    secret: str


def create_platform(*, name: str, actor: str, at: datetime) -> Platform:
    """Make a platform, without a key.

    Raises:
        PlatformNameMissing, PlatformNameTaken, NameUnseen, NameMixed, NameLooksLike: about the name.
    """
    wanted = check_shown(name)
    if not wanted or len(wanted) > 120:
        raise PlatformNameMissing
    with transaction.atomic():
        hold_names(at=at)
        if Platform.objects.filter(name__iexact=wanted).exists():
            raise PlatformNameTaken
        check_platform_unlike(wanted)
        platform = Platform.objects.create(name=wanted, created_at=at)
        record_about_platform(platform, action="platform.created", actor=actor, at=at)
    return platform


def issue_key(
    *,
    platform: Platform,
    scopes: Iterable[str],
    live: bool,
    expires_at: datetime | None,
    actor: str,
    at: datetime,
) -> IssuedKey:
    """Issue a key to *platform*. Two of a kind (live or test) may hold at once, for rotation.

    Raises:
        UnknownScope, ExpiryPast: about what was asked.
        TooManyKeys: two of this kind are live already.
    """
    wanted, expires_at = keys.check_scopes(scopes), keys.check_expiry(expires_at, at=at)
    kind = keys.LIVE if live else keys.TEST
    secret = kind + "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LETTERS))
    with transaction.atomic():
        Platform.objects.select_for_update(no_key=True).get(pk=platform.pk)
        if _holding(platform, kind=kind, at=at) >= keys.AT_ONCE:
            raise TooManyKeys
        key = ApiKey.objects.create(
            platform=platform,
            prefix=secret[: keys.PREFIX_LENGTH],
            digest=digest_of(secret),
            scopes=wanted,
            created_at=at,
            expires_at=expires_at,
        )
        record_about_platform(platform, action="key.issued", actor=actor, at=at, key=key)
    return IssuedKey(key=key, secret=secret)


def revoke_key(*, key: ApiKey, actor: str, at: datetime) -> None:
    """Let a key open nothing any more, from this instant on.

    Raises:
        AlreadyRevoked: it opens nothing already.
    """
    with transaction.atomic():
        if not ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=at):
            raise AlreadyRevoked
        record_about_platform(key.platform, action="key.revoked", actor=actor, at=at, key=key)
    key.refresh_from_db()


def _holding(platform: Platform, *, kind: str, at: datetime) -> int:
    not_over = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
    return ApiKey.objects.filter(
        not_over, platform=platform, revoked_at__isnull=True, prefix__startswith=kind
    ).count()
