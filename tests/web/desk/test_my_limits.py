"""Limits on 'My day': what a lead set for me, what I set for myself, and asking the officer to look at one.

Seen red without ``subject=subject`` in ``requests.answer`` (another person answered), and without ``mine`` in
``contest.limit_about`` (somebody asked about another team's limit).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditRow
from people.models import User
from queues.models import Queue
from tests.cast import subject_of
from wellbeing.limits.services import requests
from wellbeing.limits.services.setting import set_limit
from wellbeing.models import LimitRequest, LimitRow, Question, RecordReading
from wellbeing.officer.services import questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def tightened(alice: User, dana: User, at: datetime, value: int = 1800) -> LimitRow:
    return set_limit(
        scope="person",
        scope_ref=str(subject_of(alice)),
        name="seconds_3",
        value=value,
        set_by=str(subject_of(dana)),
        reason="A hard week",
        at=at,
    )


def asked(alice: User, dana: User, at: datetime, value: int = 3600) -> LimitRequest:
    return requests.ask_looser(
        subject=subject_of(alice),
        name="seconds_3",
        value=value,
        asked_by=str(subject_of(dana)),
        reason="As we said",
        at=at,
    )


def post(client: Client, user: User, address: str, **fields: Any) -> str:
    client.force_login(user)
    return client.post(f"/my-day/{address}", fields, follow=True).content.decode()


def my_day(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get("/my-day/").content.decode()


def test_what_a_lead_set_stands_there_with_name_reason_and_end(
    alice: User, dana: User, client: Client, now: datetime
) -> None:
    tightened(alice, dana, now)
    page = my_day(client, alice)
    for words in ("Set for you", "Minutes at severity 3 and up: 30 min", "Set by Dana", "“A hard week”"):
        assert words in page
    assert "It ends by itself on" in page


def test_nobody_else_sees_it_there(
    alice: User, amina: User, dana: User, client: Client, now: datetime
) -> None:
    tightened(alice, dana, now)
    assert "A hard week" not in my_day(client, amina)


@pytest.mark.parametrize(("agrees", "rows"), [("yes", 2), ("no", 1), ("", 1)])
def test_a_looser_value_needs_a_yes(
    alice: User, dana: User, client: Client, now: datetime, agrees: str, rows: int
) -> None:
    tightened(alice, dana, now)
    request = asked(alice, dana, now)
    assert "Dana asks whether" in my_day(client, alice)
    assert "Noted." in post(client, alice, f"asked/{request.pk}", agrees=agrees)
    assert LimitRow.objects.count() == rows
    assert "Dana asks whether" not in my_day(client, alice)


def test_another_person_s_yes_is_none(
    alice: User, amina: User, dana: User, client: Client, now: datetime
) -> None:
    tightened(alice, dana, now)
    request = asked(alice, dana, now)
    assert "not there any more" in post(client, amina, f"asked/{request.pk}", agrees="yes")
    assert LimitRow.objects.count() == 1


def test_an_own_limit_holds_at_once_and_nobody_hears_of_it(alice: User, client: Client) -> None:
    page = post(client, alice, "own", name="seconds_3", value="20")
    assert "Kept." in page
    assert "Minutes at severity 3 and up: 20 min" in page
    row = LimitRow.objects.get()
    assert (row.scope, row.value) == ("own", 1200)
    assert not AuditRow.objects.exists()


def test_an_own_limit_is_undone_from_the_next_day(alice: User, client: Client) -> None:
    post(client, alice, "own", name="seconds_3", value="20")
    page = post(client, alice, "own/undo", name="seconds_3")
    assert "Undone from your next day." in page
    assert "Minutes at severity 3 and up: 20 min" in page
    assert "so already" in post(client, alice, "own/undo", name="cases_3")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("seconds_3", "abc", "Write minutes"),
        ("seconds_3", "-1", "Write minutes"),
        ("cases_3", "1.5", "Write a whole number"),
        ("seconds_3", "121", "The organisation allows at most 120 min"),
        ("work_rest_seconds", "9", "The organisation allows at least 10 min"),
        ("seconds_9", "5", "There is no such limit"),
        ("", "", "There is no such limit"),
        ("rapid_rise_red", "5", "There is no such limit"),
        ("work_rest_seconds", "9999", "makes sense here"),
    ],
)
def test_what_cannot_be_set_is_said_in_a_sentence(
    alice: User, client: Client, name: str, value: str, words: str
) -> None:
    assert words in post(client, alice, "own", name=name, value=value)
    assert not LimitRow.objects.exists()


def test_asking_the_officer_is_two_steps_and_the_answer_stands_on_my_day(
    alice: User, dana: User, wim: User, client: Client, now: datetime
) -> None:
    row = tightened(alice, dana, now)
    client.force_login(alice)
    page = client.get(f"/my-day/ask/{row.pk}/").content.decode()
    assert "Set by Dana for you on" in page
    assert "Asked. The answer" in post(client, alice, f"ask/{row.pk}/", words="I am fine, I think")
    question = Question.objects.get()
    questions.read(question_id=question.pk, reader=str(subject_of(wim)), at=now)
    questions.answer(
        question_id=question.pk, answer="We spoke with Dana.", answered_by=str(subject_of(wim)), at=now
    )
    page = my_day(client, alice)
    assert "We spoke with Dana." in page
    assert "Wim, " in page
    assert "Nobody but you." not in page  # that Wim read it is told as well
    assert RecordReading.objects.filter(reader=str(subject_of(wim)), what="question").count() == 2


def test_the_same_is_not_asked_twice_at_a_time(
    alice: User, dana: User, client: Client, now: datetime
) -> None:
    row = tightened(alice, dana, now)
    post(client, alice, f"ask/{row.pk}/")
    assert "You asked this before" in post(client, alice, f"ask/{row.pk}/")
    assert Question.objects.count() == 1


def test_too_many_words_are_kept_on_the_page(alice: User, dana: User, client: Client, now: datetime) -> None:
    row = tightened(alice, dana, now)
    page = post(client, alice, f"ask/{row.pk}/", words="ab" * 1001)
    assert "at most 2000 characters" in page
    assert "abab" in page
    assert not Question.objects.exists()


def test_one_asks_about_one_s_own_limits_only(
    alice: User, charlie: User, dana: User, client: Client, now: datetime
) -> None:
    row = tightened(alice, dana, now)
    own = set_limit(
        scope="own",
        scope_ref=str(subject_of(charlie)),
        name="cases_4",
        value=1,
        set_by=str(subject_of(charlie)),
        reason="",
        at=now,
    )
    client.force_login(charlie)
    for key in (row.pk, own.pk, 0, 10**30):
        assert client.get(f"/my-day/ask/{key}/").status_code == 404
        assert client.post(f"/my-day/ask/{key}/").status_code == 404
    assert not Question.objects.exists()


@pytest.mark.parametrize("address", ["own", "own/undo", f"asked/{UUID(int=7)}", "ask/1/"])
def test_these_are_a_moderator_s_and_posts(dana: User, photos: Queue, client: Client, address: str) -> None:
    assert client.post(f"/my-day/{address}").status_code == 302
    client.force_login(dana)
    assert client.post(f"/my-day/{address}").status_code == 403
    if address != "ask/1/":
        assert client.get(f"/my-day/{address}").status_code == 405


def test_two_working_days_are_said(alice: User, dana: User, client: Client, now: datetime) -> None:
    row = tightened(alice, dana, now)
    post(client, alice, f"ask/{row.pk}/")
    question = Question.objects.get()
    assert timedelta(days=2) <= question.due_at - question.asked_at <= timedelta(days=4)


def test_the_desk_says_quietly_that_there_is_something_between_cases_only(
    alice: User, amina: User, dana: User, photos: Queue, client: Client, now: datetime
) -> None:
    tightened(alice, dana, now)
    for user, told in ((alice, True), (amina, False)):
        client.force_login(user)
        assert ("It stands on My day" in client.get("/desk/").content.decode()) is told
    client.force_login(alice)
    client.post("/desk/open", {"beats": ""})
    assert "It stands on My day" not in client.get("/desk/").content.decode()
