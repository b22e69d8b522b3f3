"""A session ends when nobody uses it, twelve hours after it began, or when its person says so, wherever they are then.

Seen red: the absolute limit and the idle one with Django's store; the others each without what it is about.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.access import BEGAN, moderator_by_session, moderators_by_session
from people.encryption import seal_number
from people.exceptions import NoSuchSession
from people.models import User
from people.rules.browsers import browser_and_system
from people.rules.sessions import (
    ABSOLUTE,
    DESK_IDLE,
    OFFICE_IDLE,
    PROOF_HOLDS,
    WRITTEN_EVERY,
    end_of,
    idle_limit,
    is_fresh,
    is_use_written,
)
from people.services.accounts import grant_roles
from people.services.sessions import end_other_sessions, end_session, forget_ended, note_use
from tests import cast
from tests.cast import PASSWORD, T0
from tests.people.test_sign_in import sign_in

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
PAGE = "/accounts/2fa/"
HERS = "/accounts/sessions/"


@pytest.fixture(autouse=True)
def no_attempts_from_other_tests() -> None:
    cache.clear()


# ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────────

IDLE = [
    ({"moderator"}, DESK_IDLE),
    ({"moderator", "lead"}, OFFICE_IDLE),  # an office makes it short, whatever else somebody is
    ({"moderator", "representative"}, OFFICE_IDLE),
    ({"operator"}, OFFICE_IDLE),
    (set(), OFFICE_IDLE),  # nobody in particular has the shortest
]


@pytest.mark.any_database
@pytest.mark.parametrize(("roles", "idle"), IDLE)
def test_offices_have_an_hour_and_a_desk_has_four(roles: set[str], idle: timedelta) -> None:
    assert idle_limit(roles) == idle


@pytest.mark.any_database
def test_a_session_ends_at_whichever_limit_comes_first() -> None:
    assert end_of(began_at=T0, used_at=T0 + HOUR, idle=OFFICE_IDLE) == T0 + 2 * HOUR
    assert end_of(began_at=T0, used_at=T0 + ABSOLUTE - MINUTE, idle=OFFICE_IDLE) == T0 + ABSOLUTE


WRITTEN = [
    (OFFICE_IDLE, True),
    (OFFICE_IDLE - WRITTEN_EVERY + SECOND, True),
    (OFFICE_IDLE - WRITTEN_EVERY, False),
    (OFFICE_IDLE + SECOND, False),  # a desk's, long unused; or one whose person was given an office since
    (DESK_IDLE - WRITTEN_EVERY, False),
    (DESK_IDLE, True),
]


@pytest.mark.any_database
@pytest.mark.parametrize(("left", "is_written"), WRITTEN)
def test_use_is_written_down_every_few_minutes(left: timedelta, is_written: bool) -> None:
    assert is_use_written(began_at=T0 - HOUR, ends_at=T0 + left, at=T0) is is_written


@pytest.mark.any_database
def test_at_the_absolute_end_there_is_nothing_to_write() -> None:
    assert is_use_written(began_at=T0 - ABSOLUTE + MINUTE, ends_at=T0 + MINUTE, at=T0)


@pytest.mark.any_database
def test_a_proof_is_fresh_for_a_quarter_of_an_hour() -> None:
    assert is_fresh(proved_at=T0, at=T0 + PROOF_HOLDS - SECOND)
    assert not is_fresh(proved_at=T0, at=T0 + PROOF_HOLDS)


AGENTS = [
    ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", ("Firefox", "Linux")),
    (
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
        ("Edge", "Windows"),
    ),
    (
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
        ("Chrome", "Android"),
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
        ("Safari", "iPhone"),
    ),
    ("curl/8", ("", "")),
    ("", ("", "")),
]


@pytest.mark.any_database
@pytest.mark.parametrize(("agent", "names"), AGENTS)
def test_a_browser_is_called_as_people_call_it(agent: str, names: tuple[str, str]) -> None:
    assert browser_and_system(agent) == names


# ── the two limits ───────────────────────────────────────────────────────────────────────────────────────────────


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def key_of(client: Client) -> str:
    return str(client.session.session_key)


def end_in(client: Client) -> timedelta:
    return Session.objects.get(session_key=key_of(client)).expire_date - timezone.now()


def ends_in(client: Client, left: timedelta) -> None:
    Session.objects.filter(session_key=key_of(client)).update(expire_date=timezone.now() + left)


def began(client: Client, ago: timedelta) -> None:
    session = client.session
    session[BEGAN] = (timezone.now() - ago).timestamp()
    session.save()


def is_about(left: timedelta, expected: timedelta) -> bool:
    return expected - MINUTE < left <= expected


@pytest.mark.django_db
def test_a_session_begins_with_the_shorter_limit(alice: User) -> None:
    client = Client()
    sign_in(client, "alice")
    assert is_about(end_in(client), OFFICE_IDLE)
    assert datetime.now(UTC).timestamp() - client.session[BEGAN] < 60


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "idle"), [("moderator", DESK_IDLE), ("lead", OFFICE_IDLE)])
def test_use_moves_the_end_as_far_as_the_role_lets_it(role: str, idle: timedelta) -> None:
    client = signed_in(cast.a_user("max", role))
    ends_in(client, 20 * MINUTE)
    assert client.get(PAGE).status_code == 200
    assert is_about(end_in(client), idle)


@pytest.mark.django_db
def test_use_costs_nothing_but_every_few_minutes(alice: User) -> None:
    client = signed_in(alice)
    ends_in(client, 20 * MINUTE)
    for writes in (2, 0, 0):
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        assert sum(query["sql"].startswith("UPDATE") for query in asked) == writes


@pytest.mark.django_db
def test_a_session_that_nobody_used_is_over(alice: User) -> None:
    client = signed_in(alice)
    ends_in(client, -SECOND)
    assert client.get(PAGE).headers["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_neither_use_nor_what_is_saved_moves_the_absolute_end(alice: User) -> None:
    client = signed_in(alice)
    began(client, ABSOLUTE - 10 * MINUTE)
    ends_in(client, 5 * MINUTE)
    client.get(PAGE)
    assert is_about(end_in(client), 10 * MINUTE)
    session = client.session
    session["something"] = "else"
    session.save()
    assert is_about(end_in(client), 10 * MINUTE)


@pytest.mark.django_db
def test_what_is_saved_is_no_use_by_itself(alice: User) -> None:
    client = signed_in(alice)
    ends_in(client, 20 * MINUTE)
    session = client.session
    session["something"] = "else"
    session.save()
    assert is_about(end_in(client), 20 * MINUTE)


@pytest.mark.django_db
def test_what_a_request_saves_does_not_take_its_own_use_back(alice: User) -> None:
    client = signed_in(alice)
    ends_in(client, 20 * MINUTE)
    new = "a wholly different sentence"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", typed).status_code == 302
    assert is_about(end_in(client), DESK_IDLE)


@pytest.mark.django_db
def test_proving_it_again_makes_no_session_longer(alice: User) -> None:
    client = signed_in(alice)
    began(client, ABSOLUTE - 10 * MINUTE)
    ends_in(client, 10 * MINUTE)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert is_about(end_in(client), 10 * MINUTE)


@pytest.mark.django_db
def test_signing_in_again_begins_anew(alice: User) -> None:
    client = Client()
    sign_in(client, "alice")
    began(client, ABSOLUTE - MINUTE)
    client.post("/accounts/logout/")
    sign_in(client, "alice")
    assert is_about(end_in(client), OFFICE_IDLE)
    assert timezone.now().timestamp() - client.session[BEGAN] < 60


@pytest.mark.django_db
def test_who_is_given_an_office_has_its_limit_at_the_next_use(alice: User) -> None:
    client = signed_in(alice)
    ends_in(client, DESK_IDLE - WRITTEN_EVERY - MINUTE)
    grant_roles(user=alice, roles=["representative"], actor="op", at=T0)
    client.get(PAGE)
    assert is_about(end_in(client), OFFICE_IDLE)


@pytest.mark.django_db
def test_the_use_of_a_session_that_was_ended_meanwhile_does_not_bring_it_back(alice: User) -> None:
    key = key_of(signed_in(alice))
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - SECOND)
    note_use(key=key, user=alice, began_at=timezone.now() - HOUR, at=timezone.now())
    assert Session.objects.get(session_key=key).expire_date < timezone.now()


# ── beats and sockets ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_beat_is_use_and_goes_the_long_way_to_have_it_written_down(alice: User) -> None:
    client, at = signed_in(alice), timezone.now()
    key = key_of(client)
    assert moderator_by_session(key, at=at)
    assert moderator_by_session(key, at=at + WRITTEN_EVERY - SECOND)
    assert moderator_by_session(key, at=at + WRITTEN_EVERY) is None, "the long way, where use is written down"
    ends_in(client, 20 * MINUTE)
    client.post("/desk/beat", {"claim": "", "exposure": "", "holding": ""})
    assert is_about(end_in(client), DESK_IDLE)


@pytest.mark.django_db
def test_beats_and_sockets_know_a_session_that_is_over_or_was_ended_elsewhere_at_once(alice: User) -> None:
    for ends in (runs_out, sign_out_from_elsewhere):
        client = Client()
        sign_in(client, "alice")
        key, at = key_of(client), timezone.now()
        assert moderator_by_session(key, at=at)
        assert moderators_by_session([key], at=at)
        ends(alice, client)
        assert moderator_by_session(key, at=timezone.now()) is None
        assert not moderators_by_session([key], at=timezone.now())
        answer = client.post("/desk/beat", {"claim": "", "exposure": "", "holding": ""})
        assert answer.status_code == 302


def runs_out(_user: User, client: Client) -> None:
    ends_in(client, -SECOND)


def sign_out_from_elsewhere(user: User, client: Client) -> None:
    end_session(user=user, session_id=UserSession.objects.get(session_key=key_of(client)).pk)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────

LAPTOP, PHONE = AGENTS[0][0], AGENTS[3][0]


def at_two_places(name: str = "alice") -> tuple[Client, Client]:
    here = Client(HTTP_USER_AGENT=LAPTOP, REMOTE_ADDR="192.0.2.1")
    there = Client(HTTP_USER_AGENT=PHONE, REMOTE_ADDR="198.51.100.2")
    for client in (here, there):
        sign_in(client, name)
    return here, there


def row_of(client: Client) -> int:
    return int(UserSession.objects.get(session_key=key_of(client)).pk)


def mark_of(session_id: int) -> str:
    """What the page puts into its forms: no number, from which would follow how many people signed in."""
    return seal_number(session_id, about="session")


@pytest.mark.django_db
def test_a_bare_number_is_no_session(alice: User) -> None:
    here, there = at_two_places()
    assert here.post(f"{HERS}{row_of(there)}/end/").status_code == 404
    assert str(row_of(there)) not in re.findall(r'sessions/([^/"]+)/end/', here.get(HERS).content.decode())


@pytest.mark.django_db
def test_a_person_sees_where_they_are_signed_in_and_nobody_elses(alice: User, amina: User) -> None:
    here, _ = at_two_places()
    at_two_places("amina")[0].get(HERS)
    page = here.get(HERS).content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "198.51.100.2" in page
    assert page.count("Sign out there</button>") == 1
    assert "Sign out everywhere else" not in page, "there is only one"


@pytest.mark.django_db
def test_signing_out_there_ends_that_one_alone(alice: User) -> None:
    here, there = at_two_places()
    assert here.post(f"{HERS}{mark_of(row_of(there))}/end/", follow=True).status_code == 200
    assert there.get(HERS).headers["Location"].startswith("/accounts/login/")
    assert "Nowhere else" in here.get(HERS).content.decode()


@pytest.mark.django_db
def test_somebody_elses_session_an_ended_one_and_this_one_are_not_there(alice: User, amina: User) -> None:
    here, there = at_two_places()
    hers = at_two_places("amina")[0]
    for session_id in (row_of(hers), row_of(here), 987654):
        assert here.post(f"{HERS}{mark_of(session_id)}/end/").status_code == 404
    ended = row_of(there)
    here.post(f"{HERS}{mark_of(ended)}/end/")
    assert here.post(f"{HERS}{mark_of(ended)}/end/").status_code == 404
    assert hers.get(HERS).status_code == 200
    with pytest.raises(NoSuchSession):
        end_session(user=alice, session_id=row_of(hers))


@pytest.mark.django_db
def test_signing_out_everywhere_else_leaves_this_one(alice: User, amina: User) -> None:
    here, there = at_two_places()
    third = at_two_places()[0]
    hers = at_two_places("amina")[0]
    assert "Sign out everywhere else" in here.get(HERS).content.decode()
    here.post(f"{HERS}others/end/")
    assert here.get(HERS).status_code == hers.get(HERS).status_code == 200
    assert there.get(HERS).status_code == third.get(HERS).status_code == 302


@pytest.mark.django_db
def test_a_session_of_an_older_password_is_none(alice: User) -> None:
    here, there = at_two_places()
    new = "a wholly different sentence"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert "Nowhere else" in here.get(HERS).content.decode()
    assert there.get(HERS).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "1/end/", "others/end/"])
def test_the_wrong_method_and_the_signed_out_get_nothing(alice: User, path: str) -> None:
    client = signed_in(alice)
    assert (client.post if not path else client.get)(HERS + path).status_code == 405
    stranger = Client()
    assert (stranger.get if not path else stranger.post)(HERS + path).status_code == 302


@pytest.mark.django_db
def test_sessions_that_are_over_are_forgotten_with_where_they_were(alice: User) -> None:
    here, there = at_two_places()
    ends_in(there, -SECOND)
    assert forget_ended(at=timezone.now()) == 2
    assert UserSession.objects.get().session_key == key_of(here)
    assert forget_ended(at=timezone.now()) == 0
    assert end_other_sessions(user=alice, but=key_of(here)) == 0
