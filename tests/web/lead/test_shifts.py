"""A lead plans for the team: by day, told to the person, refused in sentences, and nothing else of anybody is read.

Seen red without the list of members in ``cancel``.
"""

from datetime import UTC, date, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import Team, TimeZonePeriod, User
from tests.cast import a_user, subject_of
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office
from wellbeing.models import Presence, Shift
from wellbeing.shifts import services as shifts
from wellbeing.shifts.rules import on_clock
from wellbeing.shifts.selectors import has_shift_news

pytestmark = pytest.mark.django_db

TOKYO = ZoneInfo("Asia/Tokyo")
PLAN = "/lead/shifts/plan/"


@pytest.fixture
def alice(alice: User) -> User:
    TimeZonePeriod.objects.filter(user=alice).update(zone="Asia/Tokyo")
    return alice


def in_days(count: int) -> date:
    return timezone.now().astimezone(TOKYO).date() + timedelta(days=count)


def typed(person: User, on: date, begins: str = "09:00", ends: str = "17:00") -> dict[str, object]:
    return {"person": person.pk, "on": on.isoformat(), "begins": begins, "ends": ends}


def planned(user: User, on: date, begins: int = 9, ends: int = 17) -> Shift:
    shift = on_clock(on, begins=time(begins), ends=time(ends), zone=TOKYO)
    subject = subject_of(user)
    (made,) = shifts.plan(subject=subject, planned=[shift], planned_by=str(subject), at=timezone.now())
    return Shift.objects.get(pk=made)


def test_a_shift_is_planned_on_the_clock_of_the_person_who_is_told(lead: Office, alice: User, dana: User):
    lead.posts(PLAN, **typed(alice, in_days(2))).follows()
    assert "Planned. Alice is told." in lead.text
    assert "Alice, Asia/Tokyo" in lead.text
    row = Shift.objects.get()
    assert row.starts_at.astimezone(TOKYO).time() == time(9)
    assert row.planned_by == str(subject_of(dana))
    assert has_shift_news(subject_of(alice), at=timezone.now())


@pytest.mark.parametrize(("begins", "ends"), [("14:00", "22:15"), ("05:45", "12:00"), ("22:00", "06:00")])
def test_the_night_is_the_persons_own(lead: Office, alice: User, begins: str, ends: str):
    lead.posts(PLAN, **typed(alice, in_days(2), begins, ends))
    assert lead.status == 422
    assert "touches the night, from 22:00 to 06:00. Only Alice plans that." in lead.text
    assert not Shift.objects.exists()


def test_the_edges_of_the_day_may_be_planned(lead: Office, alice: User):
    lead.posts(PLAN, **typed(alice, in_days(2), "14:00", "22:00"))
    lead.posts(PLAN, **typed(alice, in_days(4), "06:00", "14:00"))
    assert Shift.objects.count() == 2


def test_what_the_person_planned_stands_in_the_way_with_what_would_do(lead: Office, alice: User):
    planned(alice, in_days(2), 9, 20)
    lead.posts(PLAN, **typed(alice, in_days(3), "06:00", "12:00"))
    assert "Only 10 hours of rest would lie after" in lead.text
    assert "07:00 or later." in lead.text


def test_a_night_that_the_person_planned_is_seen_and_can_be_cancelled(lead: Office, alice: User):
    row = planned(alice, in_days(2), 22, 4)
    assert "22:00" in lead.opens("/lead/shifts/").text
    lead.posts(reverse("lead:cancel_shift", args=[row.pk])).follows()
    assert "Cancelled. Alice is told." in lead.text
    assert has_shift_news(subject_of(alice), at=timezone.now())


def test_one_that_has_begun_stays(lead: Office, alice: User):
    row = planned(alice, in_days(2))
    now = timezone.now()
    Shift.objects.update(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    lead.posts(reverse("lead:cancel_shift", args=[row.pk])).follows()
    assert "What has begun stays as it is." in lead.text
    assert Shift.objects.get().cancelled_at is None


def test_another_teams_people_and_shifts_are_not_there(lead: Office, charlie: User, alice: User):
    row = planned(charlie, in_days(2))
    assert "Charlie" not in lead.opens("/lead/shifts/").text
    for one in (row.pk, uuid4()):
        assert lead.posts(reverse("lead:cancel_shift", args=[one])).status == 404
    lead.posts(PLAN, **typed(charlie, in_days(5)))
    assert lead.status == 422
    assert Shift.objects.get().cancelled_at is None


def test_who_planned_it_themselves_is_not_remarked_upon(lead: Office, alice: User):
    planned(alice, in_days(2))
    assert "planned by" not in lead.opens("/lead/shifts/").text


def test_a_cancelled_shift_is_off_the_leads_page(lead: Office, alice: User):
    row = planned(alice, in_days(2))
    shifts.cancel(
        subject=subject_of(alice), shift_id=row.pk, cancelled_by=str(subject_of(alice)), at=timezone.now()
    )
    assert "Nothing is planned." in lead.opens("/lead/shifts/").text


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (5, "Yesterday the team did other paid work for 2:30 hours, all together."),
        (4, "Yesterday it was fewer."),
    ],
)
def test_other_paid_work_is_told_of_the_team_and_of_nobody(lead: Office, north: Team, people: int, said: str):
    noon = timezone.now().astimezone(UTC).replace(hour=12) - timedelta(days=1)
    for number in range(people):
        subject = subject_of(works_today(a_user(f"somebody{number}", "moderator", team=north)))
        Presence.objects.create(
            subject=subject,
            kind="other_work",
            opened_at=noon,
            last_beat_at=noon,
            closed_at=noon + timedelta(minutes=30),
        )
    text = lead.opens("/lead/shifts/").text
    assert said in text
    assert ("2:30" in text) is (people == 5)


def test_a_team_of_many_takes_as_many_queries_as_one_of_one(
    lead: Office, alice: User, amina: User, django_assert_max_num_queries
):
    planned(alice, in_days(2))
    planned(amina, in_days(2))
    with django_assert_max_num_queries(18):
        lead.opens("/lead/shifts/")
