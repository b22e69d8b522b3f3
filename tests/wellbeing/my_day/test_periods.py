"""'My day' over 7 and 28 days, and one day of them: sums that a person can check, on their own dates.

Seen red with a week of ``days`` days before today, without ``subject=subject`` in ``_parts``, and with rows and red flags
of after an instant left in ``limits_at``.
"""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from people.models import Team, TimeZonePeriod, User
from tests.cast import T0
from tests.wellbeing.steps import MINUTE, SECOND, Desk, a_look, a_team_limit
from wellbeing.core.rules.load import UNITS_PER_POINT
from wellbeing.core.services import breaks, exposure
from wellbeing.models import Break, DaySum, LimitRow, LoadFlag
from wellbeing.my_day.selectors.one_day import limits_at, one_day
from wellbeing.my_day.selectors.periods import period

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def shown(desk: Desk, on: date, severity: int, minutes: int, *, points: str, cases: int = 1) -> None:
    DaySum.objects.create(
        subject=desk.subject,
        local_date=on,
        severity=severity,
        shown_ms=minutes * 60_000,
        cases=cases,
        units_at_one=int(Decimal(points) * UNITS_PER_POINT),
        load_units=1,
    )


def test_a_week_is_today_and_the_six_dates_before(desk: Desk) -> None:
    for ago in (0, 6, 7, 27, 28):
        shown(desk, TODAY - ago * DAY, 3, 10, points="18.5")
    shown(desk, TODAY + DAY, 3, 10, points="99")
    week, month = period(desk.subject, days=7, at=T0), period(desk.subject, days=28, at=T0)
    assert [day.date for day in week.days] == [TODAY - n * DAY for n in range(6, -1, -1)]
    assert (week.load, month.load) == (Decimal("37.00"), Decimal("74.00"))
    assert len(month.days) == 28


def test_a_day_s_load_is_the_sum_of_its_parts_as_they_are_shown(desk: Desk) -> None:
    shown(desk, TODAY, 1, 12, points="3.10", cases=4)
    shown(desk, TODAY, 3, 22, points="40.50", cases=9)
    shown(desk, TODAY - DAY, 2, 12, points="12", cases=2)
    week = period(desk.subject, days=7, at=T0)
    today = week.days[-1]
    assert (today.arithmetic, today.load, today.cases) == ("3.10 + 40.50 = 43.60", Decimal("43.60"), 13)
    assert week.days[-2].arithmetic == "12.00"
    assert week.days[0].arithmetic == ""
    assert week.arithmetic == "12.00 + 43.60 = 55.60"
    assert (week.parts[3].lasted, week.parts[3].cases, week.cases) == (22 * MINUTE, 9, 15)


def test_amber_and_red_are_those_that_hold_for_this_person(desk: Desk, north: Team) -> None:
    a_team_limit(north, "load_week_red", 500)
    found = period(desk.subject, days=7, at=T0)
    assert (found.amber, found.red, found.day_amber, found.day_red) == (850, 500, 200, 600)


def test_breaks_stand_on_the_local_date_on_which_they_were_due(alice: User, desk: Desk) -> None:
    TimeZonePeriod.objects.filter(user=alice).update(zone="Asia/Kathmandu")
    late = T0.replace(hour=19) - DAY  # 00:45 on the 23rd in Kathmandu
    Break.objects.create(
        subject=desk.subject, cause="work", state="over", length_ms=1, due_at=late, postponed_until=late
    )
    days = {one.date: one for one in period(desk.subject, days=7, at=T0).days}
    assert (days[TODAY].breaks, days[TODAY].postponed, days[TODAY - DAY].breaks) == (1, 1, 0)


def test_nobody_else_s_days_are_in_it(desk: Desk) -> None:
    shown(Desk(uuid4()), TODAY, 3, 10, points="18.5")
    assert period(desk.subject, days=7, at=T0).load == 0


def test_what_the_ledger_keeps_is_what_the_week_tells(desk: Desk) -> None:
    """In grey, and counted in full: 2 × (10 + 35) / 60. Seen red with the load as it was shown."""
    look = a_look(3)
    desk.show(look)
    desk.look_for(35 * SECOND)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=3)
    today = period(desk.subject, days=7, at=desk.at).days[-1]
    assert (today.load, today.parts[3].lasted, today.cases) == (Decimal("1.50"), 35 * SECOND, 1)


@pytest.mark.parametrize("days", [0, 1, 14])
def test_another_number_of_days_is_none(desk: Desk, days: int) -> None:
    with pytest.raises(KeyError):
        period(desk.subject, days=days, at=T0)


def test_a_day_of_the_past_is_told_line_by_line(desk: Desk) -> None:
    look = a_look(3)
    desk.show(look)
    desk.look_for(35 * SECOND)
    desk.act(exposure.close_look, case_ref=look.case_ref, severity=3)
    desk.act(breaks.step_away)
    found = one_day(desk.subject, on=TODAY, at=T0 + 3 * DAY)
    assert [line.arithmetic for line in found.load] == ["2 × 0.9 × (10 + 35) / 60 = 1.35"]
    assert [line.cause for line in found.breaks] == ["step_away"]
    assert found.presence[-1].closed_at == found.day.end
    assert one_day(desk.subject, on=TODAY - DAY, at=T0 + 3 * DAY).load == []


def test_a_past_day_has_the_bounds_of_the_zone_that_held_then(alice: User, desk: Desk) -> None:
    TimeZonePeriod.objects.create(user=alice, zone="Asia/Tokyo", effective_from=T0 + DAY)
    assert one_day(desk.subject, on=TODAY, at=T0 + 9 * DAY).day.zone == "UTC"
    assert one_day(desk.subject, on=TODAY + 5 * DAY, at=T0 + 9 * DAY).day.zone == "Asia/Tokyo"


def test_what_held_then_is_worked_out_from_what_was_set_until_then(desk: Desk, north: Team) -> None:
    first = a_team_limit(north, "seconds_3", 600, at=T0 - 2 * DAY)
    a_team_limit(north, "seconds_3", 60, at=T0 + DAY)
    LoadFlag.objects.create(
        subject=desk.subject,
        code="RAPID_RISE",
        level="red",
        local_date=TODAY + DAY,
        figures={},
        raised_at=T0 + DAY,
        red_at=T0 + DAY,
    )
    then, now = limits_at(desk.subject, at=T0), limits_at(desk.subject, at=T0 + DAY + MINUTE)
    held = {limit.name: limit for limit in then.limits}["seconds_3"]
    assert (held.value, held.scope, held.row, then.version) == (600, "team", first.pk, first.pk)
    assert {limit.name: limit.value for limit in now.limits}["seconds_3"] == 30
    assert now.version == LimitRow.objects.latest("pk").pk


def test_every_version_under_which_something_was_shown_is_told(desk: Desk, north: Team) -> None:
    first = a_team_limit(north, "seconds_3", 6000)
    desk.show(a_look(2))
    desk.look_for(10 * SECOND)
    assert one_day(desk.subject, on=TODAY, at=desk.at).versions == {first.pk}
