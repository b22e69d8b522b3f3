"""What is noted of a refusal is written when its answer has been sent.

A known name or key has a row of its own and all unknown ones share one, so how long an answer takes would tell which it was.
"""

import logging
from collections.abc import Callable
from functools import partial

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from people.models import User
from people.services.security import note_refused_door

log = logging.getLogger("respite.security")

Note = Callable[[], None]
NOTES = "_notes_after_the_answer"


def after_answer(request: HttpRequest, note: Note) -> None:
    """Do *note* when the answer to *request* is out."""
    setattr(request, NOTES, [*getattr(request, NOTES, ()), note])


def refused_at_the_door(request: HttpRequest) -> None:
    """Note that a signed-in person has not the role that this address asks for; who is signed out was only sent to sign in."""
    match = request.resolver_match
    if isinstance(request.user, User) and match is not None:
        note = partial(note_refused_door, user=request.user, door=match.route, at=timezone.now())
        after_answer(request, note)


def write_after(request: HttpRequest, response: HttpResponse) -> None:
    """Let *response*, when a server closes it because it is sent, do what was noted."""
    notes: list[Note] = getattr(request, NOTES, [])
    if not notes:
        return
    close = response.close

    def closed() -> None:
        for note in notes:
            _write(note)
        close()

    response.close = closed  # type: ignore[method-assign] # the servers' own sign that an answer is out


def _write(note: Note) -> None:
    # The answer is out, and stands without it. The error's words may hold a row.
    try:
        note()
    except DatabaseError as error:
        log.error("a refusal could not be written down (%s)", type(error).__name__)  # noqa: TRY400
