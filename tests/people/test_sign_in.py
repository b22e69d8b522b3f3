"""Signing in: by name and password, with a second factor where a role asks for it, and no other way."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.access import require_operator
from people.models import Reset, Team, User
from people.selectors import is_unconfirmed, subject_of
from people.services.accounts import deactivate, grant_roles
from people.services.invitations import accept_invitation, invite, new_link
from tests import cast
from tests.cast import PASSWORD, T0

pytestmark = pytest.mark.django_db
LOGIN, ENROL = "/accounts/login/", "/accounts/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def no_attempts_from_other_tests():
    cache.clear()


@pytest.fixture(autouse=True)
def codes_outlive_the_turn_of_half_a_minute(settings):
    # A code made a moment before the half minute turns must not fail a test.
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def fresh_operator(olga: User) -> User:
    Authenticator.objects.filter(user=olga).delete()
    return olga


def sign_in(client: Client, username: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": username, "password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_of(secret: str) -> str:
    _, now, _ = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(secret, now)))


def enrol(client: Client) -> str:
    found = re.search(r'id="secret"[^>]*>([A-Z2-7]+)<', client.get(ENROL).content.decode())
    assert found
    client.post(ENROL, {"code": code_of(found[1])})
    return found[1]


@pytest.mark.parametrize("name", ["alice", "ALICE"])
def test_name_and_password_sign_a_moderator_in(client: Client, alice: User, name: str):
    answer = sign_in(client, name)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("name", "password"), [("alice", "wrong"), ("nobody", PASSWORD), ("alice", ""), ("", "")]
)
def test_anything_else_does_not(client: Client, alice: User, name: str, password: str):
    assert sign_in(client, name, password).status_code == 200
    assert not is_signed_in(client)


def test_a_wrong_password_and_a_wrong_name_are_answered_alike(client: Client, alice: User):
    wrong_password = sign_in(client, "alice", "wrong").content.decode().replace("alice", "X")
    wrong_name = sign_in(client, "nobody", "wrong").content.decode().replace("nobody", "X")
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    assert token.sub("", wrong_password) == token.sub("", wrong_name)


def test_the_sixth_wrong_password_in_five_minutes_is_not_even_tried(client: Client, alice: User):
    for _ in range(5):
        sign_in(client, "alice", "wrong")
    sign_in(client, "alice")
    assert not is_signed_in(client)


def test_an_ended_account_does_not_sign_in(client: Client, alice: User):
    deactivate(user=alice, reason="Left us", actor="op", at=T0)
    sign_in(client, "alice")
    assert not is_signed_in(client)


def test_an_ended_account_loses_its_sessions_at_once(client: Client, alice: User):
    sign_in(client, "alice")
    deactivate(user=alice, reason="Left us", actor="op", at=T0)
    assert client.get("/my-day/").headers["Location"].startswith(LOGIN)
    User.objects.update(is_active=True)
    assert client.get("/my-day/").headers["Location"].startswith(LOGIN)


def test_an_invited_person_does_not_sign_in_before_accepting(client: Client, db: None):
    invite(username="zoe", roles=["moderator"], actor="op", at=T0)
    sign_in(client, "zoe")
    assert not is_signed_in(client)


def test_a_new_password_ends_the_sessions_of_before(client: Client, alice: User):
    sign_in(client, "alice")
    fresh = new_link(user=alice, actor="op", at=T0)
    accept_invitation(token=fresh.token, password=PASSWORD + "!", at=T0)
    assert client.get("/my-day/").headers["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "password/reset/",
        "password/set/",
        "login/code/",
        "login/code/confirm/",
        "2fa/webauthn/",
        "social/connections/",
        "",
    ],
)
def test_the_ways_that_respite_does_not_use_are_not_there(client: Client, alice: User, path: str):
    assert client.get(f"/accounts/{path}").status_code == 404
    client.force_login(alice)
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("role", ["operator", "auditor", "wellbeing_officer", "lead", "representative"])
def test_who_needs_a_second_factor_enrols_it_before_anything_else(client: Client, north: Team, role: str):
    user = cast.a_user("olga", role, "moderator", team=north)
    Authenticator.objects.filter(user=user).delete()
    sign_in(client, "olga")
    for path in [
        "/",
        "/my-day/",
        "/desk/",
        "/people/",
        "/lead/",
        "/safeguard/",
        "/accounts/password/change/",
    ]:
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"] == ENROL


def test_a_post_is_held_up_too(client: Client, fresh_operator: User):
    sign_in(client, "olga")
    assert client.post("/people/teams/", {"name": "Night"}).headers["Location"] == ENROL


def test_enrolling_opens_the_pages_and_shows_the_recovery_codes(client: Client, fresh_operator: User):
    sign_in(client, "olga")
    enrol(client)
    assert Authenticator.objects.filter(user=fresh_operator, type="totp").exists()
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert len(re.findall(r"<code>[0-9a-f]{8}</code>", codes)) == 10
    assert client.get("/people/").status_code == 200


def test_a_wrong_code_enrols_nothing(client: Client, fresh_operator: User):
    sign_in(client, "olga")
    client.get(ENROL)
    page = client.post(ENROL, {"code": "000000"}).content.decode()
    assert "Incorrect code" in page
    assert not Authenticator.objects.exists()


def test_the_secret_is_stored_under_the_field_keys(client: Client, fresh_operator: User):
    sign_in(client, "olga")
    secret = enrol(client)
    assert secret not in str(list(Authenticator.objects.values()))


def test_the_picture_is_svg_from_an_address_of_its_own(client: Client, fresh_operator: User):
    sign_in(client, "olga")
    page = client.get(ENROL)
    assert "data:" not in page.content.decode()
    picture = client.get(reverse("totp_picture"))
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture.headers["Cache-Control"]
    assert picture.content.lstrip().startswith(b"<?xml") or b"<svg" in picture.content[:200]


def test_there_is_no_picture_without_an_enrolment(client: Client, alice: User):
    client.force_login(alice)
    assert client.get(reverse("totp_picture")).status_code == 404


def test_the_picture_is_nobody_elses(client: Client, fresh_operator: User, alice: User):
    sign_in(client, "olga")
    client.get(ENROL)
    other = Client()
    assert other.get(reverse("totp_picture")).status_code == 302
    other.force_login(alice)
    assert other.get(reverse("totp_picture")).status_code == 404
    assert client.post(reverse("totp_picture")).status_code == 405


def test_signing_in_again_asks_for_the_code(client: Client, fresh_operator: User):
    sign_in(client, "olga")
    secret = enrol(client)
    again = Client()
    assert sign_in(again, "olga").headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(again)
    assert "six digits" in again.get("/accounts/2fa/authenticate/").content.decode()
    assert "Incorrect code" in again.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    again.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_signed_in(again)
    assert again.get("/people/").status_code == 200


def test_who_is_named_operator_with_an_open_session_is_stopped_at_the_door(client: Client, alice: User):
    sign_in(client, "alice")
    grant_roles(user=alice, roles=["operator"], actor="op", at=T0)
    assert client.get("/people/").headers["Location"] == ENROL
    enrol_after_password(client)
    assert client.get("/people/").status_code == 200
    assert require_operator(alice) == subject_of(alice)


def enrol_after_password(client: Client) -> None:
    # An old session proves itself again before it changes how one signs in.
    answer = client.get(ENROL)
    if answer.status_code == 302:
        client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": ENROL})
    enrol(client)


def test_a_required_second_factor_is_not_removed(client: Client, olga: User):
    client.force_login(olga)
    remove_after_password(client)
    assert Authenticator.objects.filter(user=olga, type="totp").exists()


def test_a_moderator_may_have_one_and_remove_it(client: Client, alice: User):
    cast.a_second_factor(alice)
    client.force_login(alice)
    remove_after_password(client)
    assert not Authenticator.objects.filter(user=alice).exists()


def remove_after_password(client: Client) -> None:
    address = "/accounts/2fa/totp/deactivate/"
    client.get(address)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": address})
    assert client.get(address).status_code == 200
    client.post(address)


def test_the_demo_leaves_the_second_factor_out_and_says_so(client: Client, fresh_operator: User, settings):
    settings.DEMO = True
    sign_in(client, "olga")
    page = client.get("/people/")
    assert page.status_code == 200
    assert b"without a second factor" in page.content


def test_a_moderator_pays_no_query_for_the_second_factor_of_others(client: Client, alice: User):
    client.force_login(alice)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/accounts/password/change/").status_code == 200
    assert not any(re.search("rolegrant|authenticator", query["sql"]) for query in asked)


def test_a_password_is_changed_with_the_old_one(client: Client, alice: User):
    client.force_login(alice)
    address = "/accounts/password/change/"
    assert b"Change your password" in client.get(address).content
    new = "a wholly different sentence"
    client.post(address, {"oldpassword": "wrong", "password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    client.post(address, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_what_a_person_changes_in_their_own_session_is_no_reset(client: Client, alice: User):
    sign_in(client, "alice")
    new = "a wholly different sentence"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    enrol(client)
    assert Authenticator.objects.filter(user=alice).count() == 2
    codes = Authenticator.objects.get(user=alice, type="recovery_codes").pk
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert Authenticator.objects.get(user=alice, type="recovery_codes").pk != codes
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=alice).exists()
    assert not Reset.objects.exists()


def test_a_code_at_sign_in_is_no_reset(client: Client, alice: User):
    sign_in(client, "alice")
    secret = enrol(client)
    codes = Authenticator.objects.get(user=alice, type="recovery_codes").wrap().get_unused_codes()
    for code in (code_of(secret), codes[0]):
        again = Client()
        sign_in(again, "alice")
        again.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_signed_in(again)
    assert not Reset.objects.exists()


def test_that_somebody_else_set_it_anew_is_said_at_each_sign_in(client: Client, alice: User):
    told = "Somebody else has set your sign-in anew"
    the_operator_makes_a_link(alice)
    for _ in range(2):
        again = Client()
        page = again.post(LOGIN, {"login": "alice", "password": PASSWORD + "!"}, follow=True)
        assert told in page.content.decode()
        assert 'href="/people/sign-in/"' in page.content.decode()
        assert told not in again.get("/talk/").content.decode()
    Reset.objects.update(confirmed_at=T0)
    for said in (True, False):
        page = Client().post(LOGIN, {"login": "alice", "password": PASSWORD + "!"}, follow=True)
        assert told not in page.content.decode()
        assert ("Your sign-in is confirmed." in page.content.decode()) is said


def the_operator_makes_a_link(user: User) -> None:
    fresh = new_link(user=user, actor="op", at=T0)
    accept_invitation(token=fresh.token, password=PASSWORD + "!", at=T0)


def test_a_code_of_ones_own_app_confirms_and_is_tried_five_times_at_most(client: Client, alice: User):
    sign_in(client, "alice")
    secret = enrol(client)
    the_operator_makes_a_link(alice)
    alice.refresh_from_db()
    client.force_login(alice)
    for _ in range(5):
        wrong = client.post("/people/sign-in/", {"code": "000000"})
        assert wrong.status_code == 422
        assert "no code of yours" in wrong.content.decode()
    assert "tried too often" in client.post("/people/sign-in/", {"code": code_of(secret)}).content.decode()
    assert is_unconfirmed(alice)
    cache.clear()
    page = client.post("/people/sign-in/", {"code": code_of(secret)}, follow=True)
    assert "Your records are open again." in page.content.decode()
    assert not is_unconfirmed(alice)
    assert client.post("/people/sign-in/", {"code": code_of(secret)}).status_code == 422


def test_a_recovery_code_confirms_once(client: Client, alice: User):
    sign_in(client, "alice")
    enrol(client)
    codes = Authenticator.objects.get(user=alice, type="recovery_codes").wrap().get_unused_codes()
    for used in (False, True):
        the_operator_makes_a_link(alice)
        alice.refresh_from_db()
        client.force_login(alice)
        client.post("/people/sign-in/", {"code": codes[0]})
        assert is_unconfirmed(alice) is used


def test_an_app_that_is_set_up_in_a_session_that_is_not_confirmed_confirms_nothing(
    client: Client, alice: User
):
    the_operator_makes_a_link(alice)
    sign_in(client, "alice", PASSWORD + "!")
    secret = enrol(client)
    cache.clear()
    assert client.post("/people/sign-in/", {"code": code_of(secret)}).status_code == 422
    codes = Authenticator.objects.get(user=alice, type="recovery_codes").wrap().get_unused_codes()
    assert client.post("/people/sign-in/", {"code": codes[0]}).status_code == 422
    assert is_unconfirmed(alice)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/inactive/",
        "/accounts/reauthenticate/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/reauthenticate/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/totp/deactivate/",
    ],
)
def test_every_page_of_signing_in_is_in_our_clothes(client: Client, fresh_operator: User, path: str):
    sign_in(client, "olga")
    enrol(client)
    remember_password(client)
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "css/respite.css" in page
    assert not re.search(r"\sstyle=|<style|<script(?! src)|data:", page)


def remember_password(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
