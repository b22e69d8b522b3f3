"""The short way of a beat. Every desk sends one every five seconds, so what a beat costs says how many desks there can be.

The long way is every middleware and the view in ``scripted``. Whoever is plainly the moderator of a live session, with the
token of our own page, is answered here, as they would be there. Everybody else, and whatever is odd, goes the long way and
is refused there: this door lets nobody in whom that one would not, and turns nobody away.
"""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from people.access import moderator_by_session
from web.desk import scripted
from web.desk.refusals import REFUSALS, refusal_of
from web.desk.selectors import Seat, seat_of

BEAT: Final = "/desk/beat"
Answered = Callable[[HttpRequest], HttpResponseBase]


class BeatDoorMiddleware:
    """Stands after what judges a request by where it came from, and before what asks who sent it (``MIDDLEWARE``)."""

    def __init__(self, get_response: Answered) -> None:
        self.get_response = get_response
        self.token = Token(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        seat = self._seat(request) if request.path_info == BEAT and request.method == "POST" else None
        return self.get_response(request) if seat is None else answered(request, seat)

    def _seat(self, request: HttpRequest) -> Seat | None:
        """Return the seat of who is plainly a moderator on our own page."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        at = timezone.now()
        found = moderator_by_session(key, at=at) if key and self.token.is_ours(request) else None
        return seat_of(found, at) if found else None


class Token(CsrfViewMiddleware):
    """Django's own check against forged posts; it only says how it went, the long way refuses."""

    def is_ours(self, request: HttpRequest) -> bool:
        """Say whether the long way would let this post pass."""
        self.process_request(request)
        return self.process_view(request, scripted.beat, (), {}) is None

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def answered(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return what the view would; a refusal in the language of who reads it."""
    with timezone.override(seat.zone):
        try:
            response = scripted.heard(request, seat)
        except REFUSALS as error:
            with translation.override(translation.get_language_from_request(request)):
                response = scripted.problem(refusal_of(error, seat))
    add_never_cache_headers(response)
    return response
