"""Caps, shares and limits of load on a real person's rows: what may be shown and handed out, and whose rule says so.

Guards taken away, each seen red: `capped` in `forbids_look` and in `closes`; the
share of a return; the contract, its dates and its end; the agreement; `time_until` in `time_left`; load in `hard_limit_reached`.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from people.models import Team, User
from tests.cast import T0, a_team, a_user, subject_of
from tests.numbers import rev_of
from tests.wellbeing.steps import HOUR, MINUTE, SECOND, Desk, a_ceiling, a_look, a_team_limit
from wellbeing.core.rules.days import midnight
from wellbeing.core.rules.load import UNITS_PER_POINT
from wellbeing.core.selectors.allowance import Allowance, allowance
from wellbeing.core.services import presence
from wellbeing.exceptions import LimitReached
from wellbeing.limits.services import contracts
from wellbeing.models import (
    CounsellorContract,
    DaySum,
    ExposureSum,
    Introduction,
    LoadFlag,
    Measure,
    Presence,
    SevereAgreement,
    Shift,
    TeamPreset,
)
from wellbeing.shifts import services as shifts
from wellbeing.shifts.rules import on_clock

TODAY = T0.date()
DAY = timedelta(days=1)


def allowed(desk: Desk) -> Allowance:
    return allowance(desk.locked())


def closed(desk: Desk) -> dict[int, str]:
    """Severity → the rule that keeps it away."""
    return {severity: reached.name for severity, reached in allowed(desk).closed_by.items()}


def limit(desk: Desk, name: str) -> tuple[int, str]:
    found = desk.locked().limits[name]
    return found.value, found.scope


def shown_on(desk: Desk, on: date, severity: int, *, points: int = 0, minutes: int = 5) -> DaySum:
    return DaySum.objects.create(
        subject=desk.subject,
        local_date=on,
        severity=severity,
        shown_ms=minutes * 60_000,
        cases=1,
        units_at_one=points * UNITS_PER_POINT,
    )


def loaded_today(desk: Desk, points: int, *, ago: timedelta = timedelta(hours=2)) -> None:
    ExposureSum.objects.create(
        subject=desk.subject, quarter_at=T0 - ago, severity=2, units_at_one=points * UNITS_PER_POINT
    )


def ordered(desk: Desk, kind: str, from_on: date, until_on: date, **more: Any) -> Measure:
    return Measure.objects.create(
        subject=desk.subject,
        kind=kind,
        from_on=from_on,
        until_on=until_on,
        set_by="wim",
        set_at=T0 - DAY,
        **more,
    )


def red(desk: Desk, code: str, on: date) -> LoadFlag:
    return LoadFlag.objects.create(
        subject=desk.subject,
        code=code,
        level="red",
        local_date=on,
        figures={},
        raised_at=T0 - DAY,
        red_at=datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
    )


def test_at_10_in_the_evening_the_shield_comes_back_and_colour_is_refused(desk: Desk) -> None:
    desk.at = datetime(2026, 11, 23, 21, 59, 50, tzinfo=UTC)
    desk.open().show(look := a_look(3))
    assert [desk.beat().exposure is None for _ in range(3)] == [False, True, True]
    with pytest.raises(LimitReached) as refused:
        desk.show(look)
    assert (refused.value.reached.name, refused.value.reached.most) == ("night", 2)
    desk.show(look, "shielded")


def test_a_page_is_told_beforehand_when_the_night_will_cover_it(desk: Desk) -> None:
    desk.at = datetime(2026, 11, 23, 21, 58, tzinfo=UTC)
    shown = desk.open().show(a_look(3))
    assert shown.covers_at == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


def test_what_would_reach_into_the_night_does_not_fit(desk: Desk) -> None:
    desk.at = datetime(2026, 11, 23, 21, 58, tzinfo=UTC)
    fit = allowed(desk).fit
    assert (fit[3], fit[2] > fit[3]) == (2 * MINUTE, True)


def test_the_last_hour_of_a_planned_shift_is_milder(desk: Desk) -> None:
    Shift.objects.create(
        subject=desk.subject,
        starts_at=T0 - 7 * HOUR,
        ends_at=T0 + HOUR,
        planned_by=str(desk.subject),
        planned_at=T0 - DAY,
    )
    assert closed(desk) == {3: "late", 4: "late"}
    desk.at = T0 + HOUR
    assert closed(desk) == {2: "overtime", 3: "overtime", 4: "overtime"}


@pytest.mark.parametrize(
    ("eve", "hours"), [(date(2026, 10, 24), 11), (date(2027, 3, 27), 9)], ids=["back", "forward"]
)
def test_a_shift_over_a_change_of_the_clocks_ends_where_the_clocks_say(
    north: Team, eve: date, hours: int
) -> None:
    """From 23:00 to 09:00: eleven hours or nine. Its last hour is the last one, by the same clocks."""
    bea = a_user("bea", "moderator", team=north, zone="Europe/Berlin")
    desk = Desk(subject_of(bea))
    berlin = ZoneInfo("Europe/Berlin")
    shift = on_clock(eve, begins=time(23), ends=time(9), zone=berlin)
    assert shift.ends_at - shift.starts_at == hours * HOUR
    shifts.plan(subject=desk.subject, planned=[shift], planned_by=str(desk.subject), at=shift.starts_at - DAY)
    desk.at = shift.starts_at
    desk.open().act(presence.close_desk)
    found = []
    for clock in (time(5, 59), time(6), time(7, 59), time(8), time(9)):
        desk.at = datetime.combine(eve + DAY, clock, tzinfo=berlin).astimezone(UTC)
        found.append(closed(desk))
    assert found == [
        {3: "night", 4: "night"},
        {},
        {},
        {3: "late", 4: "late"},
        {2: "overtime", 3: "overtime", 4: "overtime"},
    ]


def test_a_cancelled_shift_is_none(desk: Desk) -> None:
    Shift.objects.create(
        subject=desk.subject,
        starts_at=T0 - 7 * HOUR,
        ends_at=T0 + HOUR,
        planned_by=str(desk.subject),
        planned_at=T0 - DAY,
        cancelled_at=T0 - HOUR,
    )
    assert closed(desk) == {}


def test_three_severe_days_in_a_row_close_the_fourth_but_its_own_do_not(desk: Desk) -> None:
    for ago in (0, 1, 2):
        shown_on(desk, TODAY - ago * DAY, 3)
    assert closed(desk) == {}
    shown_on(desk, TODAY - 3 * DAY, 3)
    assert closed(desk) == {3: "severe_days_run", 4: "severe_days_run"}


def test_severity_4_in_three_weeks_closes_the_fourth(desk: Desk) -> None:
    for ago in (8, 15):
        shown_on(desk, TODAY - ago * DAY, 4)
    last = shown_on(desk, TODAY - DAY, 4, minutes=4)
    assert closed(desk) == {}  # so little is an off week
    last.delete()
    shown_on(desk, TODAY - DAY, 4)
    assert closed(desk) == {4: "extreme_weeks"}


def test_a_rest_day_leaves_nothing_and_names_the_officer(desk: Desk) -> None:
    ordered(desk, "rest_day", TODAY, TODAY)
    found = allowed(desk)
    assert (dict(found.fit), set(found.closed_by)) == ({}, {0, 1, 2, 3, 4})
    assert (found.closed_by[0].name, found.closed_by[0].set_by) == ("rest_day", "wim")
    with pytest.raises(LimitReached):
        desk.show(a_look(0))


def test_a_lighter_queue_ends_with_its_last_day_or_when_it_is_ended(desk: Desk) -> None:
    measure = ordered(desk, "lighter_queue", TODAY - DAY, TODAY)
    assert set(closed(desk)) == {2, 3, 4}
    desk.at = T0 + DAY
    assert closed(desk) == {}
    desk.at, measure.ended_at = T0 + DAY, T0
    measure.save()
    assert closed(desk) == {}


def test_a_contact_binds_nothing(desk: Desk) -> None:
    ordered(desk, "contact", TODAY, TODAY)
    assert closed(desk) == {}


def test_an_agreement_that_is_taken_back_closes_severity_4_at_once(desk: Desk) -> None:
    look = a_look(4)
    desk.show(look)
    SevereAgreement.objects.update(revoked_at=T0)
    assert desk.beat().exposure is None
    assert closed(desk) == {4: "agreement"}


def test_a_new_starter_waits_for_the_walk_and_then_begins_with_severity_2(north: Team) -> None:
    nia = Desk(subject_of(a_user("nia", "moderator", team=north, began_on=None))).open()
    assert set(closed(nia).values()) == {"introduction"}
    Introduction.objects.create(subject=nia.subject, begun_at=T0, done_at=T0)
    assert set(closed(nia)) == {3, 4}
    assert (limit(nia, "seconds_1"), limit(nia, "seconds_3")) == ((120 * 60, "starter"), (0, "starter"))
    nia.at = T0 + 14 * DAY
    assert limit(nia, "seconds_3") == (30 * 60, "starter")
    nia.at = T0 + 56 * DAY
    assert limit(nia, "seconds_3") == (120 * 60, "ceiling")


def test_after_14_days_away_half_holds_from_the_first_act_on(alice: User) -> None:
    desk = Desk(subject_of(alice))
    Presence.objects.create(
        subject=desk.subject,
        kind="waiting",
        opened_at=T0 - 15 * DAY,
        last_beat_at=T0 - 14 * DAY,
        closed_at=T0 - 14 * DAY,
    )
    desk.open()
    assert limit(desk, "seconds_3") == (60 * 60, "returned")
    desk.at = T0 + 7 * DAY
    assert limit(desk, "cases_3") == (112, "returned")
    desk.at = T0 + 14 * DAY
    assert limit(desk, "cases_3") == (150, "ceiling")


def test_a_second_less_than_14_days_is_no_return(alice: User) -> None:
    desk = Desk(subject_of(alice))
    last = T0 - 14 * DAY + SECOND
    Presence.objects.create(
        subject=desk.subject, kind="waiting", opened_at=last, last_beat_at=last, closed_at=last
    )
    assert limit(desk.open(), "seconds_3") == (120 * 60, "ceiling")


def test_after_a_red_flag_half_holds_for_a_week(desk: Desk) -> None:
    red(desk, "RAPID_RISE", TODAY - DAY)
    assert limit(desk, "seconds_4") == (15 * 60, "red_flag")
    assert closed(desk) == {}


def test_a_holiday_is_no_part_of_what_holds_after_a_red_flag(desk: Desk) -> None:
    red(desk, "RAPID_RISE", TODAY - 20 * DAY)
    assert limit(desk, "seconds_4") == (15 * 60, "red_flag")
    shown_on(desk, TODAY - 14 * DAY, 1)
    assert limit(desk, "seconds_4") == (30 * 60, "ceiling")


def test_the_day_after_a_red_heavy_streak_is_light(desk: Desk) -> None:
    red(desk, "HEAVY_STREAK", TODAY - DAY)
    assert closed(desk) == {2: "heavy_streak", 3: "heavy_streak", 4: "heavy_streak"}


def a_contract(from_on: date, until_on: date, *, at: datetime) -> CounsellorContract:
    return CounsellorContract.objects.create(
        counsellor="A practice", from_on=from_on, until_on=until_on, recorded_by="wim", recorded_at=at
    )


def test_an_order_that_was_ended_binds_no_more(desk: Desk) -> None:
    """Seen red without ``ended_at IS NULL`` in what is kept of measures."""
    ordered(desk, "lighter_queue", TODAY, TODAY + DAY, ended_at=T0 - SECOND, ended_by="wim")
    assert closed(desk) == {}


def works_as_a_specialist(team: Team) -> None:
    a_ceiling("seconds_3", 300 * 60)
    a_team_limit(team, "seconds_3", 300 * 60)
    TeamPreset.objects.create(team_id=team.pk, preset="specialist", set_at=T0 - DAY, set_by="dana")


def test_specialists_without_a_contract_with_a_counsellor_have_the_limits_of_everybody(
    desk: Desk, north: Team
) -> None:
    works_as_a_specialist(north)
    assert limit(desk, "seconds_3") == (120 * 60, "contract")
    a_contract(TODAY - DAY, TODAY, at=T0 - DAY)
    assert limit(desk, "seconds_3") == (300 * 60, "ceiling")
    desk.at = T0 + DAY
    assert limit(desk, "seconds_3") == (120 * 60, "contract")


def test_a_contract_loosens_from_the_next_local_day_and_its_end_tightens_at_once(
    desk: Desk, north: Team
) -> None:
    works_as_a_specialist(north)
    row = a_contract(TODAY, TODAY + 99 * DAY, at=T0 - SECOND)
    assert limit(desk, "seconds_3") == (120 * 60, "contract")
    desk.at = midnight(desk.locked().day, 1)
    assert limit(desk, "seconds_3") == (300 * 60, "ceiling")
    rev = rev_of(desk.subject)
    contracts.end_contract(contract_id=row.pk, ended_by="wim", at=desk.at)
    assert limit(desk, "seconds_3") == (120 * 60, "contract")
    assert rev_of(desk.subject) > rev


def test_the_preset_of_another_team_asks_nothing(desk: Desk) -> None:
    a_ceiling("seconds_3", 300 * 60)
    TeamPreset.objects.create(team_id=a_team("South").pk, preset="specialist", set_at=T0 - DAY, set_by="dana")
    assert limit(desk, "seconds_3") == (300 * 60, "ceiling")


@pytest.mark.parametrize(
    ("before", "today", "rule"),
    [
        ([], 600, "load_day_red"),
        ([], 599, ""),
        ([510, 510, 510, 510], 460, "load_week_red"),
        ([510, 510, 510, 510], 459, ""),
        ([0] * 6 + [2400], 519, ""),  # the seventh day before is another week
        ([499] * 20, 20, "load_month_red"),
        ([499] * 20, 19, ""),
    ],
)
def test_a_red_load_is_a_hard_limit(desk: Desk, before: list[int], today: int, rule: str) -> None:
    a_ceiling("load_week_red", 2500 if len(before) < 10 else 100_000)
    for number, points in enumerate(before):
        shown_on(desk, TODAY - (number + 1) * DAY, 2, points=points)
    loaded_today(desk, today)
    found = allowed(desk)
    assert (found.mild_only.name if found.mild_only else "") == rule
    assert (set(found.fit) == {0}) is bool(rule)


def test_a_red_day_lifts_at_midnight_or_a_day_later_if_it_was_late(desk: Desk) -> None:
    loaded_today(desk, 600)
    reached = allowed(desk).mild_only
    assert reached is not None
    assert reached.until == datetime(2026, 11, 24, 7, 15, tzinfo=UTC)


def test_a_red_load_since_the_last_break_is_a_break_and_no_limit(desk: Desk) -> None:
    state = desk.locked().state
    state.block_load = 50 * UNITS_PER_POINT
    state.save()
    found = allowed(desk)
    assert (found.mild_only, dict(found.closed_by)) == (None, {})
    assert found.refusal is not None


def test_a_look_ends_where_the_load_is_used_up(desk: Desk) -> None:
    loaded_today(desk, 598)
    shown = desk.show(a_look(4), "colour")
    assert shown.covers_at is not None
    assert shown.covers_at - desk.at <= MINUTE
