"""The security log: sign-ins good and bad, lock-outs, refusals by door, links, keys, roles; without anything of anybody.

Seen red: with the typed name in the line, without the count, with the row written before the answer, with unknown names told
apart, without the middleware, with what is no key told apart, without the guard against a database that fails; and others by turns.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from audit.models import AuditRow
from audit.rules.security import BOUNDED
from people.models import ApiKey, Platform, RoleGrant, User
from people.rules.counting import is_told
from people.services import security
from people.services.accounts import deactivate, set_roles
from people.services.invitations import accept_invitation, invite, new_link
from people.services.platforms import issue_key, revoke_key
from people.sign_in.after import after_answer
from people.sign_in.middleware import RefusedDoorMiddleware
from tests import cast
from tests.audit.steps import run
from tests.cast import PASSWORD, T0, subject_of
from tests.moderation.api.caller import a_secret
from tests.people.test_sign_in import (
    codes_outlive_the_turn_of_half_a_minute,
    enrol,
    no_attempts_from_other_tests,
    sign_in,
)

__all__ = ["codes_outlive_the_turn_of_half_a_minute", "no_attempts_from_other_tests"]
pytestmark = pytest.mark.django_db
TYPED = "Tr0ub4dor-in-the-wrong-field"
MORE = 25


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO, "respite.security")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "respite.security"]


def rows(*actions: str) -> list[tuple[str, str, str]]:
    """Return rows, each once though a quarter of an hour may turn while a test runs; but then there are two at most."""
    found = AuditRow.objects.filter(action__in=actions or BOUNDED).order_by("id")
    if not actions:
        assert len(set(found.values_list("at", flat=True))) <= 2
    plain = found.values_list("actor", "action", "target_id")
    return list(plain if actions else dict.fromkeys(plain))


def first_lines(lines: list[str]) -> list[str]:
    """Return what is said at the first time, each once."""
    return list(dict.fromkeys(line for line in lines if line.endswith(" times=1")))


def tries(name: str, count: int = 1, *, password: str = "wrong") -> None:
    """Try from as many addresses, so that none is one too many."""
    for number in range(count):
        sign_in(Client(REMOTE_ADDR=f"198.18.0.{number}"), name, password)


def test_a_sign_in_and_a_sign_out_have_a_row_each_to_the_minute(client: Client, alice: User) -> None:
    for _ in range(2):
        sign_in(client, "alice")
        client.post("/accounts/logout/")
    who = str(subject_of(alice))
    assert (
        rows("sign_in.done", "sign_in.ended") == [(who, "sign_in.done", who), (who, "sign_in.ended", who)] * 2
    )
    assert {at.second for at in AuditRow.objects.values_list("at", flat=True)} == {0}


def test_a_password_that_was_right_is_no_sign_in_before_the_code(client: Client, wim: User) -> None:
    sign_in(client, "wim")
    assert rows("sign_in.done") == []


def test_wrong_tries_for_somebody_have_one_row_a_quarter(alice: User) -> None:
    tries("alice", 4)
    tries("ALICE", 1)
    assert rows() == [("stranger", "sign_in.refused", str(subject_of(alice)))]


def test_tries_for_names_that_nobody_bears_have_one_row_for_all_of_them(alice: User) -> None:
    for number in range(MORE):
        sign_in(Client(REMOTE_ADDR=f"198.18.1.{number}"), f"nobody{number}", "wrong")
    assert rows() == [("stranger", "sign_in.refused", "unknown")]


def test_a_lock_out_has_a_row_of_its_own(client: Client, alice: User) -> None:
    for _ in range(8):
        sign_in(client, "alice", "wrong")
    who = str(subject_of(alice))
    assert rows() == [("stranger", "sign_in.refused", who), ("stranger", "sign_in.locked", who)]


def test_wrong_codes_are_tries_too(client: Client, wim: User) -> None:
    sign_in(client, "wim")
    for _ in range(8):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    who = str(subject_of(wim))
    assert rows() == [("stranger", "sign_in.refused", who), ("stranger", "sign_in.locked", who)]


def test_a_wrong_password_of_who_proves_themselves_again_is_a_try(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert rows() == [("stranger", "sign_in.refused", str(subject_of(alice)))]


def test_what_was_typed_is_nowhere(alice: User, said: Callable[[], list[str]]) -> None:
    tries(TYPED, 12, password=TYPED)
    tries("alice", password=TYPED)
    assert first_lines(said()) == [
        "sign_in.refused account=unknown times=1",
        f"sign_in.refused account={alice.pk} times=1",
    ]
    assert TYPED not in f"{said()} {list(AuditRow.objects.values())}"


def test_a_flood_has_a_line_at_every_power_of_ten(alice: User, said: Callable[[], list[str]]) -> None:
    for second in range(120):
        security.note_refused_sign_in(username="alice", at=T0 + timedelta(seconds=second))
    line = f"sign_in.refused account={alice.pk} times="
    assert said() == [f"{line}1", f"{line}10", f"{line}100"]


def test_a_door_that_is_refused_has_one_row_by_person_and_pattern(
    alice: User, charlie: User, said: Callable[[], list[str]]
) -> None:
    for who in (alice, charlie):
        client = Client()
        client.force_login(who)
        for address in ("/people/", "/people/1/", "/people/2/", "/people/", "/lead/"):
            assert client.get(address).status_code == 403
    doors = ["people/", "people/<int:person_id>/", "lead/"]
    assert rows() == [
        (str(subject_of(who)), "door.refused", door) for who in (alice, charlie) for door in doors
    ]
    assert f"door.refused account={alice.pk} door=/people/ times=1" in said()


def test_a_picture_is_refused_to_who_is_no_moderator_and_that_is_a_door_too(
    client: Client, dana: User
) -> None:
    client.force_login(dana)
    nothing = "00000000-0000-4000-8000-000000000000"
    assert client.get(f"/desk/media/{nothing}/{nothing}/grey").status_code == 403
    assert [row[2] for row in rows()] == ["desk/media/<uuid:exposure_id>/<uuid:medium_id>/<str:level>"]


def test_who_is_signed_out_is_sent_to_sign_in_and_that_is_no_refusal(client: Client) -> None:
    nothing = "00000000-0000-4000-8000-000000000000"
    for address in ("/people/", "/lead/", "/desk/"):
        assert client.get(address).status_code == 302
    assert client.get(f"/desk/media/{nothing}/{nothing}/grey").status_code == 403
    assert rows() == []


def test_a_moderators_ordinary_refusals_at_the_desk_are_none(client: Client, alice: User) -> None:
    client.force_login(alice)
    nothing = "00000000-0000-4000-8000-000000000000"
    late = {"claim": nothing, "exposure": nothing, "fence": "1", "level": "grey", "beats": "1"}
    answers = [
        client.post(f"/desk/{act}", late).status_code
        for act in ("show", "beat", "decide", "skip", "postpone")
    ]
    answers.append(client.get("/desk/").status_code)
    assert client.get(f"/desk/media/{nothing}/{nothing}/grey").status_code == 404
    assert client.get("/people/announcements/987654/away/").status_code == 405
    assert 403 not in answers
    assert 409 in answers
    assert rows() == []


def calls(secret: str, path: str = "/api/v1/decisions") -> int:
    return Client().get(path, HTTP_AUTHORIZATION=f"Bearer {secret}").status_code


def test_refused_keys_are_counted_by_prefix_and_what_is_no_key_together(
    lumen: Platform, said: Callable[[], list[str]]
) -> None:
    secret, old = a_secret(lumen), a_secret(lumen, expires_at=T0)
    narrow = a_secret(lumen, scopes=("items:write",))
    own, over, few = (ApiKey.objects.get(prefix=one[:19]) for one in (secret, old, narrow))
    for number in range(MORE):
        assert calls(f"rsp_live_{number}{TYPED.replace('-', '')}") == 401
        assert calls(secret[:-1] + "x") == 401
        assert calls(old) == 401
        assert calls(narrow) == 403
    calls("")
    assert calls(secret) == 200
    platform = f"platform:{lumen.pk}"
    assert rows() == [
        ("stranger", "key.refused", "unknown"),
        ("stranger", "key.refused", own.prefix),
        (platform, "key.refused", over.prefix),
        (platform, "key.refused", few.prefix),
    ]
    assert first_lines(said()) == [
        "key.refused key=unknown why=key_unknown times=1",
        f"key.refused key={own.pk} why=key_unknown times=1",
        f"key.refused key={over.pk} why=key_expired times=1",
        f"key.refused key={few.pk} why=scope_missing times=1",
    ]
    assert "Tr0ub4dor" not in f"{said()} {list(AuditRow.objects.values())}"


def test_a_key_that_the_proxy_asks_about_is_counted_the_same_way(lumen: Platform) -> None:
    assert calls("rsp_live_nothing", "/api/v1/key") == 401
    assert rows() == [("stranger", "key.refused", "unknown")]


def test_links_that_open_nothing_have_one_row_for_all_of_them(
    client: Client, said: Callable[[], list[str]]
) -> None:
    for number in range(3):
        assert client.get(f"/people/invitation/{TYPED}{number}/").status_code == 410
    assert rows() == [("stranger", "link.refused", "unknown")]
    assert first_lines(said()) == ["link.refused link=unknown times=1"]


def test_a_cache_that_forgot_writes_no_second_row(alice: User) -> None:
    for _ in range(2):
        security.note_refused_sign_in(username="alice", at=T0)
        cache.clear()
    assert AuditRow.objects.count() == 1


def test_the_next_quarter_has_a_row_of_its_own(alice: User) -> None:
    for minutes in (0, 14, 15, 29, 30):
        security.note_refused_sign_in(username="alice", at=T0 + timedelta(minutes=minutes))
    assert AuditRow.objects.count() == 3


def test_it_is_written_when_the_answer_is_out() -> None:
    """A known name has a row of its own, all unknown ones share one: how long an answer takes must not tell which it was."""
    done: list[int] = []

    def view(request: Any) -> HttpResponse:
        after_answer(request, partial(done.append, 1))
        return HttpResponse("no")

    response = RefusedDoorMiddleware(view)(RequestFactory().get("/"))
    assert done == []
    response.close()
    assert done == [1]


def test_an_answer_stands_where_the_record_cannot_be_written_and_the_next_one_tries_again(
    client: Client, alice: User, said: Callable[[], list[str]]
) -> None:
    client.force_login(alice)
    run("ALTER TABLE audit_auditpending RENAME TO audit_gone")
    assert client.get("/people/").status_code == 403
    run("ALTER TABLE audit_gone RENAME TO audit_auditpending")
    assert said()[-1].startswith("a refusal could not be written down (")
    assert rows() == []
    client.get("/people/")
    assert len(rows()) == 1


def test_links_roles_keys_and_ends_have_a_line_each_in_numbers(
    alice: User,
    olga: User,
    lumen: Platform,
    said: Callable[[], list[str]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    by, at = str(subject_of(olga)), timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        invited = invite(username="ines", display_name="Ines Ibarra", roles=["moderator"], actor=by, at=at)
        accept_invitation(token=invited.token, password="correct horse staple battery", at=at)
        new_link(user=alice, actor=by, at=at)
        set_roles(user=alice, roles=["moderator", "auditor"], actor="system", at=at)
        issued = issue_key(platform=lumen, scopes=["items:read"], live=True, expires_at=None, actor=by, at=at)
        revoke_key(key=issued.key, actor=by, at=at)
        deactivate(user=alice, reason="She left for Ghent", actor=by, at=at)
    ines, boss = invited.user.pk, olga.pk
    assert said() == [
        f"person.created account={ines} by={boss}",
        f"person.roles_changed account={ines} by={boss} granted=moderator revoked=-",
        f"person.link_made account={ines} by={boss}",
        f"person.password_set account={ines} by={ines}",
        f"person.link_made account={alice.pk} by={boss}",
        f"person.roles_changed account={alice.pk} by=system granted=auditor revoked=-",
        f"key.issued platform={lumen.pk} key={issued.key.pk} by={boss}",
        f"key.revoked platform={lumen.pk} key={issued.key.pk} by={boss}",
        f"person.deactivated account={alice.pk} by={boss}",
    ]


def test_a_change_that_is_rolled_back_has_no_line(
    alice: User, said: Callable[[], list[str]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as waiting:
        new_link(user=alice, actor="system", at=timezone.now())
    assert said() == []
    assert len(waiting) == 1


def test_ones_own_password_and_factor_have_rows(client: Client, alice: User) -> None:
    sign_in(client, "alice")
    new = "another horse, another battery"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    enrol(client)
    who = str(subject_of(alice))
    actions = ("person.password_changed", "person.factor_changed")
    assert rows(*actions) == [(who, action, who) for action in actions]
    assert AuditRow.objects.get(action=actions[1]).detail["what"]


def test_signing_out_somewhere_else_has_a_row_where_somebody_was_there(client: Client, alice: User) -> None:
    sign_in(client, "alice")
    client.post("/accounts/sessions/others/end/")
    assert rows("sign_in.ended") == []
    sign_in(Client(), "alice")
    client.post("/accounts/sessions/others/end/")
    assert len(rows("sign_in.ended")) == 1


def test_a_sign_out_has_no_line(
    client: Client, alice: User, said: Callable[[], list[str]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(client, "alice")
        client.post("/accounts/logout/")
    assert said() == [f"sign_in.done account={alice.pk} by={alice.pk}"]


@pytest.mark.parametrize("role", sorted({"lead", "operator", "auditor"}))
def test_a_role_that_was_taken_away_is_refused_from_then_on(role: str) -> None:
    nils = cast.a_user("nils", role)
    RoleGrant.objects.filter(user=nils).update(revoked_at=T0)
    client = Client()
    client.force_login(nils)
    assert client.get("/people/").status_code == 403
    assert len(rows()) == 1


def test_lines_are_written_at_powers_of_ten() -> None:
    assert [times for times in range(1001) if is_told(times)] == [1, 10, 100, 1000]
