"""What an act says is told once, by the next page, to the session that it was said to; no row is written for it."""

from typing import Any

import pytest
from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage.cookie import MessageDecoder
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import User
from people.sign_in.sessions import SessionStore
from tests import cast

pytestmark = pytest.mark.django_db

COOKIE = "messages"
TEAM = "/people/teams/"


@pytest.fixture
def operator(olga: User) -> Client:
    client = Client()
    client.force_login(olga)
    return client


def says(key: str | None, *sentences: str) -> tuple[str, dict[str, Any]]:
    """Say these within a request of a session; return the cookie that is set, and what the session holds then."""
    request = HttpRequest()
    request.session = SessionStore(key)

    def view(request: HttpRequest) -> HttpResponse:
        for sentence in sentences:
            messages.success(request, sentence)
        return HttpResponse()

    response: Any = MessageMiddleware(view)(request)
    return response.cookies[COOKIE].value, dict(request.session)


def is_told(key: str | None, cookie: str) -> list[str]:
    """Return what a page of a session tells that comes with this cookie."""
    request = HttpRequest()
    request.session, request.COOKIES[COOKIE] = SessionStore(key), cookie
    told: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        told.extend(message.message for message in get_messages(request))
        return HttpResponse()

    MessageMiddleware(view)(request)
    return told


def test_it_is_told_to_the_session_that_it_was_said_to_and_to_no_other() -> None:
    for key, other in (("a" * 32, "b" * 32), (None, "b" * 32), ("a" * 32, None)):
        cookie, _session = says(key, "Sent.")
        assert is_told(key, cookie) == ["Sent."]
        assert is_told(other, cookie) == []


def test_what_was_forged_is_not_told() -> None:
    cookie, _session = says("a" * 32, "Sent.")
    assert is_told("a" * 32, cookie[:-1] + ("x" if cookie[-1] != "x" else "y")) == []
    assert is_told("a" * 32, "odd") == []


def test_what_is_too_long_for_a_cookie_waits_in_the_session() -> None:
    long = [
        f"{number} " + "".join(chr(0x4E00 + (number * 997 + place) % 9999) for place in range(400))
        for number in range(4)
    ]
    cookie, session = says("a" * 32, *long)
    assert len(cookie) <= 2048
    told = is_told("a" * 32, cookie)
    assert told
    assert [*told, *(message.message for message in MessageDecoder().decode(session["_messages"]))] == long


def test_a_page_tells_it_once_and_no_session_is_written(operator: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        operator.post(TEAM, {"name": "East"})
        text = operator.get("/people/").content.decode()
    assert "The team East is there." in text
    assert "The team East is there." not in operator.get("/people/").content.decode()
    assert [query for query in queries if "UPDATE" in query["sql"] and "django_session" in query["sql"]] == []


def test_it_goes_with_who_signs_out(operator: Client) -> None:
    operator.post(TEAM, {"name": "East"})
    assert operator.cookies[COOKIE].value
    operator.post("/accounts/logout/")
    assert operator.cookies[COOKIE].value == ""
    assert not Session.objects.exists()


def test_a_cookie_that_somebody_left_behind_tells_nothing_to_who_comes_next(operator: Client) -> None:
    operator.post(TEAM, {"name": "East"})
    assert operator.cookies[COOKIE].value
    Session.objects.all().delete()
    operator.force_login(cast.a_user("omar", "operator"))
    assert "The team East is there." not in operator.get("/people/").content.decode()
    assert operator.cookies[COOKIE].value == ""
