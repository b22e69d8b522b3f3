"""The shape of every POST: once under its key, then JSON."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from moderation.api.doors import platform_of
from moderation.api.problems import Fault, Problem
from moderation.rules.digest import digest_of
from moderation.services.idempotency import Answered, Request, once

KEY_HEADER: Final = "Idempotency-Key"
KEY_LENGTH: Final = 200


def answer_once(
    request: HttpRequest, *, fields: Any, act: Callable[[], tuple[int, dict[str, Any]]], at: datetime
) -> HttpResponse:
    """Run *act* once under the request's ``Idempotency-Key`` and answer with its status and body.

    *fields* (JSON types) are what was sent, as parsed, with hashes for files: by them two bodies are the same.

    Raises:
        Problem: ``invalid`` for a bad key. What `once` and *act* raise passes through.
    """
    asked = Request(
        platform=platform_of(request),
        key=_key_of(request),
        operation=f"{request.method} {request.path}"[:120],
        body_digest=digest_of(fields),
    )
    answered = once(request=asked, act=lambda: Answered(*act()), at=at)
    response = json_response(answered.body, status=answered.status)
    if answered.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def json_response(body: Any, *, status: int = 200) -> HttpResponse:
    """Return *body* as JSON in UTF-8."""
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/json; charset=utf-8"
    )


def _key_of(request: HttpRequest) -> str | None:
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return None
    if not (0 < len(key) <= KEY_LENGTH and key.isascii() and key.isprintable()):
        sentence = _("Send 1 to 200 printable ASCII characters as Idempotency-Key, or leave the header out.")
        raise Problem("invalid", sentence, faults=[Fault("/Idempotency-Key", sentence)])
    return key
