"""Who is calling: the key, its scope and how much of its rate is left."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from moderation.api import limiting
from moderation.api.problems import Problem
from people.access import KeyMissing, key_for, require_scope
from people.models import ApiKey, Platform


class ApiKeyBearer(HttpBearer):
    """A platform's key that carries *scope*."""

    openapi_description = "A key that begins rsp_live_ or rsp_test_, as the operator gave it to you."

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiKey:
        return self.authenticate(request, token_of(request))

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        """Return the key, after one request of its rate was counted.

        Raises:
            KeyRefused: missing, unknown, expired, or without the scope.
            Problem: ``rate_limited``.
        """
        key = key_for(token, at=timezone.now())
        allowance = limiting.hit(key.prefix)
        headers = allowance.headers()
        set_headers(request, headers)
        if not allowance.allowed:
            raise Problem("rate_limited", headers=headers)
        require_scope(key, self.scope)
        return key


def token_of(request: HttpRequest) -> str:
    """Return the key as it was sent, whatever it is.

    Raises:
        KeyMissing: none was.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise KeyMissing
    return token


def set_headers(request: HttpRequest, headers: dict[str, str]) -> None:
    """Remember headers that the answer to *request* must carry, whatever it will be."""
    cast("Any", request).answer_headers = headers


def headers_of(request: HttpRequest) -> dict[str, str]:
    """Return what `set_headers` remembered."""
    return getattr(request, "answer_headers", {})


def platform_of(request: HttpRequest) -> Platform:
    """Return the platform whose key was accepted."""
    key: ApiKey = cast("Any", request).auth
    return key.platform
