"""A platform's engineer with a key: posts, reads, and keeps what came back."""

import base64
import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from django.test import Client

from moderation.models import PolicyVersion
from people.access import digest_of
from people.models import ApiKey, Platform
from people.rules.keys import PREFIX_LENGTH
from queues.models import Queue
from tests.cast import T0

SCOPES = ("items:write", "items:read", "decisions:read", "webhooks:write")
SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def a_secret(
    platform: Platform, *, scopes: tuple[str, ...] = SCOPES, expires_at: datetime | None = None
) -> str:
    """Make a key of *platform* and return its secret."""
    secret = f"rsp_test_{secrets.token_hex(24)}"
    ApiKey.objects.create(
        platform=platform,
        prefix=secret[:PREFIX_LENGTH],
        digest=digest_of(secret),
        scopes=list(scopes),
        created_at=T0,
        expires_at=expires_at,
    )
    return secret


def a_policy(queue: Queue, *, version: int = 1, at: datetime = T0) -> PolicyVersion:
    return PolicyVersion.objects.create(
        queue=queue, code="default", version=version, title="House rules", in_force_from=at
    )


class Caller:
    """Calls the API as one platform."""

    def __init__(self, secret: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes | str) else json.dumps({} if body is None else body)
        return self.raw("POST", path, data, "application/json", key=key, **headers)

    def raw(
        self,
        method: str,
        path: str,
        data: bytes | str,
        content_type: str,
        *,
        key: str | None = None,
        **headers: str,
    ) -> Any:
        named = self.headers | headers | ({} if key is None else {"Idempotency-Key": key})
        return self.client.generic(method, f"/api/v1{path}", data, content_type, headers=named)

    def parts(self, item: Any, *files: Any, key: str | None = None) -> Any:
        """Post multipart: the item's JSON, and each file as Django's client takes it."""
        named = self.headers | ({} if key is None else {"Idempotency-Key": key})
        text = item if isinstance(item, str) else json.dumps(item)
        return self.client.post("/api/v1/items", {"item": text, "media": list(files)}, headers=named)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)


def an_item(external_id: str = "post-1", **fields: Any) -> dict[str, Any]:
    """Return the JSON of a harmless text item."""
    return {
        "external_id": external_id,
        "category": "SPAM_FRAUD",
        "text": "Ten followers for one coin.",
    } | fields


def picture(name: str = "rocket.jpg") -> bytes:
    return (SAMPLES / name).read_bytes()


def in_base64(content: bytes) -> dict[str, str]:
    return {"data": base64.b64encode(content).decode(), "filename": "picture"}


def faults(response: Any) -> dict[str, str]:
    """Return pointer → sentence of a problem."""
    return {fault["pointer"]: fault["detail"] for fault in response.json()["errors"]}
