"""What a process whose clock is astray answers: 503, and nothing of anybody's moves."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from config import clock
from moderation.api.problems import Problem, answer

RETRY_AFTER = {"Retry-After": "5"}
DESCRIPTIONS = frozenset({"/api/v1/openapi.json", "/api/v1/docs"})
"""What the interface is: no data, no time, and no database to be asked for it."""


class ClockMiddleware:
    """Refuse everything but probes and descriptions while this process's clock is seconds away from the database's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in DESCRIPTIONS:
            return self.get_response(request)
        try:
            clock.insist()
        except clock.ClockAstray:
            return refused(request)
        return self.get_response(request)


def refused(request: HttpRequest) -> HttpResponse:
    """Return the page or the problem that says so."""
    if request.path.startswith("/api/"):
        detail = _("This server's clock is wrong. Nothing was stored. Send the same request again.")
        return answer(request, Problem("unavailable", detail, headers=RETRY_AFTER))
    # Without a request: what pages say of a person reads a session, and nothing is read here.
    page = render_to_string("503.html")
    return HttpResponse(page, status=503, headers=RETRY_AFTER | {"Cache-Control": "no-store"})
