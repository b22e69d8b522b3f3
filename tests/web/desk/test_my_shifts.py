"""'My shifts' by plain posts: planned, refused with what would do, and cancelled, on the clock of who asks."""

from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import TimeZonePeriod, User
from tests.cast import a_user, subject_of
from wellbeing.models import Shift
from wellbeing.shifts import services as shifts
from wellbeing.shifts.rules import on_clock

pytestmark = pytest.mark.django_db

BRUSSELS = ZoneInfo("Europe/Brussels")
PLAN = "/my-shifts/plan"


@pytest.fixture
def alice(alice: User) -> User:
    TimeZonePeriod.objects.filter(user=alice).update(zone="Europe/Brussels")
    return alice


def in_days(count: int) -> date:
    return timezone.now().astimezone(BRUSSELS).date() + timedelta(days=count)


def typed(on: date, begins: str = "09:00", ends: str = "17:00", **more: object) -> dict[str, Any]:
    return {"on": on.isoformat(), "begins": begins, "ends": ends, **more}


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def read(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def planned(user: User, on: date, begins: int = 9, ends: int = 17, *, by: User | None = None) -> Shift:
    shift = on_clock(on, begins=time(begins), ends=time(ends), zone=BRUSSELS)
    who = str(subject_of(by or user))
    (made,) = shifts.plan(subject=subject_of(user), planned=[shift], planned_by=who, at=timezone.now())
    return Shift.objects.get(pk=made)


def test_a_shift_is_planned_on_the_clock_of_the_person(client: Client, alice: User):
    answer = signed_in(client, alice).post(PLAN, typed(in_days(2)), follow=True)
    assert "Planned." in read(answer)
    row = Shift.objects.get()
    assert row.starts_at.astimezone(BRUSSELS).time() == time(9)
    assert row.planned_by == str(subject_of(alice))
    assert "09:00" in read(answer)
    assert "Europe/Brussels" in read(answer)


def test_over_midnight_it_ends_on_the_next_day(client: Client, alice: User):
    signed_in(client, alice).post(PLAN, typed(in_days(2), "22:00", "06:00"))
    assert Shift.objects.get().ends_at.astimezone(BRUSSELS).date() == in_days(3)


def test_a_pattern_is_planned_for_its_weeks(client: Client, alice: User):
    fields = typed(in_days(1), weekdays=["0", "2", "4"], weeks="3")
    assert "9 shifts are planned." in read(signed_in(client, alice).post(PLAN, fields, follow=True))
    days = [row.starts_at.astimezone(BRUSSELS).weekday() for row in Shift.objects.order_by("starts_at")]
    assert (sorted(days), len(days)) == ([0, 0, 0, 2, 2, 2, 4, 4, 4], 9)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"begins": "09:07"}, "whole quarter of an hour"),
        ({"begins": "08:00", "ends": "21:00"}, "is 13 hours long. A shift is at most 12 hours."),
        ({"begins": "09:00", "ends": "09:00"}, "is 24 hours long"),
        ({"on": in_days(-2).isoformat()}, "lies behind"),
        ({"on": in_days(60).isoformat()}, "at most eight weeks ahead: until"),
        ({"on": "0001-01-01"}, "greater than or equal to"),
        ({"on": "9999-12-31"}, "less than or equal to"),
        ({"on": "soon"}, "Enter a valid date"),
        ({"begins": ""}, "required"),
        ({"weeks": "9", "weekdays": ["1"]}, "less than or equal to 8"),
        ({"weekdays": ["7"]}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_planned_is_said_and_what_was_typed_stays(
    client: Client, alice: User, fields: dict[str, Any], says: str
):
    answer = signed_in(client, alice).post(PLAN, {**typed(in_days(2), ends="16:45"), **fields})
    assert answer.status_code == 422
    assert says in read(answer)
    assert 'value="' + fields.get("ends", "16:45") in read(answer)
    assert not Shift.objects.exists()


def test_too_little_rest_says_from_when_it_would_do(client: Client, alice: User):
    planned(alice, in_days(2), 9, 21)
    answer = signed_in(client, alice).post(PLAN, typed(in_days(3), "06:00", "14:00"))
    assert "Only 9 hours of rest would lie after" in read(answer)
    assert "08:00 or later." in read(answer)


def test_too_little_rest_before_another_says_until_when(client: Client, alice: User):
    planned(alice, in_days(3), 6, 14)
    answer = signed_in(client, alice).post(PLAN, typed(in_days(2), "13:00", "21:00"))
    assert "Only 9 hours of rest would lie before" in read(answer)
    assert "19:00 or sooner." in read(answer)


def test_a_shift_in_the_time_of_another_is_refused_with_both_named(client: Client, alice: User):
    planned(alice, in_days(2))
    answer = signed_in(client, alice).post(PLAN, typed(in_days(2), "12:00", "20:00"))
    assert "12:00 to 20:00 lies in the same time as" in read(answer)
    assert "09:00 to 17:00" in read(answer)


def test_a_time_that_the_clocks_leave_out_is_said(client: Client, alice: User):
    answer = signed_in(client, alice).post(PLAN, typed(date(2027, 3, 28), "02:30", "08:00"))
    assert "The clocks leave out 02:30 on 28 March 2027. Write 03:00 or later." in read(answer)


def test_one_that_has_not_begun_is_cancelled(client: Client, alice: User):
    row = planned(alice, in_days(2))
    answer = signed_in(client, alice).post(reverse("desk:cancel_shift", args=[row.pk]), follow=True)
    assert "Cancelled." in read(answer)
    assert "Nothing is planned." in read(answer)


def test_one_that_has_begun_stays_and_that_is_said(client: Client, alice: User):
    row = planned(alice, in_days(2))
    now = timezone.now()
    Shift.objects.update(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    page = signed_in(client, alice).get("/my-shifts/")
    assert "running" in read(page)
    assert reverse("desk:cancel_shift", args=[row.pk]) not in read(page)
    answer = client.post(reverse("desk:cancel_shift", args=[row.pk]), follow=True)
    assert "What has begun stays as it is." in read(answer)
    assert Shift.objects.get().cancelled_at is None


def test_a_shift_of_a_colleague_is_not_there(client: Client, alice: User, amina: User):
    row = planned(amina, in_days(2))
    said = [
        read(signed_in(client, alice).post(reverse("desk:cancel_shift", args=[one]), follow=True))
        for one in (row.pk, uuid4())
    ]
    assert all("That shift is not there any more." in page for page in said)
    assert Shift.objects.get().cancelled_at is None


def test_what_a_lead_planned_and_cancelled_is_told_with_their_name(client: Client, alice: User, dana: User):
    quiet = read(signed_in(client, alice).get("/desk/"))
    planned(alice, in_days(2), by=dana)
    row = planned(alice, in_days(4), by=dana)
    shifts.cancel(
        subject=subject_of(alice),
        shift_id=row.pk,
        cancelled_by=str(subject_of(dana)),
        at=timezone.now(),
    )
    page = read(signed_in(client, alice).get("/my-shifts/"))
    assert "planned by Dana" in page
    assert "cancelled by Dana" in page
    assert "A lead has planned or cancelled a shift of yours." in read(client.get("/desk/"))
    assert "A lead has planned" not in quiet


def test_the_page_is_the_persons_own(client: Client, alice: User, amina: User):
    planned(amina, in_days(2))
    assert "Nothing is planned." in read(signed_in(client, alice).get("/my-shifts/"))


@pytest.mark.parametrize("role", ["lead", "wellbeing_officer", "representative", "auditor", "operator"])
def test_who_does_not_review_has_no_shifts_here(client: Client, role: str, north):
    somebody = signed_in(client, a_user("somebody", role, team=north))
    assert somebody.get("/my-shifts/").status_code == 403
    assert somebody.post(PLAN, {}).status_code == 403


def test_the_wrong_method_is_refused_and_the_signed_out_sign_in(client: Client, alice: User):
    assert client.get("/my-shifts/").status_code == 302
    signed_in(client, alice)
    assert client.get(PLAN).status_code == 405
    assert client.post("/my-shifts/").status_code == 405
    assert client.get(reverse("desk:cancel_shift", args=[uuid4()])).status_code == 405


def test_a_plan_needs_its_token(alice: User):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(PLAN, typed(in_days(2))).status_code == 403


def test_the_hour_that_comes_twice_is_the_first(alice: User):
    shift = on_clock(date(2026, 10, 25), begins=time(2, 30), ends=time(9), zone=BRUSSELS)
    assert shift.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
