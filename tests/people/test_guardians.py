"""Who may come in as lead, as officer, and to propose and sign what loosens the safeguard.

Seen red without ``has_representative`` in ``guardian_role`` and in ``may_sign_together`` (the operator signed beside a
representative), without ``team_id`` in ``moderators_of`` (a lead opened a person of another team), without
``is_unconfirmed`` in ``_themselves``, and without ``beside_until`` asked for.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from people.access import (
    confirmer_for,
    guardian_for,
    lead_for,
    member_for,
    members_for,
    officer_for,
    require_operator,
)
from people.exceptions import SecondFactorOwed, Unconfirmed
from people.models import RoleGrant, Team, User
from people.rules.roles import may_sign_together
from people.selectors import roles_with_open_doors
from people.services.accounts import set_roles, set_team
from tests.cast import T0, a_user, subject_of

SECOND = timedelta(seconds=1)
OFFICER, REPRESENTATIVE, OPERATOR = "wellbeing_officer", "representative", "operator"


@pytest.mark.parametrize(
    ("one", "other", "elected", "alone"),
    [
        (OFFICER, REPRESENTATIVE, True, True),
        (OFFICER, OFFICER, False, True),
        (OFFICER, OPERATOR, False, True),
        (REPRESENTATIVE, REPRESENTATIVE, False, False),
        (OPERATOR, OPERATOR, False, False),
        (OPERATOR, REPRESENTATIVE, False, False),
        (OFFICER, "lead", False, False),
        (OFFICER, "auditor", False, False),
        (OFFICER, "", False, False),
    ],
)
def test_who_may_sign_together(one: str, other: str, elected: bool, alone: bool) -> None:
    for first, second in ((one, other), (other, one)):
        assert may_sign_together(first, second, has_representative=True) is elected
        if REPRESENTATIVE not in (one, other):
            assert may_sign_together(first, second, has_representative=False) is alone


def test_officer_and_representative_are_guardians_and_nobody_else_beside_them(
    wim: User, rosa: User, olga: User, dana: User, alice: User
) -> None:
    assert guardian_for(wim, T0).role == OFFICER
    assert guardian_for(rosa, T0).role == REPRESENTATIVE
    for user in (olga, dana, alice, None):
        with pytest.raises(PermissionDenied):
            guardian_for(user, T0)


def test_without_a_representative_the_operator_is_one(wim: User, olga: User) -> None:
    assert guardian_for(olga, T0).role == OPERATOR
    rosa = a_user("rosa", REPRESENTATIVE)
    with pytest.raises(PermissionDenied):
        guardian_for(olga, T0)
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert guardian_for(olga, T0).role == OPERATOR


def test_a_second_factor_that_is_owed_closes_the_door(wim: User, rosa: User) -> None:
    wim.authenticator_set.all().delete()  # type: ignore[attr-defined]
    for door in (guards, officer_for):
        with pytest.raises(SecondFactorOwed):
            door(wim)
    assert guardian_for(rosa, T0).role == REPRESENTATIVE


def guards(user: User) -> object:
    return guardian_for(user, T0)


def confirms(user: User) -> object:
    return confirmer_for(user, T0)


@pytest.mark.parametrize("door", [guards, officer_for, confirms])
def test_whoever_set_an_officers_sign_in_anew_comes_through_none_of_their_doors(
    wim: User, door: Callable[[User], object]
) -> None:
    User.objects.filter(pk=wim.pk).update(password="known to another")
    with pytest.raises(Unconfirmed):
        door(wim)


def test_a_lead_needs_a_second_factor(dana: User) -> None:
    dana.authenticator_set.all().delete()  # type: ignore[attr-defined]
    with pytest.raises(SecondFactorOwed):
        lead_for(dana, T0)


def test_a_lead_who_is_an_operator_leads_until_their_time_is_over(dana: User) -> None:
    RoleGrant.objects.create(user=dana, role=OPERATOR, granted_at=T0)
    with pytest.raises(PermissionDenied):
        lead_for(dana, T0)
    ends = T0 + timedelta(days=14)
    RoleGrant.objects.filter(user=dana, role="lead").update(beside_until=ends)
    assert lead_for(dana, ends - SECOND).team_name == "North"
    assert "lead" in roles_with_open_doors(dana, at=ends - SECOND)
    for at in (ends, ends + SECOND):
        with pytest.raises(PermissionDenied):
            lead_for(dana, at)
        assert roles_with_open_doors(dana, at=at) == {OPERATOR}
    assert require_operator(dana) == subject_of(dana)


def test_a_revoked_role_opens_nothing(wim: User, rosa: User) -> None:
    RoleGrant.objects.filter(user=wim).update(revoked_at=T0)
    with pytest.raises(PermissionDenied):
        guardian_for(wim, T0)


def test_a_lead_leads_the_team_they_are_in(dana: User, north: Team, alice: User, wim: User) -> None:
    found = lead_for(dana, T0)
    assert (found.subject, found.team_id, found.team_name) == (subject_of(dana), north.pk, "North")
    for user in (alice, wim, None):
        with pytest.raises(PermissionDenied):
            lead_for(user, T0)


def test_a_lead_without_a_team_leads_nobody(db: None) -> None:
    with pytest.raises(PermissionDenied):
        lead_for(a_user("lena", "lead"), T0)


def test_a_lead_opens_active_moderators_of_their_team_and_nobody_else(
    dana: User, alice: User, amina: User, rosa: User, charlie: User
) -> None:
    lead = lead_for(dana, T0)
    assert [member.name for member in members_for(lead, T0)] == ["Alice", "Amina"]
    assert member_for(lead, alice.pk, T0).subject == subject_of(alice)
    for stranger in (charlie.pk, rosa.pk, dana.pk, 0):
        with pytest.raises(Http404):
            member_for(lead, stranger, T0)
    set_team(user=alice, team=None, actor="system", at=T0)
    set_roles(user=amina, roles=(), actor="system", at=T0)
    assert members_for(lead, T0) == []
