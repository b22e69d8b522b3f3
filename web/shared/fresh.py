"""What a borrowed session may not do: its holder proves again who they are, unless they did so a moment ago.

For links, roles, keys, signatures, and reading a person's record. allauth's middleware asks, and goes on with what was posted, so
nothing typed is lost. A view says so inside its door: who may not come in at all is refused before anybody is asked for anything.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from people.access import require_fresh_proof

P = ParamSpec("P")
Came = TypeVar("Came")
View = Callable[Concatenate[HttpRequest, Came, P], HttpResponse]


def proven_anew(view: View[Came, P]) -> View[Came, P]:
    """Ask before *view* is opened at all."""

    @wraps(view)
    def asked(request: HttpRequest, came: Came, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        insist(request)
        return view(request, came, *args, **kwargs)

    return asked


def acts_proven_anew(view: View[Came, P]) -> View[Came, P]:
    """Ask before *view* does anything; it may be read without."""

    @wraps(view)
    def asked(request: HttpRequest, came: Came, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST":
            insist(request)
        return view(request, came, *args, **kwargs)

    return asked


def insist(request: HttpRequest) -> None:
    """Ask where only one of several acts of a view needs it."""
    said: Any = request.session
    require_fresh_proof(said, at=timezone.now())
