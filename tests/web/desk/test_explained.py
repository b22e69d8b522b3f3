"""A desk that hands out less says why, and each reason can be put before the officer.

Seen red without ``subject=subject`` in ``contest.flag_about`` (somebody asked about another person's flag), and with the
explanation left out of ``refusal_of``.
"""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from people.models import Team, User
from queues.exceptions import LimitReached
from queues.models import Queue
from tests.cast import subject_of
from tests.queues.work import has_looked
from tests.web.desk.scene import a_break_is_due, a_case_waits, sits_down
from web.desk.pages import DeskVisit
from web.desk.refusals import refusal_of
from web.desk.scripted import problem
from wellbeing.exceptions import Reached
from wellbeing.limits.services.setting import move_ceiling
from wellbeing.models import LimitRow, LoadFlag, Question, SevereAgreement

pytestmark = pytest.mark.django_db

ASK = "/my-day/ask/"


def a_flag(person: User) -> LoadFlag:
    now = timezone.now()
    return LoadFlag.objects.create(
        subject=subject_of(person),
        code="HEAVY_STREAK",
        level="amber",
        local_date=now.date(),
        figures={},
        raised_at=now,
    )


def tightened(team: Team, name: str, value: int) -> None:
    LimitRow.objects.create(
        scope="team",
        scope_ref=str(team.pk),
        name=name,
        value=value,
        set_at=timezone.now() - timedelta(days=2),
        set_by="system",
    )


def asks(client: Client, person: User, about: str, ref: str, words: str = "") -> str:
    client.force_login(person)
    answer = client.post(f"{ASK}?about={about}&ref={ref}", {"words": words}, follow=True)
    return f"{answer.status_code} {answer.content.decode()}"


def test_a_desk_that_hands_out_less_says_which_rule_whose_and_what_instead(
    alice: User, north: Team, photos: Queue
) -> None:
    tightened(north, "seconds_3", 60)
    has_looked(alice, 100, severity=3, at=timezone.now())
    page = sits_down(alice)
    assert "Nothing that may come to you now is waiting." in page.html
    assert "Why some cases do not come" in page.html
    assert "It holds for your team." in page.html
    assert "This rule leaves milder cases to you" in page.html
    assert f"{ASK}?about=refusal&amp;ref=seconds_3" in page.html


def test_a_desk_that_hands_out_everything_explains_nothing(alice: User, photos: Queue) -> None:
    page = sits_down(alice)
    assert [one for one in page.shown.explained if one.about_ref != "night"] == []


def test_who_did_not_agree_to_severity_4_is_told_only_where_they_ask(alice: User, photos: Queue) -> None:
    SevereAgreement.objects.all().delete()
    page = sits_down(alice)
    assert "agreement" in [one.about_ref for one in page.shown.explained]
    assert "No case above severity 3." not in page.shown.lines


def test_a_refused_reveal_carries_its_explanation(alice: User, north: Team, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    has_looked(alice, 100, severity=3, at=timezone.now())
    tightened(north, "seconds_3", 60)
    page.press("show", level="grey")
    assert page.status == 409
    assert 'data-code="limit_reached"' in page.html
    assert "Ask a person to look at this" in page.html


def test_what_a_break_refuses_is_explained_too(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    a_break_is_due(alice)
    page.press("show", level="grey")
    assert page.status == 409
    assert "While a break is due or running nothing is shown or handed out." in page.html
    assert f"{ASK}?about=refusal&amp;ref=break" in page.html


def test_a_script_is_told_the_same(alice: User, north: Team) -> None:
    reached = Reached("seconds_3", 60, "team", timezone.now() + timedelta(hours=1))
    refusal = refusal_of(LimitReached(reached), DeskVisit(subject_of(alice), timezone.now(), ZoneInfo("UTC")))
    body = json.loads(problem(refusal).content)
    assert body["code"] == "limit_reached"
    assert (body["rule"], body["whose"]) == ("Minutes a day", "It holds for your team.")
    assert body["ask"] == f"{ASK}?about=refusal&ref=seconds_3"


def test_a_refusal_can_be_put_before_the_officer(alice: User, client: Client) -> None:
    assert "Asked. The answer will stand here" in asks(client, alice, "refusal", "night", "I chose nights.")
    question = Question.objects.get()
    assert (question.about, question.about_ref, question.words) == ("refusal", "night", "I chose nights.")
    assert "A refusal, rule “The night”" in client.get("/my-day/").content.decode()


def test_a_flag_of_mine_can_be_put_before_the_officer(alice: User, client: Client) -> None:
    flag = a_flag(alice)
    assert "Asked." in asks(client, alice, "flag", str(flag.pk))
    assert "A load flag: Heavy worked days, one after the other" in client.get("/my-day/").content.decode()


def test_nobody_asks_about_another_person_s_flag(alice: User, amina: User, client: Client) -> None:
    assert asks(client, amina, "flag", str(a_flag(alice).pk)).startswith("404")
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("about", "ref"),
    [
        ("", ""),
        ("refusal", "nothing_of_the_kind"),
        ("refusal", ""),
        ("flag", "7"),
        ("flag", "7a1d5b52-6a55-4b3f-9a57-1f2f8f3a9c11"),
        ("limit", "1"),
        ("limit", "x" * 50),
        ("score", "1"),
    ],
)
def test_what_is_nothing_of_theirs_is_not_there(alice: User, client: Client, about: str, ref: str) -> None:
    assert asks(client, alice, about, ref).startswith("404")


def test_asking_twice_is_said(alice: User, client: Client) -> None:
    asks(client, alice, "refusal", "night")
    assert asks(client, alice, "refusal", "night").startswith("422")
    assert Question.objects.count() == 1


def test_a_night_that_closes_nothing_is_not_told(alice: User, client: Client) -> None:
    client.force_login(alice)
    assert "(The night)" in client.get("/my-day/").content.decode()
    at = timezone.now() - timedelta(days=3)
    move_ceiling(name="night_severity", value=4, set_by="two", reason="A team that works by night", at=at)
    assert "The night" not in client.get("/my-day/").content.decode()
