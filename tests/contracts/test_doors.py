"""Every address of Respite needs a sign-in or a key. A new one fails here until it has a door, or is listed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters
from django.urls.resolvers import RoutePattern

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SIGN_IN = "/accounts/login/"
SAMPLES = {
    "int": "1",
    "str": "sample",
    "slug": "sample",
    "path": "sample",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
# Open to everybody, each with why. A stranger learns nothing from them but that Respite runs here.
OPEN = {
    "healthz": "a supervisor asks whether the process lives",
    "readyz": "a supervisor asks whether it can serve",
    "policy-reports": "browsers report what a policy forbade, without a session: counted, never kept",
    "accounts/login/": "the way in",
    "accounts/logout/": "the way out: a POST without a session changes nothing",
    "accounts/inactive/": "a sentence, the same for everybody",
    "accounts/2fa/authenticate/": "the second step of the way in; without the first it leads back to it",
    "people/invitation/<str:token>/": "who holds a one-time link has no password yet",
    "api/v1/": "the root of the API, where nothing is",
    "api/^.*$": "every address of the API that does not exist",
}
# The description of the API is public, as API.md says; it holds no data.
OPEN_API = {"api/v1/openapi.json", "api/v1/docs"}
# A picture cannot show a sign-in page, so its address refuses instead; tests/web/desk holds the rest.
REFUSING = {"desk/media/<uuid:exposure_id>/<uuid:medium_id>/<str:level>"}
METHODS = ("get", "post", "put", "patch", "delete")


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route, pattern


def address_of(route: str) -> str:
    """Return an address that *route* matches; a converter without a sample fails, so that nobody skips it."""
    for name, converter in get_converters().items():
        sample = SAMPLES.get(name, "")
        for part in route.split("<")[1:]:
            kind, _, rest = part.partition(":")
            if kind == name:
                assert sample, f"no sample for the converter {name} ({converter})"
                route = route.replace(f"<{kind}:{rest.partition('>')[0]}>", sample)
    for part in route.split("<")[1:]:
        route = route.replace(f"<{part.partition('>')[0]}>", SAMPLES["str"])
    return "/" + route


def is_shut(answer: Any, route: str) -> bool:
    if answer.status_code == 405:
        return True
    if route in REFUSING:
        return answer.status_code in {403, 404}
    if route.startswith("api/"):
        return bool(answer.status_code == 401)
    return bool(answer.status_code == 302 and answer.headers["Location"].startswith(SIGN_IN))


ALL = dict(routes())


def test_the_walk_finds_the_pages_of_every_app():
    assert {"", "desk/", "people/", "accounts/login/", "api/v1/items"} <= ALL.keys()
    assert len(ALL) > 40


def test_nothing_is_listed_as_open_that_does_not_exist():
    assert set(OPEN) | OPEN_API | REFUSING <= ALL.keys()


@pytest.mark.parametrize("route", sorted(set(ALL) - set(OPEN) - OPEN_API))
def test_a_stranger_is_sent_to_sign_in_or_asked_for_a_key(client: Client, route: str):
    assert isinstance(ALL[route].pattern, RoutePattern), (
        f"{route}: write it as a path, so that it can be walked"
    )
    answers = {method: getattr(client, method)(address_of(route)) for method in METHODS}
    assert [m for m, answer in answers.items() if not is_shut(answer, route)] == []
    assert any(answer.status_code != 405 for answer in answers.values()), "no method opens it at all"


@pytest.mark.parametrize("route", sorted(set(OPEN) - {"api/^.*$"}))
def test_what_is_open_answers_a_stranger_without_breaking(client: Client, route: str):
    for method in ("get", "post"):
        assert getattr(client, method)(address_of(route)).status_code < 500


def test_a_view_without_a_door_would_be_caught(client: Client):
    class Answer:
        status_code = 200
        headers: dict[str, str] = {}

    assert not is_shut(Answer(), "people/new/")
    assert not is_shut(Answer(), "api/v1/new")
    assert not is_shut(Answer(), next(iter(REFUSING)))


def test_a_key_is_no_way_into_the_pages_and_a_session_none_into_the_api(alice: Any):
    client = Client()
    client.force_login(alice)
    assert client.get("/api/v1/items").status_code == 401
    assert Client().get("/desk/", headers={"Authorization": "Bearer rsp_live_x"}).status_code == 302
