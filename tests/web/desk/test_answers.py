"""With a script an act is answered with the desk's next state: to a script alone, once all is committed, with its number."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.signals import template_rendered

from people.models import User
from queues.models import Queue
from tests.cast import subject_of
from tests.numbers import rev_of
from tests.web.desk.scene import WORDS, Page, a_break_is_due, a_case_waits, sits_down
from web.desk import panel
from web.desk.asked_by import HEADER
from web.desk.views import GO
from wellbeing.models import Break

pytestmark = pytest.mark.django_db

CHOSEN = {"category": "ACCIDENT", "action": "remove", "rationale": ""}
SCRIPT = {HEADER: "desk"}


def acts(page: Page, act: str, headers: dict[str, str], **fields: object) -> Any:
    return page.client.post(f"/desk/{act}", page.fields() | {"beats": "1"} | fields, headers=headers)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (SCRIPT, 200),
        (SCRIPT | {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 302),
        (SCRIPT | {"Sec-Fetch-Dest": "document"}, 302),
        (SCRIPT | {"Sec-Fetch-Site": "cross-site"}, 302),
        ({HEADER: "another"}, 302),
    ],
)
def test_what_comes_onto_a_scripts_stage_is_told_to_the_script_that_acts(
    alice: User, photos: Queue, headers: dict[str, str], status: int
) -> None:
    a_case_waits(photos, "rocket.jpg")
    answer = acts(sits_down(alice), "show", headers, level="grey", words="unfold")
    assert answer.status_code == status
    assert (WORDS in answer.content.decode()) is (status == 200)
    assert ("/desk/media/" in answer.content.decode()) is (status == 200)


def test_a_refusal_tells_the_stage_to_nobody_but_a_script(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    acts(page, "show", SCRIPT, level="grey", words="unfold")
    for headers, told in ((SCRIPT, True), ({}, False)):
        answer = acts(page, "decide", headers)
        assert answer.status_code == 422
        assert (WORDS in answer.content.decode()) is told


def test_an_answer_is_the_desk_and_nothing_around_it(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    told = acts(page, "decide", SCRIPT, **CHOSEN).content.decode()
    assert 'id="desk"' in told
    assert "Sent." in told
    assert not any(tag in told for tag in ("<html", "<script", "<nav", "<footer", "<link"))
    assert page.get().html.count("Sent.") == 0  # told once


@pytest.mark.django_db(transaction=True)
def test_an_answer_bears_the_number_of_all_that_the_act_changed(alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    a_case_waits(photos, "chelsea.png")
    page = sits_down(alice)
    before = rev_of(subject_of(alice))
    told = acts(page, "decide", SCRIPT, **CHOSEN).content.decode()
    assert rev_of(subject_of(alice)) > before
    assert f'data-rev="{rev_of(subject_of(alice))}"' in told


def test_an_act_that_leads_to_a_break_leads_a_script_there_and_what_was_said_waits(
    alice: User, photos: Queue
) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    a_break_is_due(alice)
    answer = acts(page, "decide", SCRIPT, **CHOSEN)
    assert (answer.status_code, answer.headers[GO], answer.content) == (204, "/break/", b"")
    assert "Sent." in page.get("/break/").html
    refused = acts(page, "next", SCRIPT)
    assert refused.headers[GO] == "/break/"
    assert page.client.get("/desk/", headers=SCRIPT).headers[GO] == "/break/"


def test_what_a_break_refused_is_told_by_its_page_and_on_no_case_after_it(alice: User, photos: Queue) -> None:
    """Seen red without the tag: a way to the break page that was lost left the sentence for the next case."""
    for _ in range(2):
        a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    earlier = page.fields()
    a_break_is_due(alice)
    acts(page, "decide", SCRIPT, **CHOSEN)
    refused = page.client.post("/desk/show", earlier | {"beats": "1", "level": "grey"}, headers=SCRIPT)
    assert refused.headers[GO] == "/break/"
    Break.objects.update(served_ms=F("length_ms"))
    again = acts(page, "return", SCRIPT)
    assert (again.status_code, "Sent." in again.content.decode()) == (200, True)
    assert "not in your hands" not in again.content.decode()


def test_a_script_is_sent_to_sign_in_like_everybody(alice: User, photos: Queue) -> None:
    answer = Client().post("/desk/decide", {}, headers=SCRIPT)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=/desk/")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_rendered_before_all_that_it_tells_is_committed(alice: User, photos: Queue) -> None:
    """The stretch first, then the words (P3). On SQLite an open transaction would hold everybody up while a page renders, too.

    Seen red with a transaction around the act and its answer.
    """
    for _ in range(2):
        a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    panel.rendered.cache_clear()
    rendered = []

    def note(template: Any, **_: Any) -> None:
        rendered.append((template.name, connection.in_atomic_block))

    template_rendered.connect(note)
    try:
        for act, fields in (
            ("show", {"level": "grey", "words": "unfold"}),
            ("decide", CHOSEN),
            ("decide", {}),
        ):
            acts(page, act, SCRIPT, **fields)
    finally:
        template_rendered.disconnect(note)
    assert {name for name, _open in rendered} >= {"desk/_answer.html", "desk/_panel.html"}
    assert not any(is_open for _name, is_open in rendered)
