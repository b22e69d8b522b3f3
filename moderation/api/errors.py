"""Which exception of the domain is which problem. Families map here once; views catch nothing."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from moderation.access import NotFound
from moderation.api.problems import Fault, Problem, answer, log_unexpected
from moderation.api.reading import pointer, too_large
from moderation.services.blobs import MediumRefused
from moderation.services.idempotency import InFlight, KeyReused, Moved
from moderation.services.intake import ExternalIdConflict, ItemInvalid, QueueClosed, QueuePaused
from moderation.services.withdrawal import ItemDecided
from people.access import KeyRefused, ScopeMissing
from people.services.security import note_refused_key
from people.sign_in.after import after_answer

SOON: Final = {"Retry-After": "1"}
LATER: Final = {"Retry-After": "5"}
PAUSED: Final = {"Retry-After": "300"}


def _scope_missing(error: ScopeMissing) -> Problem:
    return Problem("scope_missing", _("This needs a key with the scope %(scope)s.") % {"scope": error.scope})


def _medium_refused(error: MediumRefused) -> Problem:
    return Problem("media_rejected", faults=[Fault(f"/media/{error.position}", _(error.sentence))])


def _other_content(error: ExternalIdConflict) -> Problem:
    differs = _("This is not what was sent under this external_id before.")
    return Problem("external_id_conflict", faults=[Fault(f"/{name}", differs) for name in error.fields])


def _malformed_parts(_error: Exception) -> Problem:
    return Problem("malformed", _("The multipart body cannot be read."))


_PROBLEMS: Final[dict[type[Exception], Callable[[Any], Problem]]] = {
    Problem: lambda problem: problem,
    ScopeMissing: _scope_missing,
    KeyRefused: lambda error: Problem(error.code),
    NotFound: lambda _error: Problem("not_found"),
    Http404: lambda _error: Problem("not_found"),
    ItemInvalid: lambda error: Problem("invalid", faults=[Fault(pointer(error.path), error.sentence)]),
    MediumRefused: _medium_refused,
    ExternalIdConflict: _other_content,
    QueuePaused: lambda _error: Problem("queue_paused", headers=PAUSED),
    QueueClosed: lambda _error: Problem("queue_closed"),
    ItemDecided: lambda _error: Problem("already_decided"),
    KeyReused: lambda _error: Problem("idempotency_key_reused"),
    InFlight: lambda _error: Problem("in_flight", headers=SOON),
    Moved: lambda _error: Problem("unavailable", headers=SOON),
    IntegrityError: lambda _error: Problem("unavailable", headers=SOON),
    OperationalError: lambda _error: Problem("unavailable", headers=LATER),
    InterfaceError: lambda _error: Problem("unavailable", headers=LATER),
    OSError: lambda _error: Problem("unavailable", headers=LATER),
    RequestDataTooBig: lambda _error: too_large(),
    MultiPartParserError: _malformed_parts,
    SuspiciousOperation: _malformed_parts,
    UnreadablePostError: lambda _error: Problem("malformed", _("The body ended too early.")),
    HttpError: lambda _error: Problem("malformed"),
}
# Theirs to mend, or an outage that shows elsewhere; everything else is ours, and a trace of it is kept.
_LOGGED: Final = (IntegrityError, OSError)


def answer_error(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Return any exception as a problem; what nobody foresaw as ``failed``."""
    if isinstance(error, type):
        error = error()
    if isinstance(error, KeyRefused):
        after_answer(request, partial(note_refused_key, error, at=timezone.now()))
    for kind in type(error).__mro__:
        if kind in _PROBLEMS:
            if isinstance(error, _LOGGED):
                log_unexpected(request, error)
            return answer(request, _PROBLEMS[kind](error))
    log_unexpected(request, error)
    return answer(request, Problem("failed"))
