"""The doors: a platform's key, a moderator, an operator."""

import hmac
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from people.access import (
    KeyExpired,
    KeyMissing,
    KeyRefused,
    KeyUnknown,
    ScopeMissing,
    key_for,
    moderator_with_zones_for,
    require_operator,
    require_scope,
)
from people.exceptions import SecondFactorOwed
from people.models import ApiKey, Platform, RoleGrant, User
from people.selectors import subject_of, zones_of
from people.services.platforms import IssuedKey, issue_key, revoke_key
from tests.cast import T0

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def issued(lumen: Platform) -> IssuedKey:
    return issue_key(
        platform=lumen,
        scopes=["items:read"],
        live=True,
        expires_at=T0 + timedelta(days=30),
        actor="system",
        at=T0,
    )


def test_the_secret_opens_the_door_and_names_the_platform(issued: IssuedKey, lumen: Platform):
    assert key_for(issued.secret, at=T0).platform == lumen


@pytest.mark.parametrize("bearer", ["", "   "])
def test_no_key_is_missing(db: None, bearer: str):
    with pytest.raises(KeyMissing):
        key_for(bearer, at=T0)


@pytest.mark.parametrize("change", [lambda s: s + "x", lambda s: s[:-1], lambda s: s[:19], lambda s: s[:9]])
def test_a_secret_that_is_not_the_whole_one_is_unknown(issued: IssuedKey, change):
    with pytest.raises(KeyUnknown):
        key_for(change(issued.secret), at=T0)


@pytest.mark.parametrize("bearer", ["\0", "é" * 40, "x" * 100_000, "rsp_live_' OR 1=1 --"])
def test_odd_bearers_are_unknown_and_do_not_break_the_door(issued: IssuedKey, bearer: str):
    with pytest.raises(KeyUnknown):
        key_for(bearer, at=T0)


def test_an_unknown_prefix_is_compared_like_a_known_one(issued: IssuedKey, monkeypatch: pytest.MonkeyPatch):
    compared: list[tuple[str, str]] = []

    def noting(left: str, right: str) -> bool:
        compared.append((left, right))
        return False

    monkeypatch.setattr(hmac, "compare_digest", noting)
    for bearer in [issued.secret, "rsp_live_unknown_unknown"]:
        with pytest.raises(KeyUnknown):
            key_for(bearer, at=T0)
    assert [len(right) for _, right in compared] == [64, 64]


def test_a_revoked_key_is_unknown(issued: IssuedKey):
    revoke_key(key=issued.key, actor="system", at=T0)
    with pytest.raises(KeyUnknown):
        key_for(issued.secret, at=T0)


def test_a_key_holds_to_the_second_before_its_end(issued: IssuedKey):
    end = T0 + timedelta(days=30)
    assert key_for(issued.secret, at=end - timedelta(seconds=1)) == issued.key
    with pytest.raises(KeyExpired):
        key_for(issued.secret, at=end)


def test_the_last_use_is_noted_at_most_once_a_minute(issued: IssuedKey):
    for seconds, noted in [(0, 0), (59, 0), (60, 0), (61, 61), (90, 61)]:
        key_for(issued.secret, at=T0 + timedelta(seconds=seconds))
        assert ApiKey.objects.get().last_used_at == T0 + timedelta(seconds=noted)


def test_a_use_within_the_minute_writes_nothing(issued: IssuedKey, django_assert_num_queries):
    key_for(issued.secret, at=T0)
    with django_assert_num_queries(1):
        key_for(issued.secret, at=T0 + timedelta(seconds=30))


def test_a_scope_that_the_key_does_not_carry_is_named(issued: IssuedKey):
    require_scope(issued.key, "items:read")
    with pytest.raises(ScopeMissing) as missing:
        require_scope(issued.key, "items:write")
    assert missing.value.scope == "items:write"


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (KeyMissing, "key_missing"),
        (KeyUnknown, "key_unknown"),
        (KeyExpired, "key_expired"),
        (ScopeMissing, "scope_missing"),
    ],
)
def test_the_codes_are_those_of_the_interface(refusal: type[KeyRefused], code: str):
    assert refusal.code == code


def test_a_moderator_comes_in_as_a_subject(alice: User):
    assert moderator_with_zones_for(alice) == (
        subject_of(alice),
        tuple(zones_of(subject_of(alice))),
        True,
    )


def test_nobody_else_comes_to_the_desk(olga: User, dana: User, wim: User):
    for user in [olga, dana, wim, AnonymousUser(), None]:
        with pytest.raises(PermissionDenied):
            moderator_with_zones_for(user)


def test_a_deactivated_moderator_stays_out(alice: User):
    alice.is_active = False
    with pytest.raises(PermissionDenied):
        moderator_with_zones_for(alice)


def test_a_role_that_was_taken_away_opens_nothing(alice: User):
    RoleGrant.objects.filter(user=alice).update(revoked_at=T0)
    with pytest.raises(PermissionDenied):
        moderator_with_zones_for(alice)


def test_an_operator_comes_in_and_nobody_else(olga: User, alice: User, wim: User):
    assert require_operator(olga) == subject_of(olga)
    for user in [alice, wim, AnonymousUser()]:
        with pytest.raises(PermissionDenied):
            require_operator(user)


def test_an_operator_without_a_second_factor_owes_one(olga: User):
    olga.authenticator_set.all().delete()  # type: ignore[attr-defined]
    with pytest.raises(SecondFactorOwed):
        require_operator(olga)


def test_the_demo_leaves_the_second_factor_out(olga: User, settings):
    settings.DEMO = True
    olga.authenticator_set.all().delete()  # type: ignore[attr-defined]
    assert require_operator(olga) == subject_of(olga)
