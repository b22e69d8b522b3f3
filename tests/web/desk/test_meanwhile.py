"""Whoever something is closed to sees what is open instead, which other work, with whom, and until when.

Seen red without ``meanwhile`` in the waiting panel, in a refusal and behind a reached limit; with the working day's end
left out of ``_until``; and with the door of the team left out of ``other_work_of``.
"""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from people.models import Platform, Team, User
from queues.exceptions import LimitReached
from queues.models import Queue, QueueState
from queues.selectors.instead import OtherWork, other_work_of
from tests.cast import a_team, subject_of
from tests.queues.work import has_looked
from tests.web.desk.scene import a_case_waits, sits_down
from web.desk.pages import DeskVisit
from web.desk.refusals import refusal_of
from web.desk.scripted import problem
from wellbeing.exceptions import Reached
from wellbeing.models import LimitRow, SevereAgreement, Shift

pytestmark = pytest.mark.django_db

OPEN = "Open to you: severity 0 to 2."


@pytest.fixture
def photos(photos: Queue) -> Queue:
    photos.other_work, photos.other_work_with = "Policy reading.", "Dana"
    photos.save()
    return photos


def closed_at_3(person: User, team: Team) -> None:
    at = timezone.now()
    LimitRow.objects.create(
        scope="team",
        scope_ref=str(team.pk),
        name="seconds_3",
        value=60,
        set_at=at - timedelta(days=2),
        set_by="system",
    )
    has_looked(person, 100, severity=3, at=at)


def test_a_desk_that_waits_names_what_is_open_and_the_other_work(
    alice: User, north: Team, photos: Queue
) -> None:
    closed_at_3(alice, north)
    lines = sits_down(alice).shown.lines
    assert lines[0].startswith("Severity 3 and up is done until")
    assert lines[1] == OPEN
    assert lines[2].endswith("Policy reading, with Dana.")


def test_until_the_end_of_the_planned_day_where_that_comes_first(
    alice: User, north: Team, photos: Queue
) -> None:
    closed_at_3(alice, north)
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    ends_at = now + timedelta(hours=4)
    Shift.objects.create(
        subject=subject_of(alice),
        starts_at=now - timedelta(hours=1),
        ends_at=ends_at,
        planned_by=str(subject_of(alice)),
        planned_at=now - timedelta(days=1),
    )
    page = sits_down(alice)
    zone = page.client.get("/my-day/").context["day"].zone
    local = ends_at.astimezone(ZoneInfo(zone))
    assert f"Until {local:%H:%M}: Policy reading, with Dana." in page.shown.lines


def test_a_case_in_hand_and_a_refusal_say_it_too(alice: User, north: Team, photos: Queue) -> None:
    a_case_waits(photos, "rocket.jpg")
    page = sits_down(alice)
    closed_at_3(alice, north)
    page.get()
    assert OPEN in page.shown.refusal
    assert "Policy reading, with Dana." in page.shown.refusal
    page.press("show", level="grey")
    assert page.status == 409
    assert page.html.count(OPEN) >= 1
    assert "Policy reading, with Dana." in page.client.get("/my-day/").content.decode()


def test_a_script_is_told_the_same(alice: User, north: Team, photos: Queue) -> None:
    closed_at_3(alice, north)
    at = timezone.now()
    reached = Reached("seconds_3", 60, "team", at + timedelta(hours=1))
    told = problem(refusal_of(LimitReached(reached), DeskVisit(subject_of(alice), at, ZoneInfo("UTC"))))
    assert json.loads(told.content)["instead"][0] == OPEN


def test_nothing_is_said_of_it_where_nothing_is_closed_or_only_what_holds_for_weeks(
    alice: User, photos: Queue
) -> None:
    assert "Policy reading" not in sits_down(alice).html
    SevereAgreement.objects.all().delete()
    assert "Policy reading" not in sits_down(alice).html


def test_other_work_is_told_of_the_queues_of_the_own_team_that_hand_out(
    north: Team, photos: Queue, lumen: Platform
) -> None:
    at, south = timezone.now(), a_team("South")
    theirs = Queue.objects.create(platform=lumen, name="Theirs", other_work="Filing", created_at=at)
    theirs.teams.add(south)
    Queue.objects.create(
        platform=lumen,
        name="Paused",
        other_work="Sorting",
        every_team=True,
        state=QueueState.PAUSED,
        created_at=at,
    )
    again = Queue.objects.create(
        platform=lumen,
        name="Again",
        other_work="Policy reading.",
        other_work_with="Dana",
        every_team=True,
        created_at=at,
    )
    again.teams.add(north)
    assert other_work_of(north.pk) == [OtherWork("Policy reading.", "Dana")]
    assert other_work_of(south.pk) == [OtherWork("Policy reading.", "Dana"), OtherWork("Filing", "")]
