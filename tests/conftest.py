"""Fixtures that every test may use: the cast of ``tests/cast.py``."""

import os
import shutil
from collections.abc import Iterator

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest
from hypothesis import settings

from people.models import Platform, Team, User
from queues.models import Queue
from tests import cast
from tests.append_only import flush_past_the_audit_guard
from tests.ready_database import django_db_keepdb, django_db_modify_db_settings, moved_in, ready_file
from wellbeing.core.selectors import second_clock

__all__ = [
    "django_db_keepdb",
    "django_db_modify_db_settings",
    "flush_past_the_audit_guard",
    "moved_in",
    "ready_file",
]


@receiver(user_logged_in)
def note_where_a_test_client_signs_in(request: HttpRequest, user: User, **_: object) -> None:
    """Do what allauth does for whoever signs in by its pages: a client of Django's tests goes past them."""
    if not request.session.session_key:
        request.session.save()
    UserSession.objects.get_or_create(
        session_key=request.session.session_key, defaults={"user": user, "ip": "127.0.0.1"}
    )


# No test is timed, also not the examples of a property: a busy machine would fail them.
settings.register_profile("respite", parent=settings(), deadline=None)
settings.load_profile("respite")

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


PAGES = "tests/web/"
"""Tests of pages over services: what the services ask is tried on both databases in tests of their own, and the promises
open every page there is on PostgreSQL. Those that really commit run on both."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Say which tests run once, leave out the other database's own, and skip browser tests where there is no browser."""
    _leave_to_the_other_database(config, items)
    for item in items:
        if _runs_once(item):
            item.add_marker("any_database")
    _skip_without_a_browser(items)


def _runs_once(item: pytest.Item) -> bool:
    where = item.nodeid.partition("::")[0]
    if "/rules/" in where:
        return True
    marker = item.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    return where.startswith(PAGES) and not commits


def _leave_to_the_other_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what cannot run on the database at hand; it is run on the other one. A cluster brings its own."""
    others = "sqlite" if connection.vendor == "postgresql" else "postgres"
    left = [item for item in items if others in item.keywords and "cluster" not in item.keywords]
    if left:
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=left)


def _skip_without_a_browser(items: list[pytest.Item]) -> None:
    """Skip browser tests, with a reason, where there is no browser; CHROMIUM names one, for the tests too."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found:
        os.environ["CHROMIUM"] = found
        return
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(pytest.mark.skip(reason=f"no browser: none of {', '.join(CHROMIUMS)} on PATH"))


@pytest.fixture(autouse=True)
def second_clock_follows() -> Iterator[None]:
    """Where time is an argument, the clock beside the wall's says the same; a test that sets them apart says so."""
    with second_clock.told_by_the_wall():
        yield


@pytest.fixture
def north(db: None) -> Team:
    return cast.a_team()


@pytest.fixture
def alice(north: Team) -> User:
    """A moderator of North."""
    return cast.a_user("alice", "moderator", team=north)


@pytest.fixture
def amina(north: Team) -> User:
    """A senior moderator of North."""
    return cast.a_user("amina", "moderator", team=north, skills=("senior",))


@pytest.fixture
def dana(north: Team) -> User:
    """The lead of North."""
    return cast.a_user("dana", "lead", team=north)


@pytest.fixture
def wim(db: None) -> User:
    """The wellbeing officer."""
    return cast.a_user("wim", "wellbeing_officer")


@pytest.fixture
def rosa(north: Team) -> User:
    """The representative."""
    return cast.a_user("rosa", "representative", team=north)


@pytest.fixture
def olga(db: None) -> User:
    """The operator."""
    return cast.a_user("olga", "operator")


@pytest.fixture
def charlie(db: None) -> User:
    """A moderator of a team that works for another platform; may see nothing of North's."""
    return cast.a_user("charlie", "moderator", team=cast.a_team("South"))


@pytest.fixture
def lumen(db: None) -> Platform:
    return cast.a_platform()


@pytest.fixture
def photos(lumen: Platform, north: Team) -> Queue:
    return cast.a_queue(platform=lumen, team=north)
