"""The API's addresses under /api/. Everything below it answers in JSON, also what does not exist."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from moderation.api.doors import headers_of, token_of
from moderation.api.errors import answer_error
from moderation.api.main import api
from moderation.api.problems import Problem, answer
from people.access import KeyRefused, key_for

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


@require_safe
def key_is_known(request: HttpRequest) -> HttpResponse:
    """Answer 204 for a key that is known, or why it is refused. The proxy asks this before it takes a body in."""
    try:
        key_for(token_of(request), at=timezone.now())
    except KeyRefused as refused:
        return with_reason(answer_error(request, refused))
    return HttpResponse(status=204)


def with_reason(refusal: HttpResponse) -> HttpResponse:
    """Repeat a problem in headers: a proxy cannot pass on the body of an answer to a question of its own."""
    problem = json.loads(refusal.content)
    for part in ("code", "title", "detail"):
        refusal[f"X-Refusal-{part.title()}"] = problem[part].replace('"', "'")
    return refusal


def _dress(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(pattern, URLPattern):
        pattern.callback = dressed(pattern.callback)
    return pattern


_patterns, _app_name, _namespace = api.urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(([_dress(pattern) for pattern in _patterns], _app_name), namespace=_namespace)),
    path("v1/key", dressed(key_is_known), name="api-key"),
    re_path(r"^.*$", dressed(unknown), name="api-unknown"),
]
