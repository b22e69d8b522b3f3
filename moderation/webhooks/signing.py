"""Standard Webhooks 1.0: the headers that let a platform know that Respite sent it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from standardwebhooks import Webhook

from moderation.models import WebhookEndpoint
from moderation.rules import public_ids
from people.encryption import decrypt

USER_AGENT: Final = "Respite-Webhooks/1.0"


def secrets_of(endpoint: WebhookEndpoint) -> list[str]:
    """Return the secrets that sign, newest first: two during a rotation.

    Raises:
        CannotDecrypt: from ``people.encryption``.
    """
    kept = [endpoint.secret, endpoint.previous_secret]
    return [decrypt(token) for token in kept if token]


def signed_headers(*, event_id: UUID, body: str, secrets: Sequence[str], at: datetime) -> dict[str, str]:
    """Return the headers of one attempt at *at*. The ``webhook-id`` is the same for every attempt."""
    message_id = public_ids.tell(public_ids.EVENT, event_id)
    signatures = [Webhook(secret).sign(message_id, at, body) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
