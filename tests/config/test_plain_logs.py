"""A library's line holds who wrote it, the status, the pattern of the address and where it happened: never its words."""

import contextlib
import logging
import sys
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve

from config.plain_logs import PlainFormatter

pytestmark = pytest.mark.any_database

SECRET = "the-text-of-somebody"
ADDRESS = f"/people/invitation/{SECRET}/"


def line(name: str, message: str, *words: object, error: Exception | None = None, **more: object) -> str:
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, words, None)
    if error is not None:
        record.exc_info = raised(error)
    for key, value in more.items():
        setattr(record, key, value)
    return PlainFormatter().format(record)


def raised(error: Exception) -> Any:
    """Return what a handler of this exception sees."""
    with contextlib.suppress(type(error)):
        try:
            raise error
        finally:
            found = sys.exc_info()
    return found


@pytest.mark.parametrize(
    "name",
    ["django.request", "django.server", "daphne.server", "asyncio", "celery.app.trace", "respited", "root"],
)
def test_no_library_speaks_for_itself(name: str) -> None:
    said = line(name, "it said %s and " + SECRET, SECRET, error=ValueError(SECRET))
    assert SECRET not in said
    assert name in said
    assert "builtins.ValueError" in said
    assert "test_plain_logs.py" in said


def test_an_address_is_told_by_its_pattern() -> None:
    request = RequestFactory().post(ADDRESS)
    request.resolver_match = resolve(ADDRESS)
    said = line("django.security.csrf", "Forbidden: %s", ADDRESS, request=request, status_code=403)
    assert said.endswith("403 POST /people/invitation/<str:token>/")


def test_an_address_that_does_not_exist_is_not_told() -> None:
    said = line(
        "django.request", "Not Found: %s", ADDRESS, request=RequestFactory().get(ADDRESS), status_code=404
    )
    assert said.endswith("404 GET an address that does not exist")


def test_a_host_of_a_strangers_is_one_line() -> None:
    said = line(
        "django.security.DisallowedHost", f"Invalid HTTP_HOST header: {SECRET}", error=ValueError(SECRET)
    )
    assert SECRET not in said
    assert "\n" not in said


def test_lines_of_ours_are_whole_but_for_an_exceptions_words() -> None:
    said = line("respite.outbox", "%s attempt %s failed", "media.prepare", 3, error=KeyError(SECRET))
    assert "media.prepare attempt 3 failed" in said
    assert "builtins.KeyError" in said
    assert SECRET not in said
