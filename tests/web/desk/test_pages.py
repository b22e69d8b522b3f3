import re

import pytest
from django.test import Client
from django.utils import timezone

from people.models import RoleGrant, TimeZonePeriod, User
from queues.models import Queue
from tests import cast
from tests.web.desk.scene import a_case_waits, sits_down, works_today

pytestmark = pytest.mark.django_db

PAGES = ("/desk/", "/my-day/", "/talk/")
ACTS = (
    "open",
    "next",
    "close",
    "show",
    "cover",
    "beat",
    "draft",
    "decide",
    "skip",
    "hand-back",
    "escalate",
    "worse",
    "step-away",
    "too-much",
    "keep-for-me",
    "postpone",
    "return",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_moderator_gets_the_page_and_no_cache_keeps_it(
    alice: User, photos: Queue, client: Client, address: str
) -> None:
    client.force_login(alice)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("address", [*PAGES, "/break/", *(f"/desk/{act}" for act in ACTS)])
def test_who_is_not_signed_in_is_sent_to_sign_in_and_other_roles_are_refused(
    dana: User, olga: User, wim: User, address: str
) -> None:
    act = address.removeprefix("/desk/") in ACTS
    for user in (None, dana, olga, wim):
        client = Client()
        if user:
            client.force_login(user)
        answer = client.post(address) if act else client.get(address)
        if user is None:
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/accounts/login/")
        else:
            assert answer.status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_a_post_with_its_token(alice: User, act: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.get(f"/desk/{act}").status_code == 405
    refused = client.post(f"/desk/{act}")
    assert refused.status_code == 403
    assert "The page was open for too long" in refused.content.decode()


@pytest.mark.parametrize("address", [*PAGES, "/break/"])
def test_a_page_is_only_read(alice: User, client: Client, address: str) -> None:
    client.force_login(alice)
    assert client.post(address).status_code == 405


def test_who_is_no_moderator_any_more_is_refused_at_once(alice: User, client: Client) -> None:
    client.force_login(alice)
    RoleGrant.objects.filter(user=alice).update(revoked_at=timezone.now())
    assert client.get("/desk/").status_code == 403


def test_the_break_page_leads_to_the_desk_when_no_break_runs_and_back(alice: User, photos: Queue) -> None:
    page = sits_down(alice)
    assert page.client.get("/break/").headers["Location"] == "/desk/"
    page.press("step-away")
    assert page.client.get("/desk/").headers["Location"] == "/break/"
    assert "whenever you" in page.client.get("/break/?longer=1").content.decode()


def test_my_day_is_for_the_person_alone_and_has_no_bars(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice).press("show", level="grey").press("cover")
    html = page.client.get("/my-day/").content.decode()
    assert "Only you see this." in html
    assert "3 · graphic" in html
    assert "Nobody but you." in html
    assert not re.search(r"<(meter|progress)\b", html)


def test_clock_times_are_the_persons_own(photos: Queue, north) -> None:
    wanda = works_today(cast.a_user("wanda", "moderator", team=north))
    TimeZonePeriod.objects.filter(user=wanda).update(zone="Pacific/Auckland")
    page = sits_down(wanda)
    page.press("too-much")
    told = re.search(r"Back at (\d\d):\d\d, or later", page.html)
    assert told
    hours = (int(told[1]) - timezone.now().hour) % 24
    assert hours in {12, 13, 14}


def test_whom_to_talk_to_is_named(alice: User, wim: User, client: Client) -> None:
    client.force_login(alice)
    html = client.get("/talk/").content.decode()
    assert "Wim" in html
    assert "recorded for nobody" in html


def test_the_head_says_facts_and_never_a_speed(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    html = sits_down(alice).html
    assert re.search(r"Severity 3 and up: (119|120) min left today", html)
    assert not re.search(r"per hour|average|faster|score|rank", html, re.IGNORECASE)


@pytest.mark.parametrize("cases", [1, 6])
def test_the_desk_asks_the_database_the_same_number_of_times_whatever_waits(
    alice: User, photos: Queue, cases: int, django_assert_max_num_queries
) -> None:
    for _ in range(cases):
        a_case_waits(photos, "rocket.jpg", "chelsea.png", reports=("a", "b", "c") * cases)
    page = sits_down(alice)
    with django_assert_max_num_queries(24):
        page.get()


def test_an_unknown_address_is_answered_kindly(client: Client) -> None:
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
