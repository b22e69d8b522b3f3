"""The operator's pages: each works, refuses the wrong method, another person, and who is signed out."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.exceptions import InvitationGone
from people.models import ApiKey, Platform, Team, User
from people.rules.keys import SCOPES
from people.selectors import announcements_for, roles_of, subject_of, team_of
from people.services.accounts import create_user, deactivate, grant_roles
from people.services.invitations import invitation_for, invite
from people.services.platforms import issue_key
from tests import cast
from tests.cast import PASSWORD, T0

pytestmark = pytest.mark.django_db

# (name of the address, what it is about, the one method that it does not take)
PAGES = [
    ("people:people", None, "post"),
    ("people:invite", None, "put"),
    ("people:new_team", None, "get"),
    ("people:person", "person", "post"),
    ("people:roles", "person", "get"),
    ("people:team", "person", "get"),
    ("people:country", "person", "get"),
    ("people:link", "person", "get"),
    ("people:leaving", "person", "post"),
    ("people:platforms", None, "post"),
    ("people:new_key", "platform", "put"),
    ("people:revoke_key", "key", "get"),
]


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator(olga: User) -> Client:
    return as_user(olga)


@pytest.fixture
def addresses(alice: User, lumen: Platform) -> dict[str | None, list]:
    key = issue_key(platform=lumen, scopes=SCOPES, live=True, expires_at=None, actor="op", at=T0).key
    return {None: [], "person": [alice.pk], "platform": [lumen.pk], "key": [key.pk]}


def method_of(wrong: str) -> str:
    return "post" if wrong == "get" else "get"


@pytest.mark.parametrize(("name", "about", "wrong"), PAGES)
def test_the_page_opens_for_an_operator(
    operator: Client, addresses, name: str, about: str | None, wrong: str
):
    answer = getattr(operator, method_of(wrong))(reverse(name, args=addresses[about]))
    assert answer.status_code in {200, 302}
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("name", "about", "wrong"), PAGES)
def test_the_wrong_method_is_refused(operator: Client, addresses, name: str, about: str | None, wrong: str):
    assert getattr(operator, wrong)(reverse(name, args=addresses[about])).status_code == 405


@pytest.mark.parametrize("role", ["moderator", "lead", "wellbeing_officer", "representative", "auditor"])
@pytest.mark.parametrize(("name", "about", "wrong"), PAGES)
def test_every_other_role_is_refused(addresses, name: str, about: str | None, wrong: str, role: str):
    client = as_user(cast.a_user("somebody", role))
    assert getattr(client, method_of(wrong))(reverse(name, args=addresses[about])).status_code == 403


@pytest.mark.parametrize(("name", "about", "wrong"), PAGES)
def test_who_is_signed_out_is_sent_to_sign_in(
    client: Client, addresses, name: str, about: str | None, wrong: str
):
    answer = getattr(client, method_of(wrong))(reverse(name, args=addresses[about]))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("name", "absent"),
    [("person", 0), ("roles", 0), ("team", 0), ("link", 0), ("leaving", 0), ("revoke_key", 0)],
)
def test_what_is_not_there_is_not_found(operator: Client, name: str, absent: int):
    address = reverse(f"people:{name}", args=[absent])
    assert 404 in {operator.get(address).status_code, operator.post(address).status_code}


def test_a_key_for_no_platform_is_not_found(operator: Client):
    assert operator.get(reverse("people:new_key", args=[uuid4()])).status_code == 404


def test_the_list_shows_names_roles_team_and_state(operator: Client, alice: User, dana: User):
    invite(username="zoe", roles=["moderator"], actor="op", at=T0)
    page = operator.get(reverse("people:people")).content.decode()
    for words in ["Alice", "Team lead", "North", "Active", "Invited"]:
        assert words in page


def test_the_list_takes_the_same_queries_for_few_and_for_many(
    operator: Client, django_assert_max_num_queries
):
    for number in range(12):
        cast.a_user(f"person{number}", "moderator", team=cast.a_team())
    with django_assert_max_num_queries(13):
        operator.get(reverse("people:people"))


def test_inviting_shows_the_link_once_and_it_opens_the_account(operator: Client, north: Team, client: Client):
    fields = {
        "username": "zoe",
        "display_name": "Zoe",
        "roles": ["moderator"],
        "team": north.pk,
        "senior": "on",
        "languages": "fr, en",
        "trained": "GORE",
        "zone": "Europe/Brussels",
        "began_on": "2024-02-29",
        "country": "be",
    }
    page = operator.post(reverse("people:invite"), fields).content.decode()
    found = re.search(r'>http[^"<]*(/people/invitation/[^"<]+)<', page)
    assert found
    zoe = User.objects.get(username="zoe")
    assert set(zoe.skills.values_list("code", flat=True)) == {"senior", "lang:fr", "lang:en", "trained:GORE"}
    assert (zoe.began_on, zoe.country) == (date(2024, 2, 29), "BE")
    assert found[1] not in operator.get(reverse("people:person", args=[zoe.pk])).content.decode()
    assert b"zoe" in client.get(found[1]).content
    answer = client.post(found[1], {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["Location"] == reverse("account_login")
    assert client.get(found[1]).status_code == 410
    zoe.refresh_from_db()
    assert roles_of(zoe) == {"moderator"}
    assert team_of(subject_of(zoe), at=zoe.created_at) == north.pk


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("username", "alice", "Somebody signs in"),
        ("username", "a b", "1 to 150"),
        ("roles", ["lead", "auditor"], "Team lead and Auditor"),
        ("roles", ["admin"], "admin is not one of"),
        ("zone", "Mars", "no such time zone"),
        ("country", "B1", "two letters"),
        ("began_on", "2199-01-01", "still to come"),
        ("began_on", "yesterday", "valid date"),
        ("languages", "french!", "Write languages"),
        ("trained", "gore", "and categories as theirs"),
        ("team", "999", "not one of"),
        ("username", "a\0b", "Null characters"),
    ],
)
def test_a_refused_invitation_says_why_and_keeps_what_was_written(
    operator: Client, alice: User, field: str, value: object, says: str
):
    fields = {"username": "zoe", "roles": ["moderator"], "zone": "UTC", "display_name": "Kept as written"}
    page = operator.post(reverse("people:invite"), fields | {field: value}).content.decode()
    assert says in page
    assert "Kept as written" in page
    assert not User.objects.filter(username="zoe").exists()


def test_a_form_that_is_sent_empty_is_told_what_is_missing(operator: Client):
    page = operator.post(reverse("people:invite"), {}).content.decode()
    assert "This field is required" in page


def test_roles_are_given_and_taken(operator: Client, alice: User):
    operator.post(reverse("people:roles", args=[alice.pk]), {"roles": ["auditor", "operator"]})
    assert roles_of(alice) == {"auditor", "operator"}


def test_conflicting_roles_change_nothing_and_say_why(operator: Client, alice: User):
    answer = operator.post(
        reverse("people:roles", args=[alice.pk]), {"roles": ["lead", "representative"]}, follow=True
    )
    assert "One person cannot be Team lead and Representative." in answer.content.decode()
    assert roles_of(alice) == {"moderator"}


def test_the_last_operator_cannot_lock_everybody_out(operator: Client, olga: User):
    answer = operator.post(reverse("people:roles", args=[olga.pk]), {"roles": ["auditor"]}, follow=True)
    assert b"only operator" in answer.content
    assert roles_of(olga) == {"operator"}


def test_a_person_is_moved_to_a_team_and_out_of_it(operator: Client, alice: User):
    south = cast.a_team("South")
    operator.post(reverse("people:team", args=[alice.pk]), {"team": south.pk})
    assert alice.memberships.get(effective_until__isnull=True).team == south
    operator.post(reverse("people:team", args=[alice.pk]), {"team": ""})
    assert not alice.memberships.filter(effective_until__isnull=True).exists()


def test_a_team_that_is_not_there_moves_nobody(operator: Client, alice: User):
    answer = operator.post(reverse("people:team", args=[alice.pk]), {"team": "999"}, follow=True)
    assert b"no such team" in answer.content
    assert alice.memberships.get(effective_until__isnull=True).team.name == "North"


def test_a_team_is_made_once(operator: Client):
    operator.post(reverse("people:new_team"), {"name": "Night"})
    answer = operator.post(reverse("people:new_team"), {"name": "night"}, follow=True)
    assert b"Another team bears this name" in answer.content
    assert Team.objects.filter(name="Night").count() == 1


def test_a_fresh_link_is_shown_and_works(operator: Client, alice: User):
    page = operator.post(reverse("people:link", args=[alice.pk])).content.decode()
    found = re.search(r"/people/invitation/([^\"<]+)/", page)
    assert found
    with pytest.raises(InvitationGone):
        invitation_for("another", at=T0)


def test_ending_an_account_asks_for_the_reason_first(operator: Client, alice: User):
    page = operator.get(reverse("people:leaving", args=[alice.pk])).content.decode()
    assert f'action="{reverse("deactivate_person", args=[alice.pk])}"' in page
    assert 'name="reason"' in page
    assert User.objects.get(pk=alice.pk).is_active


def test_the_page_that_ends_an_account_is_gone_with_the_account(operator: Client, alice: User):
    deactivate(user=alice, reason="Left us", actor="op", at=T0)
    assert operator.get(reverse("people:leaving", args=[alice.pk])).status_code == 404
    page = operator.get(reverse("people:person", args=[alice.pk])).content.decode()
    assert "This account has ended" in page
    assert "Moderator" in page


def test_a_key_is_shown_once(operator: Client, lumen: Platform):
    fields = {"kind": "live", "scopes": ["items:read"], "expires_on": "2099-12-31"}
    page = operator.post(reverse("people:new_key", args=[lumen.pk]), fields).content.decode()
    found = re.search(r">(rsp_live_[A-Za-z0-9]+)<", page)
    assert found
    key = ApiKey.objects.get()
    assert key.expires_at is not None
    assert key.expires_at.isoformat() == "2100-01-01T00:00:00+00:00"
    listed = operator.get(reverse("people:platforms")).content.decode()
    assert key.prefix in listed
    assert found[1] not in listed


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "live", "scopes": []}, "This field is required"),
        ({"kind": "live", "scopes": ["items:read"], "expires_on": "2020-01-01"}, "still to come"),
        ({"kind": "live", "scopes": ["items:read"], "expires_on": "soon"}, "valid date"),
        ({"kind": "gold", "scopes": ["items:read"]}, "not one of"),
    ],
)
def test_a_refused_key_says_why(operator: Client, lumen: Platform, fields: dict, says: str):
    page = operator.post(reverse("people:new_key", args=[lumen.pk]), fields).content.decode()
    assert says in page
    assert not ApiKey.objects.exists()


def test_a_third_key_is_refused_on_the_page(operator: Client, lumen: Platform):
    for _ in range(2):
        issue_key(platform=lumen, scopes=SCOPES, live=True, expires_at=None, actor="op", at=T0)
    page = operator.post(
        reverse("people:new_key", args=[lumen.pk]), {"kind": "live", "scopes": ["items:read"]}
    )
    assert b"holds two keys of this kind" in page.content
    assert ApiKey.objects.count() == 2


def test_a_key_is_revoked(operator: Client, addresses):
    operator.post(reverse("people:revoke_key", args=addresses["key"]))
    assert ApiKey.objects.get().revoked_at is not None
    assert b"Revoked" in operator.get(reverse("people:platforms")).content


def test_the_days_of_an_invitation_end(client: Client, north: Team):
    zoe = invite(username="zoe", roles=["moderator"], actor="op", at=T0 - timedelta(days=365 * 9))
    answer = client.get(reverse("people:invitation", args=[zoe.token]))
    assert answer.status_code == 410
    assert b"seven days are over" in answer.content


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": PASSWORD, "again": PASSWORD + "!"}, "not the same"),
        ({}, "This field is required"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_open(
    operator: Client, client: Client, fields: dict, says: str
):
    page = operator.post(reverse("people:invite"), {"username": "zoe", "zone": "UTC"}).content.decode()
    found = re.search(r"/people/invitation/[^\"<]+/", page)
    assert found
    answer = client.post(found[0], fields)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert client.get(found[0]).status_code == 200


def test_an_announcement_is_put_away_by_a_moderator(alice: User, rosa: User):
    grant_roles(user=rosa, roles=["auditor"], actor="op", at=T0)
    [told] = announcements_for(subject_of(alice), at=T0)
    address = reverse("people:announcement_away", args=[told.id])
    assert as_user(alice).post(address, {"next": "/my-day/"}).headers["Location"] == "/my-day/"
    assert announcements_for(subject_of(alice), at=T0) == []


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_putting_away_leads_nowhere_else(alice: User, rosa: User, elsewhere: str):
    grant_roles(user=rosa, roles=["auditor"], actor="op", at=T0)
    address = reverse("people:announcement_away", args=[announcements_for(subject_of(alice), at=T0)[0].id])
    assert as_user(alice).post(address, {"next": elsewhere}).headers["Location"] == "/"


def test_putting_away_wants_a_post_a_role_and_an_announcement(client: Client, alice: User, olga: User):
    address = reverse("people:announcement_away", args=[1])
    assert as_user(alice).get(address).status_code == 405
    assert as_user(alice).post(address).status_code == 404
    assert as_user(olga).post(address).status_code == 404
    assert as_user(cast.a_user("nora")).post(address).status_code == 403
    assert client.post(address).status_code == 302


def test_a_person_with_a_hostile_name_is_shown_as_written(operator: Client):
    create_user(
        username="mallory",
        password=PASSWORD,
        roles=[],
        actor="op",
        at=T0,
        display_name="<script>alert(1)</script>",
    )
    page = operator.get(reverse("people:people")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("path", ["/desk/", "/my-day/"])
def test_moderators_read_on_their_pages_who_was_named_and_can_put_it_away(alice: User, rosa: User, path: str):
    grant_roles(user=rosa, roles=["auditor"], actor="op", at=timezone.now())
    client = as_user(alice)
    page = client.get(path).content.decode()
    assert "Rosa was named auditor on" in page
    assert f'name="next" value="{path}"' in page
    client.post(re.findall(r"/people/announcements/\d+/away/", page)[0], {"next": path})
    assert "was named" not in client.get(path).content.decode()


def test_the_country_of_a_person_is_changed_and_what_is_no_country_is_not(operator: Client, alice: User):
    address = reverse("people:country", args=[alice.pk])
    operator.post(address, {"country": "ke"})
    operator.post(address, {"country": "Kenya"})
    alice.refresh_from_db()
    assert alice.country == "KE"


def test_since_when_somebody_does_this_work_is_shown_and_never_asked_again(operator: Client, alice: User):
    page = operator.get(reverse("people:person", args=[alice.pk])).content.decode()
    assert "3 November 2025" in page
    assert "began_on" not in page
    operator.post(reverse("people:country", args=[alice.pk]), {"country": "BE", "began_on": "2001-01-01"})
    alice.refresh_from_db()
    assert alice.began_on == cast.LONG_AGO


def test_a_new_starter_is_told_as_one(operator: Client):
    zoe = cast.a_user("zoe", "moderator", began_on=None)
    page = operator.get(reverse("people:person", args=[zoe.pk])).content.decode()
    assert "A new starter here." in page


def test_what_is_announced_stands_in_one_panel_with_the_older_ones_folded(dana: User, client: Client):
    for number in range(4):
        user = cast.a_user(f"officer{number}")
        grant_roles(user=user, roles={"wellbeing_officer"}, actor="system", at=timezone.now())
    client.force_login(dana)
    page = client.get("/lead/").content.decode()
    assert page.count("notice announcements") == 1
    assert page.count("was named wellbeing officer") == 4
    assert "2 more" in page
