"""The door of the operator's pages, and what stands around them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from people.access import require_operator
from web.shared.chrome import chrome

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator at work: ``actor`` is what the audit row bears, ``at`` the instant of this request."""

    actor: str
    at: datetime


def for_operators(
    view: Callable[Concatenate[HttpRequest, Operator, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give *view* the operator who asks; send the signed-out to sign in, refuse everybody else."""

    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(
                request.get_full_path() if request.method == "GET" else reverse("people:people")
            )
        operator = Operator(actor=str(require_operator(request.user)), at=timezone.now())
        return view(request, operator, *args, **kwargs)

    return never_cache(opened)


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    current: str = "people:people",
    status: int = 200,
) -> HttpResponse:
    """Render an operator's page with its head and foot."""
    return render(request, template, chrome(request.user, current) | context, status=status)
