"""Passwords are refused by how soon they are guessed, wherever one is set.

Seen red: every case with Django's list of common passwords instead; the names' without the names.
"""

import io
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from people.exceptions import PasswordRefused
from people.models import User
from people.rules.passwords import LONGEST, Weakness, weakness_of
from people.services.accounts import create_user
from people.services.invitations import accept_invitation, invite
from tests.cast import PASSWORD, T0

WEAK = [
    ("aaaaaaaaaaaa", Weakness.REPEATS),
    ("inesinesines", Weakness.NAMES),
    ("Inès-Inès-2026", Weakness.NAMES),
    ("duponttnopud1", Weakness.NAMES),
    ("respite-respite", Weakness.NAMES),
    ("Respite2026!!", Weakness.NAMES),
    ("moderator1234", Weakness.NAMES),
    ("qwertyuiopas", Weakness.COMMON),
    ("1234567890123", Weakness.SEQUENCES),
    ("abcdefghijklm", Weakness.SEQUENCES),
    ("password1234", Weakness.COMMON),
    ("P@ssw0rd1234", Weakness.COMMON),
    ("x" * (LONGEST + 1), Weakness.TOO_LONG),
]
STRONG = [
    PASSWORD,
    "quiet-river-41-stones",
    "3f2a-91bc-77d0-aa12",
    "четыре слова без связи",
    "Inès likes rain and onions",
]
NAMES = ("ines", "Inès Dupont")


@pytest.mark.parametrize(("password", "why"), WEAK)
def test_what_is_soon_guessed_is_refused_and_says_why(password: str, why: Weakness) -> None:
    assert weakness_of(password, names=NAMES) is why


@pytest.mark.parametrize("password", STRONG)
def test_a_few_words_are_enough_in_any_alphabet(password: str) -> None:
    assert weakness_of(password, names=NAMES) is None


def test_the_longest_that_is_let_in_is_looked_at_in_a_bounded_way() -> None:
    """What lies beyond 72 characters is not weighed: that many of anything but repeats are enough."""
    assert weakness_of("a" * LONGEST, names=()) is Weakness.REPEATS
    assert weakness_of(("quiet river stones and onions " * 5)[:LONGEST], names=()) is None


def test_a_name_is_the_same_without_its_accents() -> None:
    assert weakness_of("gerardgerard", names=["g7", "Gérard Noël"]) is Weakness.NAMES
    assert weakness_of("noel gerard 7", names=["g7", "Gérard Noël"]) is Weakness.NAMES


@pytest.fixture
def ines(db: None) -> User:
    return create_user(
        username="ines", display_name="Inès Dupont", password=PASSWORD, roles=["moderator"], actor="op", at=T0
    )


THEIRS = ["aaaaaaaaaaaa", "inesinesines", "dupontdupont"]


@pytest.mark.parametrize("password", THEIRS)
def test_the_form_refuses_it(ines: User, password: str) -> None:
    client = Client()
    client.force_login(ines)
    typed = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert b"guessed" in client.post("/accounts/password/change/", typed).content
    ines.refresh_from_db()
    assert ines.check_password(PASSWORD)


@pytest.mark.parametrize("password", THEIRS)
def test_an_invitation_refuses_it_and_can_still_be_used(db: None, password: str) -> None:
    at = timezone.now()
    token = invite(username="ines", display_name="Inès Dupont", roles=["moderator"], actor="op", at=at).token
    page = Client().post(f"/people/invitation/{token}/", {"password": password, "again": password})
    assert b"guessed" in page.content
    assert accept_invitation(token=token, password=PASSWORD, at=at).is_active


@pytest.mark.parametrize("password", THEIRS)
def test_the_service_and_the_command_refuse_it(
    db: None, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    said = {
        "username": "ines",
        "display_name": "Inès Dupont",
        "roles": ["moderator"],
        "actor": "op",
        "at": T0,
    }
    with pytest.raises(PasswordRefused, match="guessed"):
        create_user(password=password, **said)  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    with pytest.raises(CommandError, match="guessed"):
        call_command(
            "create_user", "ines", "--display-name", "Inès Dupont", "--role", "moderator", "--password-stdin"
        )
    assert not User.objects.exists()


@pytest.mark.parametrize("password", THEIRS)
def test_django_s_own_command_refuses_it(ines: User, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr("getpass.getpass", lambda **_: password)
    with pytest.raises(CommandError, match="Aborting"):
        call_command("changepassword", "ines", stdout=io.StringIO(), stderr=io.StringIO())
    ines.refresh_from_db()
    assert ines.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["respite-olga-2026", "ines-respite-2026", "Olga.Respite.Moderator!1"])
def test_names_side_by_side_are_no_strength(password: str) -> None:
    """An attack from outside got in with these."""
    assert weakness_of(password, names=["olga", "Ines Olga"]) == Weakness.NAMES


def test_a_strong_rest_beside_a_name_is_enough() -> None:
    assert weakness_of("olga-quiet-river-41-stones", names=["olga"]) is None
