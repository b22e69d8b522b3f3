"""Whoever knows a name cannot keep its bearer out; whoever guesses is stopped, and slowed wherever they come from.

Seen red: with allauth's own count by name alone (the first four), without the brake, without the known browser, without the
room in the cache, without the last word about codes.
"""

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.shared.breaker import impatient
from config.shared.cache import SharedCache
from people.encryption import decrypt, encrypt
from people.models import User
from people.services.invitations import invite
from people.sign_in.attempts import COOKIE
from tests.cast import PASSWORD
from tests.people.test_sign_in import (
    code_of,
    codes_outlive_the_turn_of_half_a_minute,
    is_signed_in,
    no_attempts_from_other_tests,
    sign_in,
)

__all__ = ["codes_outlive_the_turn_of_half_a_minute", "no_attempts_from_other_tests"]
pytestmark = pytest.mark.django_db
CODE, AGAIN = "/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/"
STRANGER, HOME, OFFICE = "203.0.113.7", "198.51.100.4", "192.0.2.9"


def at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def guesses(client: Client, name: str = "wim", times: int = 5) -> None:
    for _ in range(times):
        sign_in(client, name, "wrong")


def guess_codes(client: Client, times: int = 5) -> None:
    for _ in range(times):
        client.post(CODE, {"code": "000000"})


def secret_of(user: User) -> str:
    return decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])


def who_knows_the_password(address: str, name: str = "wim") -> Client:
    """Return a client that stands before the second step."""
    client = at(address)
    sign_in(client, name)
    return client


def is_at_the_second_step(client: Client) -> bool:
    return client.get(CODE).status_code == 200


def test_tries_of_a_stranger_do_not_keep_the_true_person_out(wim: User) -> None:
    guesses(at(STRANGER), times=8)
    assert is_at_the_second_step(who_knows_the_password(HOME))


def test_the_stranger_is_stopped_all_the_same_even_with_the_right_password(wim: User) -> None:
    guesses(at(STRANGER))
    assert not is_at_the_second_step(who_knows_the_password(STRANGER))


@pytest.mark.parametrize("spelling", ["WIM", " wim ", "ｗｉｍ"])
def test_another_spelling_of_the_name_is_the_same_name(wim: User, spelling: str) -> None:
    guesses(at(STRANGER), spelling)
    assert not is_at_the_second_step(who_knows_the_password(STRANGER))


def test_another_name_of_the_host_is_no_second_allowance(wim: User) -> None:
    guesses(at(STRANGER))
    client = Client(REMOTE_ADDR=STRANGER, HTTP_HOST="localhost")
    sign_in(client, "wim")
    assert not is_at_the_second_step(client)


def test_a_neighbour_in_the_same_network_of_ipv6_is_the_same_place(wim: User) -> None:
    guesses(at("2001:db8:1:1::1"))
    assert not is_at_the_second_step(who_knows_the_password("2001:db8:1:2::9"))
    assert is_at_the_second_step(who_knows_the_password("2001:db8:2::9"))


def test_a_colleague_at_the_same_address_does_not_keep_out_whose_browser_is_known(alice: User) -> None:
    hers = at(OFFICE)
    sign_in(hers, "alice")
    hers.post("/accounts/logout/")
    guesses(at(OFFICE), "alice", times=30)
    sign_in(hers, "alice")
    assert is_signed_in(hers)


def test_a_known_browser_is_stopped_by_its_own_tries(alice: User) -> None:
    hers = at(OFFICE)
    sign_in(hers, "alice")
    hers.post("/accounts/logout/")
    guesses(hers, "alice")
    sign_in(hers, "alice")
    assert not is_signed_in(hers)


def test_a_browser_is_known_for_one_person_only(alice: User, amina: User) -> None:
    hers = at(OFFICE)
    sign_in(hers, "alice")
    hers.post("/accounts/logout/")
    assert hers.cookies[COOKIE]["httponly"]
    guesses(at(OFFICE), "amina")
    sign_in(hers, "amina")
    assert not is_signed_in(hers), "the browser is Alice's, and Amina's tries from this address are used up"


def many_places(count: int, *, beginning: str = "198.18.0.") -> list[str]:
    return [f"{beginning}{number}" for number in range(count)]


def a_siege(name: str = "wim") -> None:
    """Twenty tries in vain within an hour, from as many addresses."""
    for address in many_places(20):
        guesses(at(address), name, times=1)


def test_a_name_that_is_tried_from_everywhere_is_slowed_and_the_true_person_comes_in(wim: User) -> None:
    fresh = at(STRANGER)
    guesses(fresh, times=4)
    assert is_at_the_second_step(who_knows_the_password(STRANGER)), "five of a place, while nobody else tries"
    a_siege()
    slowed = at("203.0.113.8")
    guesses(slowed, times=1)
    assert not is_at_the_second_step(who_knows_the_password("203.0.113.8")), "one of a place now"
    assert is_at_the_second_step(who_knows_the_password(HOME)), "whoever types it right comes in"


def test_a_known_browser_is_not_even_slowed(alice: User) -> None:
    hers = at(HOME)
    sign_in(hers, "alice")
    hers.post("/accounts/logout/")
    a_siege("alice")
    guesses(hers, "alice", times=4)
    sign_in(hers, "alice")
    assert is_signed_in(hers)


def test_the_counts_outlive_hundreds_of_tries_with_names_that_nobody_bears(wim: User) -> None:
    """The cache of one process had room for 300."""
    guesses(at(STRANGER))
    for number in range(320):
        guesses(at(f"198.19.{number // 250}.{number % 250}"), f"nobody-{number}", times=1)
    assert not is_at_the_second_step(who_knows_the_password(STRANGER))


def test_without_redis_a_process_of_the_cluster_has_as_much_room() -> None:
    own = SharedCache("redis://127.0.0.1:1", {})._own
    assert own._max_entries == caches["default"]._max_entries >= 100_000


def test_codes_guessed_elsewhere_do_not_keep_the_true_person_out(wim: User) -> None:
    guess_codes(who_knows_the_password(STRANGER), times=8)
    his = who_knows_the_password(HOME)
    his.post(CODE, {"code": code_of(secret_of(wim))})
    assert is_signed_in(his)


def test_who_guesses_codes_is_stopped_even_with_the_right_one(wim: User) -> None:
    theirs = who_knows_the_password(STRANGER)
    guess_codes(theirs)
    theirs.post(CODE, {"code": code_of(secret_of(wim))})
    assert not is_signed_in(theirs)


def test_codes_that_are_guessed_from_everywhere_end_at_a_number_and_a_known_browser_goes_on(
    wim: User, settings: Settings
) -> None:
    his = who_knows_the_password(HOME)
    his.post(CODE, {"code": code_of(secret_of(wim))})
    his.post("/accounts/logout/")
    rates = django_settings.ACCOUNT_RATE_LIMITS | {
        "code_failed_anywhere": "2/h/key",
        "code_failed_at_most": "3/d/key",
    }
    settings.ACCOUNT_RATE_LIMITS = rates
    for address in many_places(5):
        guess_codes(who_knows_the_password(address), times=1)
    # The code of this half minute was used: a recovery code is good for both.
    Authenticator.objects.create(
        user=wim,
        type="recovery_codes",
        data={"migrated_codes": [encrypt("one-good-code"), encrypt("another-good-code")]},
    )
    stranger = who_knows_the_password(OFFICE)
    stranger.post(CODE, {"code": "one-good-code"})
    assert not is_signed_in(stranger)
    sign_in(his, "wim")
    his.post(CODE, {"code": "another-good-code"})
    assert is_signed_in(his)


def test_a_recovery_code_is_a_try_like_any_other(wim: User) -> None:
    Authenticator.objects.create(
        user=wim, type="recovery_codes", data={"migrated_codes": [encrypt("one-good-code")]}
    )
    theirs = who_knows_the_password(STRANGER)
    guess_codes(theirs)
    theirs.post(CODE, {"code": "one-good-code"})
    assert not is_signed_in(theirs)
    his = who_knows_the_password(HOME)
    his.post(CODE, {"code": "one-good-code"})
    assert is_signed_in(his)


def test_proving_it_again_is_counted_by_place_too(alice: User) -> None:
    hers, theirs = at(HOME), at(STRANGER)
    for client in (hers, theirs):
        client.force_login(alice)
    for _ in range(6):
        theirs.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert b"too often" in theirs.post("/accounts/reauthenticate/", {"password": PASSWORD}).content
    assert hers.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_proving_it_again_by_a_code_is_counted_by_place_too(wim: User) -> None:
    his, theirs = at(HOME), at(STRANGER)
    for client in (his, theirs):
        client.force_login(wim)
    for _ in range(6):
        theirs.post(AGAIN, {"code": "000000"})
    assert b"too often" in theirs.post(AGAIN, {"code": "000000"}).content
    assert his.post(AGAIN, {"code": code_of(secret_of(wim))}).status_code == 302


def test_an_invitation_is_not_shut_by_anybodys_tries(db: None) -> None:
    token = invite(username="zoe", roles=["moderator"], actor="op", at=timezone.now()).token
    strangers = at(STRANGER)
    for number in range(40):
        assert strangers.post(f"/people/invitation/guess-{number}/", {"password": "x"}).status_code == 410
    for _ in range(10):
        assert (
            strangers.post(f"/people/invitation/{token}/", {"password": "x", "again": "y"}).status_code == 200
        )
    answer = at(STRANGER).post(f"/people/invitation/{token}/", {"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 302


def test_the_counts_go_on_while_redis_is_gone(wim: User, settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "config.shared.cache.SharedCache",
            "LOCATION": "redis://127.0.0.1:1",
            "OPTIONS": impatient(),
        }
    }
    guesses(at(STRANGER))
    assert not is_at_the_second_step(who_knows_the_password(STRANGER))
    assert is_at_the_second_step(who_knows_the_password(HOME))
