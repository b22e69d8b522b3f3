"""The door of every page that is not the desk: who came, when, and on whose clock. Nothing here is ever cached."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, Generic, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from people.models import User
from people.selectors import subject_of, zones_of
from wellbeing.core.rules.days import zone_at
from wellbeing.exceptions import NotFound

P = ParamSpec("P")
Who = TypeVar("Who")


@dataclass(frozen=True, slots=True)
class Visit(Generic[Who]):
    """Who came through the door (``who`` is what the door returned), as which subject, and the instant of it."""

    who: Who
    user: User
    subject: str
    at: datetime
    zone: ZoneInfo


View = Callable[Concatenate[HttpRequest, Visit[Who], P], HttpResponse]


def opened_by(
    door: Callable[[User, datetime], Who],
) -> Callable[[View[Who, P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Return a decorator that gives a view its ``Visit``; the signed-out are sent to sign in, *door* refuses others."""

    def guarded(view: View[Who, P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
            visit = visit_of(request.user, door)
            with timezone.override(visit.zone), absent_as_404():
                response = view(request, visit, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        return opened

    return guarded


@contextmanager
def absent_as_404() -> Iterator[None]:
    """Answer what is not there, or not this reader's, like an address that does not exist."""
    try:
        yield
    except NotFound:
        raise Http404 from None


def visit_of(user: User, door: Callable[[User, datetime], Who]) -> Visit[Who]:
    """Return the visit of *user* now; *door* raises when they may not come in."""
    at = timezone.now()
    who, subject = door(user, at), subject_of(user)
    return Visit(who, user, str(subject), at, ZoneInfo(zone_at(zones_of(subject), at)))
