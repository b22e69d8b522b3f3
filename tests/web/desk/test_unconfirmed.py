"""After somebody else has set a person's sign-in anew the desk works on, and tells and changes nothing that is theirs alone.

``OPEN`` names what stays open; every other address of the desk leads to 'My day', which says why. What binds goes on
binding, and two people, of whom one chose something and the other did not, are answered alike.

Seen red without ``with_own_records`` at each view, without ``is_confirmed`` asked for in ``_waiting``, ``_why_closed``,
``head_facts``, ``break_page``, ``other_work_page``, ``whom_to_talk_to``, ``show_desk`` and ``refusal_of``, and without
``require_themselves`` in each service.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from people.models import Reset, Team, User
from queues.exceptions import LimitReached, OnBreak
from queues.models import Queue
from queues.services import choices, desk, other_work
from tests.cast import subject_of
from tests.queues.work import has_looked
from tests.web.desk.scene import Page, a_break_is_due, a_case_waits, sits_down
from web.desk.pages import DeskVisit
from web.desk.refusals import refusal_of
from web.desk.scripted import problem
from web.desk.urls import urlpatterns
from wellbeing.choices.services import buddies
from wellbeing.core.rules.presence import Activity
from wellbeing.exceptions import NotConfirmed, Reached
from wellbeing.limits.services import requests
from wellbeing.limits.services.setting import lift_own, set_limit
from wellbeing.models import Buddy, LimitRequest, LimitRow, OptOut, Question, SevereAgreement
from wellbeing.officer.services import questions

pytestmark = pytest.mark.django_db

OPEN = {
    "page", "open", "next", "close", "show", "cover", "beat", "draft", "decide", "skip", "hand_back", "escalate", "worse",
    "confirm", "split", "step_away", "too_much", "keep_for_me", "postpone", "return", "other_work", "wellness",
    "back_to_the_queue", "media", "languages", "break", "puzzle", "my_day", "first_day", "begin_first_day", "take_first_day",
    "first_day_step",
    "close_day", "closed_day", "my_shifts", "plan_shift", "cancel_shift", "talk",
}  # fmt: skip
"""Work, rest, when they work, and whom to turn to."""
IDS = {"row": "1", "walk_step": "desk", "level": "colour"}


def is_set_anew(user: User) -> None:
    """Somebody else changes the e-mail address: the password stays, so a test signs in as before."""
    User.objects.filter(pk=user.pk).update(email=f"{uuid4().hex}@else.example")


def address_of(pattern: Any) -> str:
    return "/" + re.sub(
        r"<(?:[a-z]+:)?([a-z_]+)>", lambda part: IDS.get(part[1], str(uuid4())), str(pattern.pattern)
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_that_is_not_open_leads_to_my_day(alice: User, client: Client, method: str) -> None:
    client.force_login(alice)
    is_set_anew(alice)
    for pattern in urlpatterns:
        answer = getattr(client, method)(address_of(pattern))
        leads_there = answer.status_code == 302 and answer.headers["Location"] == "/my-day/"
        assert leads_there is (pattern.name not in OPEN and answer.status_code != 405), pattern.name
        assert not leads_there or "messages" not in answer.cookies, f"{pattern.name} tried"


def test_my_day_says_so_and_nothing_else(alice: User, client: Client) -> None:
    client.force_login(alice)
    assert b"Limits that hold for you" in client.get("/my-day/").content
    is_set_anew(alice)
    page = client.get("/my-day/")
    assert b"has set your sign-in, and it is not certain" in page.content
    assert b"Limits that hold for you" not in page.content
    Reset.objects.update(confirmed_at=timezone.now())
    assert b"Limits that hold for you" in client.get("/my-day/").content


# ── what a person has chosen, or has behind them ─────────────────────────────────────────────────────────────────────


def set_for(scope: str, ref: object, name: str, value: int) -> None:
    LimitRow.objects.create(
        scope=scope,
        scope_ref=str(ref),
        name=name,
        value=value,
        set_at=timezone.now() - timedelta(days=2),
        set_by="system" if scope == "team" else str(ref),
    )


def own_limit(user: User) -> None:
    set_for("own", subject_of(user), "seconds_1", 0)


def opted_out(user: User) -> None:
    OptOut.objects.create(
        subject=subject_of(user), kind="category", value="ACCIDENT", set_at=timezone.now() - timedelta(days=2)
    )


def never_agreed(user: User) -> None:
    SevereAgreement.objects.filter(subject=subject_of(user)).delete()


def text_of(page: Page) -> str:
    """Return a page without what is new each time: numbers of changes, ids, names and tokens."""
    told = re.sub(r"<head>.*?</head>", "", page.html, flags=re.DOTALL)
    told = re.sub(r'(data-[a-z]+|value|for|id|name|aria-[a-z]+)="[^"]*"', "", told)
    return re.sub(r"\s+", " ", told)


CHOSEN = [(own_limit, 3), (opted_out, 3), (never_agreed, 4)]


@pytest.mark.parametrize(("chosen", "waits"), CHOSEN, ids=[chosen.__name__ for chosen, _ in CHOSEN])
def test_a_desk_that_waits_says_the_same_whatever_its_person_chose(
    alice: User, photos: Queue, chosen: Callable[[User], None], waits: int | None
) -> None:
    page = sits_down(alice)
    is_set_anew(alice)
    nothing_chosen = text_of(page.get())
    chosen(alice)
    if waits is not None:
        a_case_waits(photos, severity=waits)
    assert text_of(page.get()) == nothing_chosen
    assert "closed for today" in page.html
    assert page.shown.facts == page.shown.explained == []
    Reset.objects.update(confirmed_at=timezone.now())
    assert text_of(page.get()) != nothing_chosen
    assert page.shown.explained


def test_an_own_limit_goes_on_binding(alice: User, photos: Queue) -> None:
    own_limit(alice)
    is_set_anew(alice)
    a_case_waits(photos, severity=2)
    assert sits_down(alice).shown.case is None


@pytest.mark.parametrize("scope", ["own", "team", "ceiling", "person"])
@pytest.mark.parametrize("name", ["seconds_1", "cases_4", "agreement", "rest_day", "load_day_red"])
def test_a_refusal_says_neither_which_rule_nor_whose(alice: User, scope: str, name: str) -> None:
    visit = DeskVisit(subject_of(alice), timezone.now(), ZoneInfo("UTC"), is_confirmed=False)
    error = LimitReached(Reached(name, 60, scope, visit.at + timedelta(hours=3)))
    body = json.loads(problem(refusal_of(error, visit)).content)
    assert (body["code"], body["title"]) == ("limit_reached", "That is closed for today.")
    assert not body.keys() & {"rule", "because", "whose", "since", "instead", "ask"}
    assert "rule" in json.loads(problem(refusal_of(error, replace(visit, is_confirmed=True))).content)
    assert "ask" not in json.loads(problem(refusal_of(OnBreak(), visit)).content)


def test_a_case_behind_a_reached_limit_says_only_that_it_is_closed(
    alice: User, north: Team, photos: Queue
) -> None:
    a_case_waits(photos, "coffee.png", severity=3)
    page = sits_down(alice)
    has_looked(alice, severity=3, seconds=120, at=timezone.now())
    set_for("own", subject_of(alice), "seconds_3", 60)
    page.get()
    assert "Severity 3 and up is done until" in page.shown.refusal
    is_set_anew(alice)
    page.get()
    assert page.shown.refusal.startswith("That is closed for today. You can decide this case until")
    assert "is done until" not in page.html
    assert "Open to you" not in page.html
    assert "min left today" not in page.html


@pytest.mark.parametrize("rests", [desk.step_away, desk.too_much])
def test_a_break_says_nothing_of_why_it_is_taken(alice: User, photos: Queue, rests: Any) -> None:
    page = sits_down(alice)
    rests(subject=subject_of(alice), at=timezone.now())
    is_set_anew(alice)
    told = page.get("/break/").html
    assert "too much" not in told
    assert "Away from the desk" not in told
    assert "Whenever" not in told.replace("whenever you are ready", "")
    assert page.last.context["rest"].lines == ["Your lead is not told."]
    assert not page.last.context["rest"].may_take_longer, "one that was stepped into has no such button"


def test_a_break_that_was_due_says_nothing_of_what_came_before(alice: User, photos: Queue) -> None:
    page = sits_down(alice)
    a_break_is_due(alice)
    is_set_anew(alice)
    told = page.get("/break/").html + page.get().html
    assert "one stretch" not in told


def test_wellness_time_is_not_told(alice: User, photos: Queue) -> None:
    page = sits_down(alice).press("wellness")
    assert "Wellness time" in page.get("/break/").html
    is_set_anew(alice)
    assert "ellness" not in page.get("/break/").html


def test_which_other_work_somebody_does_is_not_told(alice: User, photos: Queue) -> None:
    page = sits_down(alice)
    other_work.do_other_work(
        subject=subject_of(alice), activity=Activity.PEER_TALK, at=timezone.now(), beating=False
    )
    assert page.get().shown.sentence == "Talking with colleagues"
    is_set_anew(alice)
    page.get()
    assert page.shown.sentence == "Other paid work"
    assert not any(choice.chosen for choice in page.shown.activities)


@pytest.mark.parametrize("address", ["/talk/", "/day/closed/", "/first-day/contacts/"])
def test_whom_somebody_is_tied_to_is_not_told(alice: User, amina: User, client: Client, address: str) -> None:
    now = timezone.now()
    Buddy.objects.create(subject=subject_of(alice), buddy=subject_of(amina), asked_at=now, agreed_at=now)
    client.force_login(alice)
    assert "Amina" in client.get(address).content.decode() or "contacts" in address
    is_set_anew(alice)
    assert "Amina" not in client.get(address).content.decode()


def test_news_of_ones_own_pages_is_not_told(alice: User, amina: User, client: Client) -> None:
    Buddy.objects.create(subject=subject_of(amina), buddy=subject_of(alice), asked_at=timezone.now())
    client.force_login(alice)
    assert "A colleague asks" in client.get("/desk/").content.decode()
    is_set_anew(alice)
    assert "A colleague asks" not in client.get("/desk/").content.decode()


def test_a_beat_is_answered_to_whoever_works(alice: User, photos: Queue) -> None:
    page = sits_down(alice)
    is_set_anew(alice)
    for _short_way_from_the_second_on in range(2):
        assert page.client.post("/desk/beat", {"claim": "", "exposure": ""}).status_code in {200, 400, 409}


# ── the services themselves ──────────────────────────────────────────────────────────────────────────────────────────


def changes(user: User, other: User) -> list[Callable[[], object]]:
    """Return every act that changes what is a person's alone."""
    me, at = subject_of(user), timezone.now()
    yours: dict[str, Any] = {"subject": me, "at": at}
    own = OptOut.objects.create(subject=me, kind="medium", value="audio", set_at=at)
    asked = LimitRequest.objects.create(
        subject=me, name="seconds_3", value=60, reason="x", asked_by="system", asked_at=at
    )
    tie = Buddy.objects.create(subject=subject_of(other), buddy=me, asked_at=at)
    return [
        lambda: choices.opt_out(kind="medium", value="video", until=None, **yours),
        lambda: choices.opt_back_in(opt_out_id=own.pk, **yours),
        lambda: choices.agree_to_severe(**yours),
        lambda: choices.revoke_agreement(**yours),
        lambda: set_limit(
            scope="own", scope_ref=str(me), name="seconds_3", value=60, set_by=str(me), reason="", at=at
        ),
        lambda: lift_own(name="seconds_3", **yours),
        lambda: requests.answer(request_id=asked.pk, agrees=True, **yours),
        lambda: questions.ask(about="refusal", about_ref="night", words="", **yours),
        lambda: buddies.ask(name=other.username, **yours),
        lambda: buddies.agree(buddy=me, buddy_id=tie.pk, at=at),
        lambda: buddies.end(buddy_id=tie.pk, **yours),
    ]


def test_nothing_of_a_persons_own_is_changed_by_any_service(alice: User, amina: User) -> None:
    acts = changes(alice, amina)
    is_set_anew(alice)
    for change in acts:
        with pytest.raises(NotConfirmed):
            change()
    assert not LimitRow.objects.exists()
    assert not Question.objects.exists()
    assert OptOut.objects.get().ended_at is None
    assert SevereAgreement.objects.get(subject=subject_of(alice)).revoked_at is None
