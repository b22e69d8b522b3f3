"""The one door of all requests of a desk: who sends it is found out in one statement, and nowhere again.

The long way asks three times, for the session, the user, and their roles and zones. Whoever is plainly the moderator of a
live session is recognised here instead. A beat, of which every desk sends one every five seconds, is answered on the spot;
everything else goes on through all the middleware and the view, which find what they would have read. Everybody else, and
whatever is odd, goes the long way as it always was, and is refused there: this door lets nobody in whom that one would not,
and turns nobody away.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from people.access import Recognised, moderator_by_session
from people.sign_in.sessions import SessionStore
from web.desk import scripted
from web.desk.doors import recognise
from web.desk.pages import DeskVisit, desk_visit_of
from web.desk.refusals import refusal_of
from web.shared.refusals import REFUSALS

DESK: Final = "/desk/"
BEAT: Final = "/desk/beat"
Answered = Callable[[HttpRequest], HttpResponseBase]


class DeskDoorMiddleware:
    """Stands after what judges a request by where it came from, right behind the session, which nobody has read yet."""

    def __init__(self, get_response: Answered) -> None:
        self.get_response = get_response
        self.token = Token(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(DESK):
            return self.get_response(request)
        is_beat = request.path_info == BEAT and request.method == "POST"
        at = timezone.now()
        found = _found(request, at) if not is_beat or self.token.is_ours(request) else None
        if found is None:
            return self.get_response(request)
        if is_beat:
            return answered(request, desk_visit_of(found.at_desk, at))
        take_along(request, found)
        return self.get_response(request)


def _found(request: HttpRequest, at: datetime) -> Recognised | None:
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return moderator_by_session(key, at=at) if key else None


def take_along(request: HttpRequest, found: Recognised) -> None:
    """Let the long way find in the request what it would have read."""
    session = request.session
    if isinstance(session, SessionStore):
        session.take(found.said, ends_at=found.ends_at)
        request._cached_user = found.user  # type: ignore[attr-defined] # noqa: SLF001 - where Django keeps it for ``user``
        recognise(request, found.at_desk)


class Token(CsrfViewMiddleware):
    """Django's own check against forged posts; it only says how it went, the long way refuses."""

    def is_ours(self, request: HttpRequest) -> bool:
        """Say whether the long way would let this post pass."""
        self.process_request(request)
        return self.process_view(request, scripted.beat, (), {}) is None

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def answered(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """Return what the view would; a refusal in the language of who reads it."""
    with timezone.override(visit.zone):
        try:
            response = scripted.heard(request, visit)
        except REFUSALS as error:
            with translation.override(translation.get_language_from_request(request)):
                response = scripted.problem(refusal_of(error, visit))
    add_never_cache_headers(response)
    return response
