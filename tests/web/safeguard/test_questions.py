"""Questions to the officer: listed without words, read one by one under the person's eyes, answered in writing.

Seen red without the note of reading in ``questions.read``, and with the words in the list.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from people.models import RoleGrant, User
from tests import cast
from tests.cast import T0, subject_of
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in
from wellbeing.limits.services.setting import set_limit
from wellbeing.models import Question, RecordReading
from wellbeing.officer.services import questions

pytestmark = pytest.mark.django_db

HERE = "/questions/"
WORDS = "I sleep well and would rather go on."


@pytest.fixture
def asked(alice: User, dana: User) -> UUID:
    works_today(alice)
    row = set_limit(
        scope="person",
        scope_ref=str(subject_of(alice)),
        name="seconds_3",
        value=1800,
        set_by=str(subject_of(dana)),
        reason="a hard week",
        at=timezone.now(),
    )
    question = questions.ask(
        subject=subject_of(alice), about="limit", about_ref=str(row.pk), words=WORDS, at=timezone.now()
    )
    return question.pk


def test_an_empty_list_says_so(officer: Office) -> None:
    assert "No question is open." in officer.opens(HERE).text


def test_the_list_tells_when_an_answer_is_due_and_neither_who_nor_what(officer: Office, asked: UUID) -> None:
    text = officer.opens(HERE).text
    assert "A question about a limit, asked " in text
    assert "due " in text
    assert "Alice" not in text
    assert WORDS not in text
    assert not RecordReading.objects.exists()


def test_an_answer_that_is_late_is_said_to_be_so_wherever_it_is_read(
    officer: Office, alice: User, asked: UUID
) -> None:
    pages = (HERE, f"/questions/{asked}/", "/officer/", f"/officer/people/{alice.pk}/")
    for address in pages:
        text = officer.opens(address).text
        assert (" due " in text, "was due " in text) == (True, False)
    Question.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    for address in pages:
        assert "was due " in officer.opens(address).text
    officer.posts(f"/questions/{asked}/answer/", answer="I have spoken with Dana.")
    assert " due " not in officer.opens(f"/questions/{asked}/").text


def test_opening_it_is_noted_for_the_person(officer: Office, moderator: Office, asked: UUID) -> None:
    text = officer.opens(f"/questions/{asked}/").text
    assert "Alice asks" in text
    assert f"“{WORDS}”" in text
    assert "Minutes at severity 3 and up: 30 min" in text
    assert "Set by Dana, " in text
    assert RecordReading.objects.get().reader == str(subject_of(officer.user))
    assert "Wim" in moderator.opens("/my-day/").text


def test_it_is_answered_in_writing_and_the_person_reads_it(
    officer: Office, moderator: Office, asked: UUID
) -> None:
    text = officer.posts(f"/questions/{asked}/answer/", answer="I have spoken with Dana.").follows().text
    assert "Answered." in text
    assert "No question is open." in text
    assert "I have spoken with Dana." in moderator.opens("/my-day/").text
    assert "Your answer I have spoken with Dana." in officer.opens(f"/questions/{asked}/").text


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("", "This field is required."),
        ("  ", "This field is required."),
        ("\u200f", "An answer needs words."),
        ("x" * 2001, "2000"),
    ],
)
def test_an_answer_that_cannot_be_is_told(officer: Office, asked: UUID, answer: str, says: str) -> None:
    officer.posts(f"/questions/{asked}/answer/", answer=answer)
    assert officer.status == 422
    assert says in officer.text
    assert Question.objects.get().answered_at is None


def test_a_second_answer_changes_nothing(officer: Office, asked: UUID) -> None:
    officer.posts(f"/questions/{asked}/answer/", answer="First.")
    officer.posts(f"/questions/{asked}/answer/", answer="Second.")
    assert officer.status == 422
    assert Question.objects.get().answer == "First."


@pytest.mark.parametrize("role", ["moderator", "lead", "representative", "auditor", "operator"])
def test_nobody_else_reads_or_answers(asked: UUID, north, role: str) -> None:
    client = signs_in(works_today(cast.a_user("somebody", role, team=north)))
    assert client.get(HERE).status_code == 403
    assert client.get(f"/questions/{asked}/").status_code == 403
    assert client.post(f"/questions/{asked}/answer/", {"answer": "x"}).status_code == 403
    assert not RecordReading.objects.exists()


def test_doors_and_methods(officer: Office, client: Client, asked: UUID) -> None:
    assert client.get(HERE).headers["Location"].startswith("/accounts/login/")
    assert officer.client.post(HERE).status_code == 405
    assert officer.client.post(f"/questions/{asked}/").status_code == 405
    assert officer.client.get(f"/questions/{asked}/answer/").status_code == 405
    assert officer.opens(f"/questions/{uuid4()}/").status == 404
    assert officer.posts(f"/questions/{uuid4()}/answer/", answer="x").status == 404


def test_the_officer_reads_which_rule_it_was(officer: Office, alice: User) -> None:
    question = questions.ask(
        subject=subject_of(alice), about="refusal", about_ref="night", words="", at=timezone.now()
    )
    assert "A question about something that was refused" in officer.opens("/questions/").text
    assert "A refusal, rule “The night”" in officer.opens(f"/questions/{question.pk}/").text


def test_who_asked_is_not_who_answers(alice: User, asked: UUID) -> None:
    """An officer may judge as well; their own question is another officer's."""
    RoleGrant.objects.create(user=alice, role="wellbeing_officer", granted_at=T0)
    cast.a_second_factor(alice)
    answer = Office(signs_in(alice), alice).posts(f"/questions/{asked}/answer/", answer="It is well so.")
    assert answer.status == 422
    assert "This is about you. Another officer does it; nothing was changed." in answer.text
    assert Question.objects.get().answered_at is None
