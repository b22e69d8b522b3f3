"""Shifts as rows: who plans and cancels which, what is kept of it, and who is told.

Seen red without the look at who plans (nights), without the look at whether it has begun, without the filter of what was
cancelled, and without ``subject=subject`` in ``cancel``.
"""

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from audit.models import AuditRow
from live.models import Rev
from people.models import User
from tests.cast import T0, a_user, subject_of
from wellbeing.exceptions import NotFound
from wellbeing.models import Shift
from wellbeing.shifts import services as shifts
from wellbeing.shifts.rules import (
    AT_ONCE,
    NightIsTheirs,
    NothingPlanned,
    Planned,
    ShiftHasBegun,
    ShiftsOverlap,
    ShiftTooLong,
    TooLittleRest,
    TooManyShifts,
    on_clock,
)
from wellbeing.shifts.selectors import has_shift_news, next_shift, shifts_of, shifts_of_all

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = Planned(T0, T0 + 8 * HOUR)
TOMORROW = Planned(T0 + DAY, T0 + DAY + 8 * HOUR)
NIGHT = Planned(T0 + 13 * HOUR, T0 + 20 * HOUR)


def plans(user: User, *planned: Planned, by: User | None = None, at=T0) -> list[UUID]:
    return shifts.plan(
        subject=subject_of(user), planned=planned, planned_by=str(subject_of(by or user)), at=at
    )


def cancels(user: User, shift_id: UUID, *, by: User | None = None, at=T0) -> None:
    shifts.cancel(
        subject=subject_of(user), shift_id=shift_id, cancelled_by=str(subject_of(by or user)), at=at
    )


def times(user: User, *, at=T0) -> list[Planned]:
    return [Planned(line.starts_at, line.ends_at) for line in shifts_of(subject_of(user), at=at)]


def test_a_person_plans_and_what_they_planned_stands(alice: User):
    plans(alice, TOMORROW, TODAY)
    assert times(alice) == [TODAY, TOMORROW]
    assert [line.is_by_other for line in shifts_of(subject_of(alice), at=T0)] == [False, False]


def test_who_planned_is_audited_in_subjects(alice: User, dana: User):
    plans(alice, TODAY, by=dana)
    row = AuditRow.objects.get(action="shift.planned")
    assert (row.actor, row.target_id) == (str(subject_of(dana)), str(subject_of(alice)))
    assert row.detail == {"from": TODAY.starts_at.isoformat(), "until": TODAY.ends_at.isoformat()}


@pytest.mark.parametrize("wrong", [TODAY, Planned(T0 + 12 * HOUR, T0 + 15 * HOUR)])
def test_of_several_all_or_none_are_planned(alice: User, wrong: Planned):
    with pytest.raises((ShiftsOverlap, TooLittleRest)) as refused:
        plans(alice, TODAY, TOMORROW, wrong)
    assert refused.value.shift == wrong
    assert not Shift.objects.exists()
    assert not AuditRow.objects.filter(action="shift.planned").exists()


def test_twelve_hours_on_the_clocks_are_thirteen_where_they_go_back_and_none_of_them_is_planned(north):
    """Real hours are what somebody works."""
    bea = a_user("bea", "moderator", team=north, zone="Europe/Berlin")
    at = datetime(2026, 10, 20, 12, tzinfo=UTC)
    before, over = (
        on_clock(date(2026, 10, day), begins=time(21), ends=time(9), zone=ZoneInfo("Europe/Berlin"))
        for day in (22, 24)
    )
    with pytest.raises(ShiftTooLong) as refused:
        plans(bea, before, over, at=at)
    assert refused.value.shift == over
    assert not Shift.objects.exists()
    plans(bea, before, at=at)


def test_no_day_at_all_and_more_than_eight_weeks_of_days_are_refused(alice: User):
    with pytest.raises(NothingPlanned):
        plans(alice)
    many = [Planned(T0 + n * DAY, T0 + n * DAY + HOUR) for n in range(AT_ONCE + 1)]
    with pytest.raises(TooManyShifts):
        plans(alice, *many)
    plans(alice, *many[:-1])


def test_a_lead_plans_no_night_and_the_person_does(alice: User, dana: User):
    with pytest.raises(NightIsTheirs):
        plans(alice, TODAY, Planned(T0 + DAY + 12 * HOUR, T0 + DAY + 13 * HOUR + HOUR / 4), by=dana)
    assert not Shift.objects.exists()
    plans(alice, NIGHT)


def test_whose_night_it_is_is_told_where_the_person_is(dana: User, north):
    kiri = a_user("kiri", "moderator", team=north, zone="Pacific/Kiritimati")
    with pytest.raises(NightIsTheirs):
        plans(kiri, TODAY, by=dana)  # 23:00 there
    plans(kiri, NIGHT, by=dana)  # from noon to 19:00 there


def test_what_is_cancelled_is_gone_and_makes_room(alice: User):
    (first,) = plans(alice, TOMORROW)
    cancels(alice, first)
    assert times(alice) == []
    assert AuditRow.objects.filter(action="shift.cancelled", actor=str(subject_of(alice))).count() == 1
    plans(alice, TOMORROW)
    with pytest.raises(NotFound):
        cancels(alice, first)


@pytest.mark.parametrize(("at", "has_begun"), [(T0 - timedelta(seconds=1), False), (T0, True)])
def test_one_that_has_begun_stays(alice: User, at, has_begun: bool):
    (first,) = plans(alice, TODAY, at=T0 - DAY)
    if has_begun:
        with pytest.raises(ShiftHasBegun):
            cancels(alice, first, at=at)
    else:
        cancels(alice, first, at=at)
    assert times(alice, at=T0) == [TODAY] * has_begun


def test_a_shift_of_somebody_else_and_none_at_all_look_the_same(alice: User, amina: User):
    (first,) = plans(amina, TOMORROW)
    for shift_id in (first, uuid4()):
        with pytest.raises(NotFound):
            cancels(alice, shift_id)
    assert times(amina) == [TOMORROW]


def test_what_another_planned_or_cancelled_is_told_for_a_day(alice: User, dana: User):
    subject = subject_of(alice)
    plans(alice, Planned(T0 + 4 * DAY, T0 + 4 * DAY + HOUR))
    assert not has_shift_news(subject, at=T0)
    (theirs,) = plans(alice, Planned(T0 + 3 * DAY, T0 + 3 * DAY + HOUR), by=dana)
    assert has_shift_news(subject, at=T0 + DAY - timedelta(seconds=1))
    assert not has_shift_news(subject, at=T0 + DAY)
    cancels(alice, theirs, by=dana, at=T0 + 2 * DAY)
    assert has_shift_news(subject, at=T0 + 2 * DAY)
    cancelled = [line for line in shifts_of(subject, at=T0) if line.cancelled_by]
    assert [(line.id, line.cancelled_by) for line in cancelled] == [(theirs, str(subject_of(dana)))]


def test_the_page_of_the_person_hears_of_it(alice: User, dana: User, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        (first,) = plans(alice, TOMORROW, by=dana)
    number = Rev.objects.get(group=f"person.{subject_of(alice)}").number
    with django_capture_on_commit_callbacks(execute=True):
        cancels(alice, first, by=dana)
    assert Rev.objects.get(group=f"person.{subject_of(alice)}").number > number


def test_the_next_shift_is_the_first_that_has_not_begun(alice: User):
    subject = subject_of(alice)
    assert next_shift(subject, at=T0) is None
    (first, _) = plans(alice, TODAY, TOMORROW, at=T0 - DAY)
    assert next_shift(subject, at=T0 - HOUR) == TODAY
    assert next_shift(subject, at=T0) == TOMORROW
    assert next_shift(subject, at=T0 + DAY) is None
    cancels(alice, first, at=T0 - HOUR)
    assert next_shift(subject, at=T0 - HOUR) == TOMORROW


def test_a_lead_reads_who_is_planned_when_in_one_query(alice: User, amina: User, django_assert_num_queries):
    plans(alice, TODAY)
    (cancelled,) = plans(amina, TODAY, at=T0 - HOUR)
    plans(amina, TOMORROW, at=T0 - HOUR)
    cancels(amina, cancelled, at=T0 - HOUR)
    who = [subject_of(alice), subject_of(amina)]
    with django_assert_num_queries(1):
        found = shifts_of_all(who, at=T0)
    assert [(line.subject, line.starts_at) for line in found] == [(who[0], T0), (who[1], T0 + DAY)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_plan_the_same_time_at_once_one_is_refused(alice: User, dana: User):
    both, met = Barrier(2), []

    def plan_as(by: User) -> None:
        both.wait()
        try:
            plans(alice, TOMORROW, by=by)
        except ShiftsOverlap as refused:
            met.append(refused.other)
        finally:
            connection.close()

    threads = [Thread(target=plan_as, args=(who,)) for who in (alice, dana)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert met == [TOMORROW]
    assert Shift.objects.count() == 1
