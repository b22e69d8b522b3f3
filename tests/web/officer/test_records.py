"""A person's record as an officer reads it, and what is done for a person without a flag.

Seen red without ``OWN`` taken out in ``officer.record_of``, with BREAKS_SHORT and REPEAT_VIEW in ``OFFICER_CODES``, and without
``after_measure`` in ``queues.services.care.act_for_person`` (a case in hand stayed in hand).
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from people.models import User
from queues.models import Claim, ClaimState, Queue
from tests import cast
from tests.cast import subject_of
from tests.web.desk.scene import a_case_waits, sits_down, works_today
from tests.web.lead.office import Office, signs_in
from tests.web.officer.steps import a_day, a_flag, ahead
from wellbeing.models import LimitRow, Measure, OptOut, Question

pytestmark = pytest.mark.django_db


def record_of(user: User) -> str:
    return f"/officer/people/{user.pk}/"


def does(officer: Office, user: User, **fields: object) -> Office:
    return officer.posts(f"{record_of(user)}measure/", **{"kind": "contact", **fields})


def test_people_are_listed_by_name_and_without_anything_else(
    officer: Office, alice: User, amina: User
) -> None:
    before = officer.opens("/officer/people/").text
    a_day(alice, 4, 3_600, 40)
    a_flag(alice, level="red")
    assert "Alice Amina" in before
    assert officer.opens("/officer/people/").text == before


def test_a_record_has_days_by_severity_limits_flags_measures_and_open_questions(
    officer: Office, alice: User
) -> None:
    a_day(alice, 3, 754, 7)
    a_day(alice, 4, 60, 1)
    a_flag(alice)
    now = timezone.now()
    Question.objects.create(
        subject=subject_of(alice), about="limit", about_ref="1", words="Why me?", asked_at=now, due_at=now
    )
    text = officer.opens(record_of(alice)).text
    assert "12 min 34 s, 7 cases" in text
    assert "1 min, 1 case" in text
    assert "Severity 4 on most worked days" in text
    assert "Minutes at severity 3 and up" in text
    assert "Questions that wait for an answer" in text
    assert "Why me?" not in text


def test_what_is_the_persons_own_stands_on_no_page_of_an_officer(officer: Office, alice: User) -> None:
    now, mine = timezone.now(), subject_of(alice)
    own = {"scope": "own", "scope_ref": str(mine), "set_by": str(mine), "set_at": now - timedelta(days=2)}
    LimitRow.objects.create(name="seconds_1", value=4711, **own)
    OptOut.objects.create(subject=mine, kind="category", value="ANIMAL", set_at=now)
    a_flag(alice, code="BREAKS_SHORT")
    a_flag(alice, code="REPEAT_VIEW", level="info", figures={"times": 4711})
    for address in (record_of(alice), "/officer/flags/", "/officer/", "/officer/people/"):
        html = officer.opens(address).last.content.decode()
        for word in ("78 min 31", "4711", "ANIMAL", "BREAKS_SHORT", "REPEAT_VIEW", str(mine)):
            assert word not in html, (address, word)


def test_who_is_no_moderator_has_no_record(officer: Office, dana: User) -> None:
    for address in (record_of(dana), "/officer/people/987654/"):
        assert officer.opens(address).status == 404
    assert does(officer, dana).status == 404
    assert not Measure.objects.exists()


def test_a_rest_day_reaches_the_desk_at_once(
    officer: Office, alice: User, photos: Queue, tmp_path, settings
) -> None:
    settings.MEDIA_ROOT = tmp_path
    works_today(alice)
    a_case_waits(photos, severity=2, category="HATE")
    sits_down(alice)
    assert Claim.objects.get().state == ClaimState.LIVE
    does(officer, alice, kind="rest_day", from_on=ahead(0))
    assert officer.status == 302
    assert Claim.objects.get().state == ClaimState.CLOSED


def test_the_person_and_no_lead_is_told(
    officer: Office, moderator: Office, lead: Office, alice: User
) -> None:
    does(officer, alice, kind="lighter_queue", from_on=ahead(0), until_on=ahead(2), words="A quieter week.")
    for address in (
        "/lead/",
        "/lead/people/",
        f"/lead/people/{alice.pk}/",
        "/lead/history/",
        "/lead/limits/",
    ):
        html = lead.opens(address).last.content.decode()
        assert "A quieter week" not in html
        assert "ighter queue" not in html
        assert "Wim" not in html


def test_a_measure_is_ended_with_the_persons_day(officer: Office, alice: User) -> None:
    does(officer, alice, kind="lighter_queue", from_on=ahead(0), until_on=ahead(2))
    measure = Measure.objects.get()
    assert "End it earlier" in officer.follows().text
    officer.posts(f"/officer/measures/{measure.pk}/end/")
    assert "It ends with the person’s day." in officer.follows().text
    assert "Ended by Wim, " in officer.text
    assert "End it earlier" not in officer.text
    officer.posts(f"/officer/measures/{measure.pk}/end/")
    assert "There is nothing left to end." in officer.follows().text
    assert officer.posts(f"/officer/measures/{uuid4()}/end/").status == 404


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "nothing"}, "This needs words."),
        ({"kind": "rest_day", "from_on": ahead(-3)}, "Choose a day from "),
        ({"kind": "rest_day", "from_on": "9999-99-99"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_is_told(officer: Office, alice: User, fields: dict[str, object], says: str) -> None:
    does(officer, alice, **fields)
    assert officer.status == 422
    assert says in officer.text
    assert not Measure.objects.exists()


def test_the_first_page_names_nobody_and_puts_overdue_questions_first(
    officer: Office, alice: User, amina: User
) -> None:
    now = timezone.now()
    for user, due in ((alice, now + timedelta(days=1)), (amina, now - timedelta(hours=1))):
        Question.objects.create(
            subject=subject_of(user), about="limit", about_ref=str(user.pk), asked_at=now, due_at=due
        )
    a_flag(alice, level="red")
    a_flag(amina)
    text = officer.opens("/officer/").text
    assert "2 load flags are open. 1 is red." in text
    assert text.index("was due ") < text.index(" due ", text.index("was due ") + 8)
    assert "Alice" not in text
    assert "Amina" not in text
    assert "fewer than 5 people, so not told" in text


def test_short_breaks_are_a_fact_about_a_team_of_five(officer: Office, alice: User) -> None:
    team = [
        works_today(cast.a_user(f"person{number}", "moderator", team=cast.a_team())) for number in range(4)
    ]
    works_today(alice)
    for user in team:
        a_flag(user, code="BREAKS_SHORT")
    assert "North about 5 people" in officer.opens("/officer/").text


def test_the_officer_begins_at_what_waits(officer: Office) -> None:
    assert officer.opens("/").last.headers["Location"] == "/officer/"


def test_acts_are_posts(officer: Office, alice: User) -> None:
    assert officer.client.get(f"{record_of(alice)}measure/").status_code == 405
    assert officer.client.post("/officer/people/").status_code == 405
    assert signs_in(alice).post(f"{record_of(alice)}measure/").status_code == 403
