"""Sessions are Django's own, read by one statement of ours.

Seen red without the end of a session, and (on PostgreSQL) without the look at how a key is spelled.
"""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as Plain
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from people.models import User

pytestmark = pytest.mark.django_db
Store = import_module(settings.SESSION_ENGINE).SessionStore


@pytest.fixture
def key(alice: User) -> str:
    client = Client()
    client.force_login(alice)
    return str(client.session.session_key)


def test_both_stores_know_the_same_session(key: str) -> None:
    assert Store(key).load() == Plain(key).load() != {}


def test_it_is_read_by_one_statement(key: str, django_assert_num_queries: object) -> None:
    store = Store(key)
    with django_assert_num_queries(1):  # type: ignore[operator]
        store.load()


def test_a_session_that_is_over_is_none(key: str) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    store = Store(key)
    assert store.load() == {}
    assert store.session_key is None


@pytest.mark.parametrize("odd", ["", "0" * 32, "A" * 32, "a\0" + "b" * 30, "x" * 3000])
def test_a_key_of_no_session_is_nobody(odd: str) -> None:
    store = Store(odd or None)
    assert store.load() == {}
    assert store.session_key is None
