"""The API's addresses under /api/. Everything below it answers in JSON, also what does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from moderation.api.doors import headers_of
from moderation.api.main import api
from moderation.api.problems import Problem, answer

View = Callable[..., HttpResponse]


def dressed(view: View) -> View:
    """Give every answer what all of them have: the headers of the rate, no caching, and 405 as a problem."""

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = {"Allow": ", ".join(sorted(response.headers.get("Allow", "").split(", ")))}
            response = answer(request, Problem("method_not_allowed", headers=allowed))
        for name, value in headers_of(request).items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return inner


def unknown(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """Answer for an address that does not exist."""
    return answer(request, Problem("not_found"))


def _dress(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(pattern, URLPattern):
        pattern.callback = dressed(pattern.callback)
    return pattern


_patterns, _app_name, _namespace = api.urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(([_dress(pattern) for pattern in _patterns], _app_name), namespace=_namespace)),
    re_path(r"^.*$", dressed(unknown), name="api-unknown"),
]
