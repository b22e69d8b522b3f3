"""Whose sessions these are: for each key the same answer as Django and ``moderator_with_zones_for`` give, read for all together."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from people.access import (
    OWED,
    AtDesk,
    moderator_by_session,
    moderator_with_zones_for,
    moderators_by_session,
)
from people.models import RoleGrant, Subject, User
from tests import cast

pytestmark = pytest.mark.django_db


def a_moderator(username: str = "alice", *roles: str) -> User:
    return cast.a_user(username, *(roles or ("moderator",)))


def a_session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.session.session_key)


def now() -> dict[str, Any]:
    return {"at": timezone.now()}


def at_desk(key: str) -> AtDesk | None:
    """Return who is recognised by a session; the user and the session that come along are the ones that Django reads."""
    found = moderator_by_session(key, **now())
    if found is None:
        return None
    store = import_module(django_settings.SESSION_ENGINE).SessionStore(key)
    assert found.said == store.load()
    assert found.ends_at == store.ends_at
    user = User.objects.get(pk=found.user.pk)
    assert {**vars(user), "_state": None} == {**vars(found.user), "_state": None}
    return found.at_desk


def says_something_else(key: str, **said: object) -> None:
    store = import_module(django_settings.SESSION_ENGINE).SessionStore(key)
    store.update(said)
    store.save()


def as_django_says(key: str) -> object:
    """Return what one session's request is answered: the subject, or None where the desk is refused."""
    request = HttpRequest()
    request.session = import_module(django_settings.SESSION_ENGINE).SessionStore(key)
    try:
        return moderator_with_zones_for(get_user(request)).subject
    except PermissionDenied:
        return None


def signs_out(user: User, key: str) -> None:
    Session.objects.filter(session_key=key).delete()


def expires(user: User, key: str) -> None:
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))


def gets_another_password(user: User, key: str) -> None:
    user.set_password("another one of twelve")
    user.save()


def is_deactivated(user: User, key: str) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def loses_the_role(user: User, key: str) -> None:
    RoleGrant.objects.filter(user=user).update(revoked_at=timezone.now())


def becomes_a_lead_only(user: User, key: str) -> None:
    RoleGrant.objects.filter(user=user).update(role="lead")


def names_nobody(user: User, key: str) -> None:
    says_something_else(key, **{SESSION_KEY: "999999"})


def came_by_another_backend(user: User, key: str) -> None:
    says_something_else(key, **{BACKEND_SESSION_KEY: "some.other.Backend"})


def bears_no_proof(user: User, key: str) -> None:
    says_something_else(key, _auth_user_hash="")


def is_garbled(user: User, key: str) -> None:
    Session.objects.filter(session_key=key).update(session_data="garbled")


REFUSED = [
    signs_out,
    expires,
    gets_another_password,
    is_deactivated,
    loses_the_role,
    becomes_a_lead_only,
    names_nobody,
    came_by_another_backend,
    bears_no_proof,
    is_garbled,
]


@pytest.mark.parametrize("happens", REFUSED)
def test_who_is_refused_alone_is_refused_among_others_and_the_others_are_not(happens: Any) -> None:
    alice, amina = a_moderator(), a_moderator("amina")
    refused, live = a_session(alice), a_session(amina)
    assert moderators_by_session([refused, live], **now()).keys() == {refused, live}
    happens(alice, refused)
    assert moderators_by_session([refused, live], **now()) == {live: cast.subject_of(amina)}
    assert as_django_says(refused) is None
    assert as_django_says(live) == cast.subject_of(amina)


@pytest.mark.parametrize("happens", REFUSED)
def test_who_is_refused_among_others_is_not_known_at_once(happens: Any) -> None:
    alice, amina = a_moderator(), a_moderator("amina")
    refused, live = a_session(alice), a_session(amina)
    for user, key in ((alice, refused), (amina, live)):
        assert at_desk(key) == moderator_with_zones_for(user)
    happens(alice, refused)
    assert moderator_by_session(refused, **now()) is None
    assert moderator_by_session(refused, **now()) is None
    assert at_desk(live) == moderator_with_zones_for(amina)


def test_a_session_that_becomes_anothers_is_not_known_as_the_first_ones() -> None:
    alice, amina = a_moderator(), a_moderator("amina")
    key, other = a_session(alice), a_session(amina)
    assert at_desk(key)
    data = Session.objects.get(session_key=other).session_data
    Session.objects.filter(session_key=key).update(session_data=data)
    assert [moderator_by_session(key, **now()) for _ in range(2)] == [None, None]


def test_who_may_owe_a_second_factor_is_looked_at_longer() -> None:
    key = a_session(a_moderator())
    says_something_else(key, **{OWED: True})
    assert [moderator_by_session(key, **now()) for _ in range(2)] == [None, None]


def test_a_session_under_an_older_secret_key_is_looked_at_longer(settings: Settings) -> None:
    """The long way gives it a new key, so it must come by there."""
    key = a_session(a_moderator())
    assert at_desk(key)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "y" * 50
    assert moderators_by_session([key], **now())
    assert moderator_by_session(key, **now()) is None


def test_a_session_that_nobody_signed_in_with_is_looked_at_longer() -> None:
    key = a_session(a_moderator())
    UserSession.objects.all().delete()
    assert moderators_by_session([key], **now())
    assert moderator_by_session(key, **now()) is None


def test_who_holds_other_roles_besides_is_a_moderator() -> None:
    alice = a_moderator("alice", "moderator", "lead")
    key = a_session(alice)
    assert moderators_by_session([key], **now()) == {key: cast.subject_of(alice)}
    RoleGrant.objects.create(
        user=alice, role="auditor", granted_at=cast.T0, revoked_at=cast.T0 + timedelta(days=1)
    )
    assert moderators_by_session([key], **now()) == {key: cast.subject_of(alice)}


def test_whose_link_was_cut_is_nobody() -> None:
    alice = a_moderator()
    key = a_session(alice)
    Subject.objects.filter(user=alice).update(user=None)
    assert moderators_by_session([key], **now()) == {}


def test_a_session_ends_at_its_second() -> None:
    key = a_session(a_moderator())
    ends = Session.objects.get(session_key=key).expire_date
    assert key in moderators_by_session([key], at=ends - timedelta(seconds=1))
    assert key not in moderators_by_session([key], at=ends)


def test_a_session_from_before_the_secret_key_was_changed_is_good_and_is_left_alone(
    settings: Settings,
) -> None:
    alice = a_moderator()
    key = a_session(alice)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 50
    assert moderators_by_session([key], **now()) == {key: cast.subject_of(alice)}
    assert Session.objects.filter(session_key=key).exists()
    settings.SECRET_KEY_FALLBACKS = []
    assert moderators_by_session([key], **now()) == {}


@pytest.mark.parametrize(
    "odd", ["", "\0" * 32, "a\0" + "b" * 30, "ä" * 32, "x" * 31, "x" * 500, "X" * 32, "' OR 1=1", "١" * 32]
)
def test_an_odd_cookie_spoils_the_answer_to_nobody(odd: str) -> None:
    """Seen red without the spelling of keys: PostgreSQL refuses a whole statement that has a NUL in it."""
    alice = a_moderator()
    key = a_session(alice)
    assert moderators_by_session([odd, key], **now()) == {key: cast.subject_of(alice)}


@pytest.mark.parametrize("odd", ["", "one", "1" * 30, "-1", None, 7, ["1"], "１"])
def test_a_session_that_names_an_odd_user_spoils_the_answer_to_nobody(odd: object) -> None:
    alice, amina = a_moderator(), a_moderator("amina")
    key, live = a_session(alice), a_session(amina)
    says_something_else(key, **{SESSION_KEY: odd})
    assert moderators_by_session([key, live], **now()) == {live: cast.subject_of(amina)}


def test_many_are_read_in_as_many_statements_as_one_and_nothing_is_written() -> None:
    people = [a_moderator(f"m-{number}") for number in range(20)]
    keys = [a_session(one) for one in people]
    gets_another_password(people[0], keys[0])
    for asked in (keys[:1], keys):
        with CaptureQueriesContext(connection) as queries:
            found = moderators_by_session(asked, **now())
        assert len(queries) == 2
        assert all(query["sql"].startswith("SELECT") for query in queries)
        assert found.keys() == {*asked} - {keys[0]}
    assert Session.objects.filter(session_key__in=keys).count() == 20


def test_nobody_who_asks_costs_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert moderators_by_session([], **now()) == {}
    assert not queries
