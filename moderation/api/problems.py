"""Every error of the API as ``application/problem+json`` (RFC 9457), from one table of stable codes."""

import json
import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

log = logging.getLogger("respite.api")

CONTENT_TYPE: Final = "application/problem+json"
MOST_ERRORS: Final = 20

Sentence = str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code means: its HTTP status, its title, and what the caller can do."""

    status: int
    title: Sentence
    advice: Sentence


KINDS: Final[Mapping[str, Kind]] = {
    "malformed": Kind(
        400, _("The body cannot be read"), _("Send one JSON object in UTF-8, or multipart/form-data.")
    ),
    "key_missing": Kind(401, _("No key was sent"), _("Send 'Authorization: Bearer' and your key.")),
    "key_unknown": Kind(401, _("This key is not known"), _("Check it, or ask the operator for a new one.")),
    "key_expired": Kind(401, _("This key has expired"), _("Ask the operator for a new one.")),
    "scope_missing": Kind(403, _("The key may not do this"), _("Ask the operator for a key with the scope.")),
    "not_found": Kind(404, _("There is nothing here"), _("Check the address and the id.")),
    "method_not_allowed": Kind(405, _("Not by this method"), _("The header Allow names those that work.")),
    "external_id_conflict": Kind(
        409,
        _("This external_id stands for other content"),
        _("Send the changed content with a higher 'revision', or use another external_id."),
    ),
    "in_flight": Kind(
        409,
        _("The first request with this key is still at work"),
        _("Send the same request again after the seconds in Retry-After."),
    ),
    "already_decided": Kind(
        409, _("The item is decided already"), _("Read its decision from GET /decisions.")
    ),
    "queue_closed": Kind(
        409,
        _("The queue is closed"),
        _("Send the item to another queue: GET /queues lists those that take items in."),
    ),
    "too_large": Kind(413, _("The body is too large"), _("Send fewer or smaller media.")),
    "unsupported_media_type": Kind(
        415, _("Not a type that is read here"), _("Send application/json or multipart/form-data.")
    ),
    "invalid": Kind(422, _("Some fields are not right"), _("Each entry of 'errors' points to one of them.")),
    "idempotency_key_reused": Kind(
        422,
        _("This Idempotency-Key was used for another request"),
        _("Use a new key for every new request, and an old one only to repeat the same."),
    ),
    "media_rejected": Kind(
        422,
        _("A file is not accepted"),
        _("Nothing of this request was stored. Send it again without or mended."),
    ),
    "rate_limited": Kind(429, _("Too many requests"), _("Go on after the seconds in Retry-After.")),
    "queue_paused": Kind(
        429, _("The queue takes nothing in at the moment"), _("Try again after the seconds in Retry-After.")
    ),
    "failed": Kind(
        500,
        _("Something failed here"),
        _("It is not your request's fault. Nothing was stored; send it again."),
    ),
    "unavailable": Kind(
        503,
        _("Respite cannot store anything right now"),
        _("Nothing was stored. Send the same request again."),
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a JSON pointer into the body (or ``/name`` of a query parameter) and a sentence."""

    pointer: str
    detail: Sentence


@dataclass(eq=False)
class Problem(Exception):
    """An error to be answered. ``code`` is a key of `KINDS`; ``detail`` says more than its advice where there is more."""

    code: str
    detail: Sentence = ""
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return the problem as a response."""
    kind = KINDS[problem.code]
    body: dict[str, Any] = {
        "type": f"/api/v1/docs#{problem.code}",
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(problem.detail or kind.advice),
        "instance": request.path,
        "code": problem.code,
        "errors": [
            {"pointer": fault.pointer, "detail": str(fault.detail)} for fault in problem.faults[:MOST_ERRORS]
        ],
    }
    response = HttpResponse(json.dumps(body), status=kind.status, content_type=CONTENT_TYPE)
    if kind.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Respite"'
    for name, value in problem.headers.items():
        response[name] = value
    return response


def log_unexpected(request: HttpRequest, error: BaseException) -> None:
    """Log where an unexpected error arose, but not what it says: a database's message may hold what was sent."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s in %s of the API\n%s", type(error).__name__, request.method, frames)
