"""manage.py create_user: one JSON object, or one clear line and exit 1."""

import io
import json
import sys
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from audit.models import AuditRow
from people.models import Team, User
from people.selectors import roles_of, team_of, worker_of
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def password_typed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))


def made(capsys, *arguments: str) -> dict:
    call_command("create_user", *arguments)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    answer: dict = json.loads(out)
    return answer


def test_a_user_with_a_password_may_sign_in(capsys, password_typed):
    arguments = ["zoe", "--role", "moderator", "--role", "lead", "--skill", "senior", "--team", "North"]
    answer = made(capsys, *arguments, "--password-stdin")
    assert answer == {
        "username": "zoe",
        "roles": ["lead", "moderator"],
        "skills": ["senior"],
        "team": "North",
        "team_created": True,
        "active": True,
    }
    user = User.objects.get(username="zoe")
    assert user.check_password(PASSWORD)
    assert roles_of(user) == {"lead", "moderator"}
    assert worker_of(user.subject.id, at=user.created_at).skills == {"senior"}
    assert Client().login(username="zoe", password=PASSWORD)


def test_a_team_that_is_there_is_used(capsys, password_typed, north: Team):
    answer = made(capsys, "zoe", "--role", "moderator", "--team", "north", "--password-stdin")
    assert (answer["team"], answer["team_created"]) == ("North", False)
    assert team_of(User.objects.get().subject.id, at=User.objects.get().created_at) == north.pk


def test_without_a_password_a_one_time_link_is_printed(capsys):
    answer = made(capsys, "olga", "--role", "operator")
    assert not answer["active"]
    assert answer["team"] is None
    path = answer["invitation"].partition("8000")[2]
    assert Client().get(path).status_code == 200


def test_since_when_and_where_are_kept(capsys, password_typed):
    made(
        capsys,
        "zoe",
        "--role",
        "moderator",
        "--began-on",
        "2024-02-29",
        "--country",
        "be",
        "--password-stdin",
    )
    zoe = User.objects.get(username="zoe")
    assert (zoe.began_on, zoe.country) == (date(2024, 2, 29), "BE")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["alice", "--role", "moderator"], "signs in with this name already"),
        (["a b", "--role", "moderator"], "1 to 150"),
        (["zoe", "--role", "admin"], "no role “admin”"),
        (["zoe", "--role", "lead", "--role", "auditor"], "team lead and auditor"),
        (["zoe", "--role", "moderator", "--skill", "magic"], "no skill “magic”"),
        (["zoe", "--role", "moderator", "--time-zone", "Mars"], "no time zone “Mars”"),
        (["zoe", "--role", "moderator", "--country", "B2"], "no country code"),
        (["zoe", "--role", "moderator", "--began-on", "2199-01-01"], "cannot have begun after today"),
        (["zoe", "--role", "moderator", "--began-on", "01/02/24"], "“01/02/24” is no day"),
        (["zoe", "--role", "moderator", "--team", "x" * 121], "120 characters"),
    ],
)
def test_what_cannot_be_is_said_in_one_line_and_nothing_is_stored(
    alice: User, password_typed, arguments: list[str], says: str
):
    with pytest.raises(CommandError, match=says) as error:
        call_command("create_user", *arguments, "--password-stdin")
    assert error.value.returncode == 1
    assert User.objects.count() == 1
    assert Team.objects.count() == 1
    assert not AuditRow.objects.exists()


@pytest.mark.parametrize(
    ("typed", "says"), [("", "No password"), ("\n", "No password"), ("short\n", "too short")]
)
def test_a_password_that_does_not_come_or_will_not_do_is_said(monkeypatch, typed: str, says: str):
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with pytest.raises(CommandError, match=says):
        call_command("create_user", "zoe", "--role", "moderator", "--team", "New", "--password-stdin")
    assert not User.objects.exists()
    assert not Team.objects.exists()
