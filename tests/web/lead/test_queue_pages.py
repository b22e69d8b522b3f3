"""The board and a queue's page: nothing about people, refusals named, nothing overwritten.

Seen red without the version that the page showed.
"""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from moderation.models import PolicyVersion
from people.models import Platform, User
from queues.models import Queue
from tests import cast
from tests.cast import subject_of, where_it_is_noon
from tests.queues.work import counts_all
from tests.web.desk.scene import a_case_waits, a_policy, works_today
from tests.web.lead.office import Office, signs_in

pytestmark = pytest.mark.django_db

PLAN = {
    "name": "Profile pictures",
    "client_name": "Lumen SA",
    "purpose": "Reported profile pictures",
    "decision_use": "You decide whether this stays public.",
    "target_seconds": "24",
    "grace_seconds": "5",
}


def makes(lead: Office, lumen: Platform, **changes: object) -> Office:
    team = str(lead.user.memberships.get().team_id)
    return lead.posts("/lead/queues/new/", **{**PLAN, "platform": lumen.pk, "teams": [team], **changes})


def presses(lead: Office, queue: Queue, act: str, **fields: object) -> Office:
    version = Queue.objects.get(pk=queue.pk).version
    return lead.posts(f"/lead/queues/{queue.pk}/act/", **{"act": act, "version": version, **fields})


def writes(lead: Office, queue: Queue, **fields: object) -> Office:
    written = {"title": "House rules", "guidance": "Leave what is mild.", "newest": 0, **fields}
    return lead.posts(f"/lead/queues/{queue.pk}/guidelines/", **written)


def describes(lead: Office, queue: Queue, version: int, **changes: object) -> Office:
    team = str(lead.user.memberships.get().team_id)
    fields = {**PLAN, "name": queue.name, "teams": [team], "version": version, **changes}
    return lead.posts(f"/lead/queues/{queue.pk}/", **fields)


@pytest.fixture
def draft(lead: Office, lumen: Platform) -> Queue:
    makes(lead, lumen)
    return Queue.objects.get(name="Profile pictures")


def test_an_empty_board_says_what_a_queue_is(lead: Office) -> None:
    text = lead.opens("/lead/").text
    assert "No queue yet" in text
    assert "by which guidelines" in text


def test_the_board_tells_what_waits_and_since_when(lead: Office, alice: User, photos: Queue) -> None:
    # Not above severity 2: this runs at any hour, and the night leaves no more.
    a_case_waits(photos, "rocket.jpg", severity=2)
    a_case_waits(photos, "chelsea.png", severity=2)
    counts_all(timezone.now())
    text = lead.opens("/lead/").text
    assert re.search(r"Community photos Lumen Open 2 as of \d\d:\d\d since ", text)
    assert "Nobody is available" not in text
    a_case_waits(photos, "chelsea.png", severity=1)
    counts_all(timezone.now())
    assert "Community photos Lumen Open 2 as of " in lead.opens("/lead/").text


def test_where_nobody_may_take_what_waits_it_is_said_without_why(lead: Office, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    counts_all(timezone.now())
    assert "Nobody is available for part of this." in lead.opens("/lead/").text


def test_another_teams_queue_is_not_on_the_board(lead: Office, photos: Queue) -> None:
    cast.a_queue(platform=cast.a_platform("Umbra"), team=cast.a_team("South"), name="Theirs")
    assert "Theirs" not in lead.opens("/lead/").text


@pytest.mark.parametrize("cases", [1, 5])
def test_the_board_costs_the_same_whatever_waits(
    lead: Office, alice: User, amina: User, photos: Queue, cases: int, django_assert_max_num_queries
) -> None:
    for _ in range(cases):
        a_case_waits(photos, "rocket.jpg")
    with django_assert_max_num_queries(27):
        lead.opens("/lead/")


def test_a_queue_begins_as_a_draft_and_names_what_it_lacks(lead: Office, lumen: Platform) -> None:
    makes(lead, lumen, purpose="", client_name="")
    text = lead.follows().text
    assert "The draft is made." in text
    assert "Missing: the client’s name its purpose guidelines in force" in text
    queue = Queue.objects.get()
    presses(lead, queue, "open")
    assert lead.status == 409
    assert "It cannot be open without the client’s name, its purpose and guidelines in force." in lead.text
    assert Queue.objects.get().state == "draft"


def test_it_opens_pauses_drains_and_closes(lead: Office, draft: Queue) -> None:
    writes(lead, draft)
    assert "The guidelines are written." in lead.follows().text
    for act, state in [
        ("open", "Open"),
        ("pause", "Paused"),
        ("drain", "Draining"),
        ("close", "Closed"),
        ("open", "Open"),
    ]:
        assert presses(lead, draft, act, reason="because").status == 302
        assert f"Profile pictures {state} " in lead.follows().text
    text = lead.opens("/lead/history/").text
    assert "Dana Profile pictures: open → paused because" in text
    assert "Dana Profile pictures: made as a draft" in text
    assert "Dana Profile pictures: guidelines, version 1" in text


def test_the_default_queue_goes_on_taking_in_until_another_is_the_default(
    lead: Office, photos: Queue, draft: Queue
) -> None:
    a_policy(photos)
    presses(lead, photos, "drain")
    assert lead.status == 409
    assert "Make another open queue the default first." in lead.text
    writes(lead, draft)
    presses(lead, draft, "open")
    assert presses(lead, draft, "make_default").status == 302
    assert "Items that name no queue come here." in lead.follows().text
    assert presses(lead, photos, "drain").status == 302


def test_what_is_not_empty_does_not_close(lead: Office, photos: Queue, draft: Queue) -> None:
    a_case_waits(draft, "rocket.jpg")
    Queue.objects.filter(pk=draft.pk).update(state="open")
    presses(lead, draft, "close")
    assert lead.status == 409
    assert "Items still wait for a decision here. Drain it" in lead.text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "\u200f\u3164"}, "A queue needs a name."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"target_seconds": "-1"}, "Write hours like 24."),
        ({"target_seconds": "0"}, "The target time is at least a minute."),
        ({"target_seconds": "99999"}, "The target time is at most 90 days."),
        ({"grace_seconds": "x"}, "Write minutes from 0"),
        ({"grace_seconds": "1441"}, "The grace is at most 24 hours."),
        ({"grace_seconds": "30", "target_seconds": "0:10"}, "longer than the target time"),
        ({"teams": []}, "Choose at least one team, or every team."),
        ({"teams": ["987654"]}, "Select a valid choice."),
        ({"platform": "00000000-0000-4000-8000-000000000000"}, "Select a valid choice."),
        ({"platform": ""}, "This field is required."),
        ({"purpose": "a\x07b"}, "without line breaks and control characters"),
    ],
)
def test_a_queue_that_cannot_be_is_told_beside_the_field(
    lead: Office, lumen: Platform, changes, says: str
) -> None:
    makes(lead, lumen, **changes)
    assert lead.status == 422
    assert says in lead.text
    assert not Queue.objects.exists()


def test_a_name_is_taken_once_in_any_capitals(lead: Office, lumen: Platform, draft: Queue) -> None:
    makes(lead, lumen, name="PROFILE pictures")
    assert "Another queue of this platform bears this name." in lead.text
    assert Queue.objects.count() == 1


def test_a_lead_cannot_leave_their_own_team_out(lead: Office, lumen: Platform) -> None:
    south = cast.a_team("South")
    makes(lead, lumen, teams=[str(south.pk)])
    assert "Your own team has to be among them." in lead.text


def test_what_is_written_comes_back_as_it_was(lead: Office, lumen: Platform) -> None:
    makes(lead, lumen, target_seconds="1:30", grace_seconds="0:45", teams=["every"], trains_model="on")
    queue = Queue.objects.get()
    assert (queue.target_seconds, queue.grace_seconds, queue.every_team, queue.trains_model) == (
        5400,
        45,
        True,
        True,
    )
    html = lead.follows().last.content.decode()
    assert 'value="1:30"' in html
    assert 'value="0:45"' in html


def test_of_two_leads_the_second_sees_what_the_first_wrote_and_overwrites_nothing(
    lead: Office, north, draft: Queue
) -> None:
    dora = works_today(cast.a_user("dora", "lead", team=north))
    other = Office(signs_in(dora), dora)
    assert describes(other, draft, 0, purpose="Hers").status == 302
    describes(lead, draft, 0, purpose="Mine")
    assert lead.status == 409
    assert "It says now: Hers" in lead.text
    assert 'value="Mine"' in lead.last.content.decode()
    assert Queue.objects.get().purpose == "Hers"
    assert describes(lead, draft, 1, purpose="Mine").status == 302


def test_an_act_on_what_somebody_else_changed_is_told(lead: Office, draft: Queue) -> None:
    writes(lead, draft)
    presses(lead, draft, "open")
    presses(lead, draft, "pause", version=0)
    assert lead.status == 409
    assert "Somebody else changed this queue meanwhile." in lead.text
    assert Queue.objects.get().state == "open"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1.0"])
def test_a_version_that_no_page_showed_changes_nothing(lead: Office, draft: Queue, version: str) -> None:
    writes(lead, draft)
    assert presses(lead, draft, "open", version=version).status == 409
    assert Queue.objects.get().state == "draft"


def test_guidelines_are_kept_in_versions(lead: Office, draft: Queue) -> None:
    writes(lead, draft)
    writes(lead, draft, newest=1, title="House rules, again", guidance="Leave more.")
    text = lead.follows().text
    assert "Version 2: House rules, again" in text
    assert "Version 1: House rules" in text
    assert "not in force any more" in text
    assert PolicyVersion.objects.get(version=1).guidance == "Leave what is mild."


def test_guidelines_that_are_still_to_come_can_be_taken_back(lead: Office, draft: Queue) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    writes(lead, draft, in_force_from=tomorrow)
    assert "guidelines in force" in lead.follows().text
    assert "Take it back" in lead.text
    lead.posts(f"/lead/queues/{draft.pk}/guidelines/", take_back="", newest=1)
    assert lead.status == 302
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": ""}, "This field is required."),
        ({"guidance": " "}, "This field is required."),
        ({"title": "\u200b"}, "Guidelines need a title."),
        ({"guidance": "\u202e"}, "Guidelines need a text."),
        ({"guidance": "x" * 20_001}, "Guidelines have at most 20,000 characters."),
        ({"in_force_from": "2020-01-01T10:00"}, "Guidelines hold from now or later"),
        ({"in_force_from": "soon"}, "Enter a valid date/time."),
        ({"newest": 7}, "Somebody else wrote a version meanwhile."),
    ],
)
def test_guidelines_that_cannot_be_are_told_and_kept_in_the_form(
    lead: Office, draft: Queue, fields, says: str
) -> None:
    writes(lead, draft, **fields)
    assert lead.status in {409, 422}
    assert says in lead.text
    assert not PolicyVersion.objects.exists()


def test_the_minute_that_runs_counts_as_now(lead: Office, draft: Queue) -> None:
    there = ZoneInfo(where_it_is_noon(timezone.now()))
    writes(lead, draft, in_force_from=timezone.now().astimezone(there).strftime("%Y-%m-%dT%H:%M"))
    assert lead.status == 302


def test_nobody_who_judges_is_named_on_a_queue(lead: Office, alice: User, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    for address in ("/lead/", f"/lead/queues/{photos.pk}/", "/lead/history/"):
        html = lead.opens(address).last.content.decode()
        assert "Alice" not in html
        assert str(subject_of(alice)) not in html
