"""Pure rules of people: roles, skills, zones, keys."""

from datetime import timedelta

import pytest

from people.exceptions import ExpiryPast, RolesConflict, UnknownRole, UnknownScope, UnknownSkill, UnknownZone
from people.rules.keys import SCOPES, check_expiry, check_scopes
from people.rules.roles import NAMES, check_roles
from people.rules.skills import check_skill, trained_for
from people.rules.zones import check_zone
from tests.cast import T0

pytestmark = pytest.mark.any_database

CONFLICTS = [
    # Who sets the pressure may not look after the people under it,
    ("lead", "wellbeing_officer"),
    # nor speak for them,
    ("lead", "representative"),
    # nor check the proof of it;
    ("lead", "auditor"),
    # nor set the sign-ins of those people anew;
    ("lead", "operator"),
    # who holds the disk may not be who reads wellbeing records.
    ("operator", "wellbeing_officer"),
]
PAIRS = [(a, b) for a in NAMES for b in NAMES if a < b]


@pytest.mark.parametrize("pair", CONFLICTS)
def test_roles_that_exclude_each_other_are_refused_with_both_named(pair: tuple[str, str]):
    with pytest.raises(RolesConflict) as conflict:
        check_roles(["moderator", *reversed(pair)])
    assert (conflict.value.first, conflict.value.second) == pair
    assert all(NAMES[role] in str(conflict.value) for role in pair)


@pytest.mark.parametrize("pair", PAIRS)
def test_every_other_pair_may_be_held_together(pair: tuple[str, str]):
    if pair in CONFLICTS or pair[::-1] in CONFLICTS:
        with pytest.raises(RolesConflict):
            check_roles(pair)
    else:
        assert check_roles(pair) == set(pair)


def test_an_unknown_role_is_refused_and_the_known_ones_are_named():
    with pytest.raises(UnknownRole, match="moderator, lead"):
        check_roles(["moderator", "admin"])


@pytest.mark.parametrize("skill", ["senior", "lang:fr", "lang:pt-BR", "lang:zh-Hant-TW", "trained:GORE"])
def test_known_skills_pass(skill: str):
    assert check_skill(skill) == skill


@pytest.mark.parametrize(
    "skill",
    ["", "Senior", "fr", "lang:", "lang:french", "lang:fr;drop", "junior", "trained:", "trained:gore"],
)
def test_other_skills_are_refused(skill: str):
    with pytest.raises(UnknownSkill):
        check_skill(skill)


def test_what_somebody_was_trained_for_is_told_by_their_skills():
    assert trained_for(["senior", "trained:GORE", "trained:SELF_HARM_PROMO"]) == {"GORE", "SELF_HARM_PROMO"}
    assert trained_for(["senior", "lang:fr"]) == frozenset()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Brussels", "Asia/Kathmandu"])
def test_known_zones_pass(zone: str):
    assert check_zone(zone) == zone


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Europe", "/UTC", "a\0b"])
def test_unknown_zones_are_refused(zone: str):
    with pytest.raises(UnknownZone):
        check_zone(zone)


def test_scopes_are_put_in_order_and_once():
    assert check_scopes([SCOPES[2], SCOPES[0], SCOPES[2]]) == [SCOPES[0], SCOPES[2]]


@pytest.mark.parametrize("scopes", [[], ["items:read", "items:delete"]])
def test_no_scope_or_an_unknown_one_is_refused(scopes: list[str]):
    with pytest.raises(UnknownScope):
        check_scopes(scopes)


def test_a_key_expires_after_it_is_issued_or_never():
    assert check_expiry(None, at=T0) is None
    assert check_expiry(T0 + timedelta(seconds=1), at=T0) == T0 + timedelta(seconds=1)
    with pytest.raises(ExpiryPast):
        check_expiry(T0, at=T0)
