"""Where a platform wants to be told: addresses and their signing secrets."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from audit.services import record
from moderation.exceptions import EndpointInvalid
from moderation.models import WebhookEndpoint
from people.encryption import encrypt
from people.models import Platform

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how a secret begins, by Standard Webhooks
SECRET_BYTES: Final = 32
LONGEST_URL: Final = 500


@dataclass(frozen=True, slots=True)
class IssuedEndpoint:
    """An endpoint and its new secret (``whsec_…``), which is told this once."""

    endpoint: WebhookEndpoint
    secret: str


def create_endpoint(*, platform: Platform, url: str, actor: str, at: datetime) -> IssuedEndpoint:
    """Add an address of *platform* and a new secret. *actor* as in ``audit.services.record``.

    Raises:
        EndpointInvalid: not an http(s) address, or one with a user name, or plain http where no network is allowed.
    """
    _check(url)
    secret = _new_secret()
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            platform=platform, url=url, secret=encrypt(secret), created_at=at
        )
        _record("webhook_endpoint.created", endpoint, actor, at)
    return IssuedEndpoint(endpoint=endpoint, secret=secret)


def rotate_secret(*, endpoint: WebhookEndpoint, actor: str, at: datetime) -> IssuedEndpoint:
    """Give the endpoint a new secret; the old one signs beside it until `end_rotation`."""
    secret = _new_secret()
    with transaction.atomic():
        locked = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
        locked.previous_secret, locked.secret = locked.secret, encrypt(secret)
        locked.save(update_fields=["secret", "previous_secret"])
        _record("webhook_endpoint.secret_rotated", locked, actor, at)
    return IssuedEndpoint(endpoint=locked, secret=secret)


def end_rotation(*, endpoint: WebhookEndpoint, actor: str, at: datetime) -> None:
    """Let only the newest secret sign."""
    with transaction.atomic():
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(previous_secret="")
        _record("webhook_endpoint.rotation_ended", endpoint, actor, at)


def disable_endpoint(*, endpoint: WebhookEndpoint, reason: str, actor: str, at: datetime) -> bool:
    """Tell this address nothing more; say whether it was still told. Its open deliveries are cancelled as they come up."""
    live = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=True)
    with transaction.atomic():
        changed = live.update(disabled_at=at, disabled_reason=reason[:200]) == 1
        if changed:
            _record("webhook_endpoint.disabled", endpoint, actor, at, reason)
    return changed


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def _check(url: str) -> None:
    """The address itself is checked when it is connected to; here only what can never work."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise EndpointInvalid("no_address") from None
    if len(url) > LONGEST_URL or any(character.isspace() for character in url):
        raise EndpointInvalid("no_address")
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise EndpointInvalid("no_host")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise EndpointInvalid("holds_a_secret")
    if parts.scheme == "http" and not settings.WEBHOOK_ALLOW_NETWORKS:
        raise EndpointInvalid("not_https")


def _record(action: str, endpoint: WebhookEndpoint, actor: str, at: datetime, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        target_kind="webhook_endpoint",
        target_id=str(endpoint.pk),
        at=at,
        detail={"platform": str(endpoint.platform_id)},
        reason=reason,
    )
