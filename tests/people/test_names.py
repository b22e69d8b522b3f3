"""A name cannot be taken for another one, nor hold what nobody sees; any alphabet will do.

Seen red without each of the three checks, and each caller without its own.
"""

import io
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from people.exceptions import NameLooksLike, NameMixed, NameUnseen
from people.models import Platform, Team, User
from people.rules.names import check_shown, check_typed, check_unlike
from people.services.accounts import create_user, deactivate, grant_roles
from people.services.invitations import invite
from people.services.platforms import create_platform
from people.services.teams import create_team
from tests import cast
from tests.cast import PASSWORD, T0

CYRILLIC_I = "w\u0456m"
UNSEEN = {
    "turns the direction": "wim\u202e",
    "isolates": "\u2066wim\u2069",
    "no width": "w\u200bim",
    "a filler that Python calls a letter": "wi\u3164m",
    "a joiner of nothing": "wi\u034fm",
    "a variation": "wim\ufe0f",
    "a blank of Braille": "wi\u2800m",
    "a mark on nothing": "\u0301wim",
    "a soft hyphen": "wi\u00adm",
    "a tab": "wi\tm",
    "a new line": "wi\nm",
    "a NUL": "wi\0m",
    "half a pair": "wi\ud800m",
    "of a private area": "wi\ue000m",
}
MIXED = [CYRILLIC_I, "Аlice", "rosα", "ольgа"]
FINE = [
    "wim",
    "Ольга",
    "Γεωργία",
    "محمد",
    "نازنین‌زهرا",
    "日本",
    "カナ漢字",
    "한국",
    "Tシャツ",
    "Inès",
    "Ng\u0169g\u0129",
    "o\u02bcneill",
]
SHOWN = [
    "Wim de Vries",
    "O’Neill",
    "Ольга Smith",
    "Team 7 – Nacht",
    "Яндекс Maps",
    "C++ Forum",
    "Lumen & Co.",
]
ALIKE = [
    ("wim", CYRILLIC_I),
    ("paypa", "раура"),
    ("Ian", "lan"),
    ("alice1", "alicel"),
    ("corn", "com"),
    ("ВОВА", "boba"),
    ("wim", "ｗіm"),
    ("Ines", "Inès"),
    ("Wim", "WIM"),
    ("Wim", "Wim."),
    ("Wim", "W i m"),
    ("Wim", "Wi̇m"),
    ("Wim", "\U0001d4e6\U0001d4f2\U0001d4f6"),
    ("Wim", "Wim \U0001f469"),
]
UNLIKE = [("wim", "tim"), ("m-1", "m-11"), ("Ольга", "Olga"), ("Wim", "Wim")]


@pytest.mark.parametrize("name", UNSEEN.values(), ids=UNSEEN)
def test_what_nobody_sees_is_refused(name: str) -> None:
    for check in (check_shown, check_typed):
        with pytest.raises(NameUnseen):
            check(name)


@pytest.mark.parametrize("name", MIXED)
def test_a_word_of_two_scripts_is_refused(name: str) -> None:
    for check in (check_shown, check_typed):
        with pytest.raises(NameMixed):
            check(name)


@pytest.mark.parametrize("name", FINE)
def test_a_name_of_any_script_is_a_name(name: str) -> None:
    assert check_typed(name) == name
    assert check_shown(name)


@pytest.mark.parametrize("name", SHOWN)
def test_shown_names_have_words_and_each_its_script(name: str) -> None:
    assert check_shown(name) == name


def test_a_shown_name_is_composed_and_has_single_spaces() -> None:
    assert check_shown("  Ine\u0300s   Dupont ") == "Inès Dupont"


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_look_alike_are_refused_whichever_was_first(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        with pytest.raises(NameLooksLike) as refused:
            check_unlike(second, ["somebody", first])
        assert refused.value.other == first
        assert first not in str(refused.value)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_others_are_not(one: str, other: str) -> None:
    check_unlike(one, [other])
    check_unlike(other, [one])


WORDS = {NameUnseen: b"nobody can see", NameMixed: b"two alphabets", NameLooksLike: b"which is there already"}
REFUSED = [
    ("wi\u202em", NameUnseen),
    (CYRILLIC_I, NameMixed),
    ("WIN\u0399".lower(), NameMixed),
    ("rosa1", NameLooksLike),
]


def a_person(username: str, display_name: str = "") -> User:
    return create_user(
        username=username, display_name=display_name, password=None, roles=["moderator"], actor="op", at=T0
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("username", "display_name"),
    [
        ("rosa1", ""),  # both are compared
        ("rosa1", "Zoe"),  # whom one signs in as
        ("zoe", "Rosa1"),  # whom others see
        ("lan", ""),  # who is shown by the name they sign in with, beside a shown name
        ("ro5al", "Wirn"),  # beside somebody who is shown by the name they sign in with
    ],
)
def test_whom_one_signs_in_as_and_whom_others_see_are_both_compared(username: str, display_name: str) -> None:
    a_person("rosal", "Rosal")
    a_person("Wim")
    a_person("i.smith", "Ian")
    with pytest.raises(NameLooksLike):
        a_person(username, display_name)
    a_person("zoe", "Zoe")


@pytest.mark.django_db
def test_the_page_refuses_each_with_its_sentence_and_keeps_what_was_typed(olga: User) -> None:
    a_person("rosal", "Rosal")
    client = Client()
    client.force_login(olga)
    for field, other in (("username", "display_name"), ("display_name", "username")):
        for name, why in REFUSED:
            typed = {field: name, other: "zoe", "roles": ["moderator"], "zone": "UTC"}
            page = client.post("/people/invite/", typed).content
            seen = why if field == "display_name" or why is not NameUnseen else None
            assert WORDS[why] in page if seen else b"letters, digits" in page
            assert b'value="zoe"' in page
    assert not User.objects.filter(username="zoe").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "why"), REFUSED)
def test_teams_and_platforms_are_names_too(name: str, why: type[Exception]) -> None:
    for make, rows in ((create_team, Team), (create_platform, Platform)):
        make(name="Rosal", actor="op", at=T0)
        with pytest.raises(why):
            make(name=name, actor="op", at=T0)
        assert rows.objects.count() == 1


@pytest.mark.django_db
def test_the_page_of_teams_says_why(olga: User) -> None:
    client = Client()
    client.force_login(olga)
    for name, why in (("Nor\u202eth", NameUnseen), ("N\u043erth", NameMixed)):
        assert WORDS[why] in client.post("/people/teams/", {"name": name}, follow=True).content
    assert not Team.objects.exists()


@pytest.mark.django_db
def test_commands_say_why_in_one_line(monkeypatch: pytest.MonkeyPatch, wim: User) -> None:
    a_person("rosal")
    for name, words in (
        ("rosa1", "looks like"),
        (CYRILLIC_I, "two alphabets"),
        ("wi\u200bm", "nobody can see"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("create_platform", name) if words != "looks like" else _twice(name)
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
        with pytest.raises(CommandError, match=words):
            call_command(
                "create_user", "zoe", "--display-name", name, "--role", "moderator", "--password-stdin"
            )
    assert not User.objects.filter(username="zoe").exists()


def _twice(name: str) -> None:
    create_platform(name="rosal", actor="op", at=T0)
    call_command("create_platform", name)


@pytest.mark.django_db
def test_two_people_may_bear_the_very_same_name_and_who_has_left_is_not_in_the_way(alice: User) -> None:
    a_person("maria", "Maria Silva")
    a_person("maria2", "Maria Silva")
    with pytest.raises(NameLooksLike):
        a_person("maria3", "Maria Si1va")
    for username in ("maria", "maria2"):
        deactivate(user=User.objects.get(username=username), reason="Left", actor="op", at=T0)
    a_person("maria3", "Maria Si1va")


@pytest.mark.django_db
def test_an_invited_persons_name_is_taken_already(db: None) -> None:
    invite(username="zoe1", roles=["moderator"], actor="op", at=timezone.now())
    with pytest.raises(NameLooksLike):
        invite(username="zoel", roles=["moderator"], actor="op", at=timezone.now())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_names_are_given_one_at_a_time() -> None:
    """While one name is given, the organisation's row cannot be held by a second: SQLite has one writer anyway."""
    cast.an_organisation()
    with transaction.atomic():
        create_team(name="Rosal", actor="op", at=T0)
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '50ms'")
                with pytest.raises(Exception, match="lock timeout"):
                    cursor.execute("SELECT 1 FROM people_organisation FOR NO KEY UPDATE")
        finally:
            other.close()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["wellbeing_officer", "representative", "lead", "auditor", "operator"])
def test_nobody_bears_the_very_name_of_somebody_who_signs(role: str) -> None:
    """'Signed by Rosa' must tell who. Two moderators may both be called Rosa."""
    first = create_user(
        username="rosa", password=None, display_name="Rosa", roles=["moderator"], at=T0, actor="op"
    )
    second = create_user(
        username="other", password=None, display_name="Rosa", roles=["moderator"], at=T0, actor="op"
    )
    with pytest.raises(NameLooksLike):
        grant_roles(user=second, roles=[role], actor="op", at=T0)
    deactivate(user=first, reason="left", actor="op", at=T0)
    grant_roles(user=second, roles=[role], actor="op", at=T0)
    with pytest.raises(NameLooksLike):
        create_user(
            username="third", password=None, display_name="Rosa", roles=["moderator"], at=T0, actor="op"
        )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Respite", "The installation", "somebody else"])
def test_nobody_is_called_what_pages_write_for_nobody(name: str) -> None:
    with pytest.raises(NameLooksLike):
        create_user(
            username="someone", password=None, display_name=name, roles=["moderator"], at=T0, actor="op"
        )
