"""Every page of a lead: it works, refuses the wrong method, other roles, strangers, and what is another team's.

Seen red without the role in ``lead_for``, without the team in ``get_queue_for``, and without the list of members in
``member_for``.
"""

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from queues.models import Queue
from tests import cast
from tests.web.desk.scene import a_policy, works_today
from tests.web.lead.office import Office, signs_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# (name of the address, what it is about, the method that opens it, what it answers)
PAGES = [
    ("lead:board", None, "get", 200),
    ("lead:new_queue", None, "get", 200),
    ("lead:queue", "queue", "get", 200),
    ("lead:queue_act", "queue", "post", 404),
    ("lead:guidelines", "queue", "post", 422),
    ("lead:limits", None, "get", 200),
    ("lead:team", None, "get", 200),
    ("lead:person", "person", "get", 200),
    ("lead:tighten", "person", "post", 422),
    ("lead:ask_looser", "person", "post", 422),
    ("lead:presets", None, "get", 200),
    ("lead:shifts", None, "get", 200),
    ("lead:plan_shift", None, "post", 422),
    ("lead:history", None, "get", 200),
]
ABOUT = [page for page in PAGES if page[1]]
ROLES = ["moderator", "wellbeing_officer", "representative", "auditor", "operator"]


@pytest.fixture
def theirs(alice: User, photos: Queue) -> dict[str | None, list[int]]:
    a_policy(photos)
    return {None: [], "queue": [photos.pk], "person": [alice.pk]}


@pytest.fixture
def others(charlie: User) -> dict[str | None, list[int]]:
    queue = cast.a_queue(platform=cast.a_platform("Umbra"), team=cast.a_team("South"))
    return {"queue": [queue.pk], "person": [charlie.pk]}


def method_but(right: str) -> str:
    return "put" if right == "get" else "get"


@pytest.mark.parametrize(("name", "about", "right", "status"), PAGES)
def test_the_page_answers_a_lead_and_no_cache_keeps_it(
    lead: Office, theirs, name: str, about: str | None, right: str, status: int
) -> None:
    answer = getattr(lead.client, right)(reverse(name, args=theirs[about]))
    assert answer.status_code == status
    if status != 404:
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("name", "about", "right", "status"), PAGES)
def test_the_wrong_method_is_refused(lead: Office, theirs, name, about, right, status) -> None:
    assert getattr(lead.client, method_but(right))(reverse(name, args=theirs[about])).status_code == 405


@pytest.mark.parametrize(("name", "about", "right", "status"), ABOUT)
def test_what_is_another_teams_is_not_there(lead: Office, others, name, about, right, status) -> None:
    assert getattr(lead.client, right)(reverse(name, args=others[about])).status_code == 404
    assert getattr(lead.client, right)(reverse(name, args=[987654])).status_code == 404


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("name", "about", "right", "status"), PAGES)
def test_every_other_role_is_refused(theirs, north, name, about, right, status, role: str) -> None:
    client = signs_in(works_today(cast.a_user("somebody", role, team=north)))
    assert getattr(client, right)(reverse(name, args=theirs[about])).status_code == 403


@pytest.mark.parametrize(("name", "about", "right", "status"), PAGES)
def test_who_is_signed_out_is_sent_to_sign_in(client: Client, theirs, name, about, right, status) -> None:
    answer = getattr(client, right)(reverse(name, args=theirs[about]))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("name", "about"),
    [(name, about) for name, about, right, _ in PAGES if right == "post"] + [("lead:limits", None)],
)
def test_an_act_is_a_post_with_its_token(dana: User, theirs, name: str, about: str | None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dana)
    assert client.post(reverse(name, args=theirs[about])).status_code == 403


def test_a_lead_without_a_team_leads_nobody(db: None) -> None:
    client = signs_in(cast.a_user("nora", "lead"))
    assert client.get("/lead/").status_code == 403


def test_who_is_moved_leads_the_new_team_from_then_on(lead: Office, dana: User, alice: User) -> None:
    assert lead.opens(f"/lead/people/{alice.pk}/").status == 200
    dana.memberships.update(team=cast.a_team("South"))
    assert lead.opens(f"/lead/people/{alice.pk}/").status == 404
    assert "Limits of South" in lead.opens("/lead/limits/").text
