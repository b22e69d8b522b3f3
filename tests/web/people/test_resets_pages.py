"""A lost second factor on the operator's page, and one's own page about one's sign-in."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from people.models import Reset, User
from people.selectors import is_unconfirmed, subject_of
from tests import cast

pytestmark = pytest.mark.django_db
OWN = "/people/sign-in/"


def address(user: User) -> str:
    return f"/people/{user.pk}/factor/"


@pytest.fixture
def operator(client: Client, olga: User) -> Client:
    client.force_login(olga)
    return client


def test_a_lost_factor_is_taken_away_after_a_page_that_says_what_follows(
    operator: Client, olga: User, wim: User
) -> None:
    assert "Has Wim lost the second factor?" in operator.get(address(wim)).content.decode()
    assert Authenticator.objects.filter(user=wim).exists()
    told = operator.post(address(wim), follow=True).content.decode()
    assert "The second factor of Wim is gone." in told
    assert not Authenticator.objects.filter(user=wim).exists()
    assert is_unconfirmed(wim)
    assert Reset.objects.get().made_by == str(subject_of(olga))
    assert "They have no second factor." in operator.post(address(wim), follow=True).content.decode()


@pytest.mark.parametrize("role", ["moderator", "lead", "wellbeing_officer", "representative", "auditor"])
def test_nobody_but_an_operator_takes_a_factor_away(client: Client, wim: User, role: str) -> None:
    client.force_login(cast.a_user("norma", role))
    assert client.get(address(wim)).status_code == client.post(address(wim)).status_code == 403
    assert not Reset.objects.exists()


def test_an_ended_account_has_no_such_page(operator: Client, wim: User) -> None:
    User.objects.filter(pk=wim.pk).update(deactivated_at=cast.T0)
    assert operator.get(address(wim)).status_code == operator.post(address(wim)).status_code == 404


def test_ones_own_page_says_that_nothing_happened(client: Client, alice: User) -> None:
    assert client.get(OWN).status_code == 302
    client.force_login(alice)
    page = client.get(OWN).content.decode()
    assert "Only you have changed it." in page
    assert "Confirm it by a second factor" not in page
    assert client.put(OWN).status_code == 405


def test_ones_own_page_says_what_happened_and_how_to_confirm(client: Client, alice: User) -> None:
    client.force_login(alice)
    User.objects.filter(pk=alice.pk).update(email="a@else.example")
    page = client.get(OWN).content.decode()
    assert "Somebody else changed the e-mail address." in page
    assert "Waits for a confirmation." in page
    assert "Confirm it by a second factor of your own" in page
