"""Who gets to the desk: signed-in, active moderators, on their own clock. Nothing here is ever cached."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from people.access import AtDesk, moderator_with_zones_for
from web.desk.pages import DeskVisit, desk_visit_of

RECOGNISED = "_recognised_at_the_desk"
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, DeskVisit, P], HttpResponse]


def at_the_desk(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give *view* the ``DeskVisit`` of a moderator; others are sent to sign in, or refused."""

    @wraps(view)
    def seated(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/desk/")
        visit = desk_visit_of(at_desk_of(request), timezone.now())
        with timezone.override(visit.zone):
            response = view(request, visit, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return seated


def recognise(request: HttpRequest, person: AtDesk) -> None:
    """Note who sends *request*, found out already by ``web.desk.one_door``."""
    setattr(request, RECOGNISED, person)


def at_desk_of(request: HttpRequest) -> AtDesk:
    """Return the moderator who sends *request*.

    Raises:
        PermissionDenied: as ``moderator_with_zones_for`` does.
    """
    known: AtDesk | None = getattr(request, RECOGNISED, None)
    return known or moderator_with_zones_for(request.user)


def with_own_records(view: View[P]) -> View[P]:
    """Open *view*, which reads or changes what is a person's alone, only to who signs in as themselves.

    Whoever has set somebody's sign-in anew could be anybody: for them 'My day' says that, and the rest is not there.
    """

    @wraps(view)
    def theirs(request: HttpRequest, visit: DeskVisit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, visit, *args, **kwargs) if visit.is_confirmed else redirect("desk:my_day")

    return theirs
