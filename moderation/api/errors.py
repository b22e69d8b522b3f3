"""Which exception of the domain is which problem. Families map here once; views catch nothing."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import HttpError

from moderation.api.problems import Fault, Problem, answer, log_unexpected
from moderation.api.reading import pointer, too_large
from moderation.exceptions import (
    ExternalIdConflict,
    InFlight,
    ItemDecided,
    ItemInvalid,
    KeyReused,
    MediumRefused,
    Moved,
    NotFound,
    QueueClosed,
    QueuePaused,
)
from moderation.media.rejections import SENTENCES
from people.access import KeyRefused, ScopeMissing
from people.services.security import note_refused_key
from people.sign_in.after import after_answer

SOON: Final = {"Retry-After": "1"}
LATER: Final = {"Retry-After": "5"}
PAUSED: Final = {"Retry-After": "300"}
ITEM_FAULTS: Final[Mapping[str, str | Promise]] = {
    "queue_unknown": gettext_lazy("There is no queue of this name. Leave it out for the default queue."),
    "category_unknown": gettext_lazy(
        "There is no category of this code. GET /categories lists them; 'unknown' is accepted and counts as severity 3."
    ),
    "category_disabled": gettext_lazy(
        "This category is switched off here: nobody looks at such content. Do not send it; hand it over by its hash to the "
        "authority or hotline that the law names."
    ),
}


def _scope_missing(error: ScopeMissing) -> Problem:
    return Problem("scope_missing", _("This needs a key with the scope %(scope)s.") % {"scope": error.scope})


def _medium_refused(error: MediumRefused) -> Problem:
    return Problem("media_rejected", faults=[Fault(f"/media/{error.position}", _(SENTENCES[error.code]))])


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
    ItemInvalid: lambda error: Problem(
        "invalid", faults=[Fault(pointer(error.path), ITEM_FAULTS[error.fault])]
    ),
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
