"""Caps by the hour, the shift, the days before, orders and agreements: each side of every edge, DST days included.

Guards taken away, each seen red: a night's end on the next local date; the last hour of a shift that is shorter than an
hour; overtime after the daily rest; six days before today, not today; the Monday of a week.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from people.rules.zones import BEGINNING, ZonePeriod
from tests.cast import T0
from wellbeing.core.rules.caps import Cap, Circumstances, Ordered, caps_of, closing, time_until, weeks_in_row
from wellbeing.core.rules.days import day_of
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.core.rules.parts import Shift
from wellbeing.core.rules.scopes import InForce

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
TODAY = date(2026, 11, 23)  # a Monday
KNOWN: dict[str, Any] = {"is_known": True, "began_on": date(2025, 1, 1), "agreed_at": T0 - DAY}


def in_force(**values: int) -> Mapping[str, InForce]:
    return {
        name: InForce(name, values.get(name, default), "ceiling") for name, default in DEFAULT_PRESET.items()
    }


def who(at: datetime = T0, *, zone: str = "UTC", **facts: Any) -> Circumstances:
    return Circumstances(day=day_of([ZonePeriod(zone, BEGINNING)], at), at=at, **{**KNOWN, **facts})


def caps(
    at: datetime = T0, *, zone: str = "UTC", limits: dict[str, int] | None = None, **facts: Any
) -> list[Cap]:
    return caps_of(who(at, zone=zone, **facts), in_force(**(limits or {})))


def most(at: datetime = T0, **how: Any) -> tuple[int, str]:
    """The highest severity that is left at *at*, and the cap that says so; (4, '') when none holds."""
    found = closing(caps(at, **how), severity=4, at=at)
    return (4, "") if found is None else (found.most, found.name)


def at_hour(hour: int, minute: int = 0, *, on: date = TODAY) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC)


def ago(*days: int) -> frozenset[date]:
    return frozenset(TODAY - timedelta(days=n) for n in days)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (at_hour(21, 59), (4, "")),
        (at_hour(22), (2, "night")),
        (at_hour(23, 59), (2, "night")),
        (at_hour(0), (2, "night")),  # last evening's night
        (at_hour(5, 59), (2, "night")),
        (at_hour(6), (4, "")),
    ],
)
def test_the_night_is_from_22_to_6(at: datetime, expected: tuple[int, str]) -> None:
    assert most(at) == expected


def test_the_night_is_that_of_the_persons_zone() -> None:
    assert most(at_hour(16, 30), zone="Asia/Kolkata") == (2, "night")  # 22:00 in Kolkata
    assert most(at_hour(16, 29), zone="Asia/Kolkata") == (4, "")


@pytest.mark.parametrize(
    ("at", "ends_at"),
    [
        # Brussels puts the clock back on 25 October 2026: the night from Saturday has nine hours.
        (datetime(2026, 10, 24, 20, 30, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC)),
        # … and forward on 29 March 2026: seven.
        (datetime(2026, 3, 28, 21, 30, tzinfo=UTC), datetime(2026, 3, 29, 4, tzinfo=UTC)),
    ],
)
def test_a_night_of_a_dst_day_ends_at_6_by_the_clock_on_the_wall(at: datetime, ends_at: datetime) -> None:
    found = closing(caps(at, zone="Europe/Brussels"), severity=3, at=at)
    assert found is not None
    assert (found.name, found.ends_at) == ("night", ends_at)


SHIFT = Shift(at_hour(8), at_hour(16))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (at_hour(14, 59), (4, "")),
        (at_hour(15), (2, "late")),  # the last hour
        (at_hour(15, 59), (2, "late")),
        (at_hour(16), (1, "overtime")),
        (at_hour(21, 59), (1, "overtime")),
        (at_hour(2, 59, on=TODAY + DAY), (1, "overtime")),  # it leaves less than the night does
        (at_hour(3, 0, on=TODAY + DAY), (2, "night")),  # 11 hours later nothing is beyond that shift any more
    ],
)
def test_the_last_hour_of_a_shift_is_milder_and_what_is_beyond_it_milder_still(
    at: datetime, expected: tuple[int, str]
) -> None:
    assert most(at, shifts=[SHIFT]) == expected


MORNING, EVENING = Shift(at_hour(8), at_hour(12)), Shift(at_hour(16), at_hour(20))
NIGHT = Shift(at_hour(22), at_hour(6, on=TODAY + DAY))
TOMORROW = Shift(at_hour(8, on=TODAY + DAY), at_hour(16, on=TODAY + DAY))


def quarters(first: datetime, last: datetime) -> list[datetime]:
    """Every quarter of an hour from *first* to before *last*."""
    return [first + n * 15 * MINUTE for n in range((last - first) // (15 * MINUTE))]


@pytest.mark.parametrize(
    ("at", "shifts", "expected"),
    [
        # on a date with parts all time outside them, gaps included
        (at_hour(7, 59), [MORNING, EVENING], (1, "overtime")),
        (at_hour(8), [MORNING, EVENING], (4, "")),
        (at_hour(11, 30), [MORNING, EVENING], (4, "")),  # the last hour is that of the day's last part
        (at_hour(12), [MORNING, EVENING], (1, "overtime")),
        (at_hour(15, 59), [MORNING, EVENING], (1, "overtime")),
        (at_hour(16), [MORNING, EVENING], (4, "")),
        (at_hour(19), [MORNING, EVENING], (2, "late")),
        (at_hour(20), [MORNING, EVENING], (1, "overtime")),
        # a part belongs to the date on which it begins, after midnight too
        (at_hour(21, 59), [NIGHT], (1, "overtime")),
        (at_hour(4, 59, on=TODAY + DAY), [NIGHT], (2, "night")),
        (at_hour(6, on=TODAY + DAY), [NIGHT], (1, "overtime")),
        (at_hour(16, 59, on=TODAY + DAY), [NIGHT], (1, "overtime")),
        (at_hour(17, on=TODAY + DAY), [NIGHT], (4, "")),
        # until 11 hours lie between two days the second begins mild
        (at_hour(8, on=TODAY + DAY), [Shift(at_hour(14), at_hour(22)), TOMORROW], (1, "daily_rest")),
        (at_hour(9, on=TODAY + DAY), [Shift(at_hour(14), at_hour(22)), TOMORROW], (4, "")),
        (at_hour(8, on=TODAY + DAY), [EVENING, TOMORROW], (4, "")),
        # a short part: all of it is the last hour
        (at_hour(11, 45), [Shift(at_hour(12), at_hour(12, 30))], (1, "overtime")),
        (at_hour(12), [Shift(at_hour(12), at_hour(12, 30))], (2, "late")),
    ],
)
def test_parts_of_a_day(at: datetime, shifts: list[Shift], expected: tuple[int, str]) -> None:
    assert most(at, shifts=shifts) == expected


@pytest.mark.parametrize(
    ("at", "shown", "shifts", "expected"),
    [
        # without a plan: eight hours from the first work after 11 hours without any, the last of them milder
        (at_hour(14, 59), quarters(at_hour(8), at_hour(15)), [], (4, "")),
        (at_hour(15), quarters(at_hour(8), at_hour(15)), [], (2, "late")),
        (at_hour(16), quarters(at_hour(8), at_hour(16)), [], (1, "overtime")),
        (
            at_hour(18),
            quarters(at_hour(8), at_hour(12)),
            [],
            (1, "overtime"),
        ),  # a pause of six hours ends nothing
        (at_hour(21, 59), quarters(at_hour(8), at_hour(11)), [], (1, "overtime")),
        (at_hour(21, 59), quarters(at_hour(8), at_hour(10, 45)), [], (4, "")),  # eleven hours without any
        # midnight ends nothing
        (
            at_hour(6, 30, on=TODAY + DAY),
            quarters(at_hour(20), at_hour(4, on=TODAY + DAY)),
            [],
            (1, "overtime"),
        ),
        (
            at_hour(15, on=TODAY + DAY),
            quarters(at_hour(20), at_hour(4, on=TODAY + DAY)),
            [],
            (4, ""),
        ),
        # work that goes on after a plan: until there were 11 hours without any
        (
            at_hour(6, 30, on=TODAY + DAY),
            quarters(at_hour(8), at_hour(5, on=TODAY + DAY)),
            [SHIFT],
            (1, "overtime"),
        ),
        # … and the next planned day begins when they have passed
        (
            at_hour(9, on=TODAY + DAY),
            quarters(at_hour(8), at_hour(23)),
            [SHIFT, TOMORROW],
            (1, "daily_rest"),
        ),
        (at_hour(10, on=TODAY + DAY), quarters(at_hour(8), at_hour(23)), [SHIFT, TOMORROW], (4, "")),
        (
            at_hour(11, 59, on=TODAY + DAY),
            quarters(at_hour(8), at_hour(1, on=TODAY + DAY)),
            [SHIFT, TOMORROW],
            (1, "daily_rest"),
        ),
        # what was done outside the parts of the same date is no day before
        (at_hour(9), quarters(at_hour(6), at_hour(7)), [SHIFT], (4, "")),
    ],
)
def test_what_was_done_counts_as_a_shift(
    at: datetime, shown: list[datetime], shifts: list[Shift], expected: tuple[int, str]
) -> None:
    assert most(at, shown_in=shown, shifts=shifts) == expected


def test_without_a_planned_shift_there_is_neither() -> None:
    assert most(at_hour(15, 30)) == (4, "")


@pytest.mark.parametrize(
    ("severe_on", "expected"),
    [
        (ago(1, 2), (4, "")),
        (ago(1, 2, 3), (2, "severe_days_run")),  # three in a row
        (ago(2, 3, 4), (4, "")),  # not in a row with today
        (ago(1, 3, 5), (4, "")),  # three of six
        (ago(1, 3, 4, 6), (2, "severe_days_7")),  # four of any seven
        (ago(1, 3, 4, 7), (4, "")),  # the seventh day before is another seven
        (frozenset({TODAY}), (4, "")),  # today's own do not close today
    ],
)
def test_four_days_of_any_seven_and_three_in_a_row(
    severe_on: frozenset[date], expected: tuple[int, str]
) -> None:
    assert most(severe_on=severe_on) == expected


def test_four_of_seven_lift_at_the_midnight_that_leaves_three() -> None:
    found = closing(caps(severe_on=ago(1, 2, 4, 5)), severity=3, at=T0)
    assert found is not None
    assert found.ends_at == at_hour(0, on=TODAY + 2 * DAY)


def test_severity_4_in_three_weeks_leaves_the_fourth_without() -> None:
    three = ago(7, 14, 21)  # their Mondays
    assert weeks_in_row(three, TODAY) == 3
    found = closing(caps(extreme_weeks=three), severity=4, at=T0)
    assert found is not None
    assert (found.name, found.most, found.ends_at) == ("extreme_weeks", 3, at_hour(0, on=TODAY + 7 * DAY))
    assert most(extreme_weeks=ago(7, 14)) == (4, "")
    assert most(extreme_weeks=ago(14, 21, 28)) == (4, "")  # last week was without
    assert weeks_in_row(ago(0, 14), TODAY) == 0  # this week is not over


def test_of_a_new_starter_the_ramp_caps_until_week_9() -> None:
    began: dict[str, Any] = {"began_on": TODAY}
    assert most(**began) == (2, "starter")
    assert most(began_on=TODAY - 13 * DAY) == (2, "starter")
    assert most(began_on=TODAY - 14 * DAY) == (3, "starter")
    assert most(began_on=TODAY - 55 * DAY) == (3, "starter")
    assert most(began_on=TODAY - 56 * DAY) == (4, "")


def test_before_the_walk_a_new_starter_is_handed_nothing() -> None:
    new: dict[str, Any] = {"began_on": TODAY, "is_starter": True, "is_introduced": False}
    assert most(**new) == (-1, "introduction")
    assert closing(caps(**new), severity=0, at=T0) is not None


def test_severity_4_needs_an_agreement() -> None:
    assert most(agreed_at=None) == (3, "agreement")
    assert most(agreed_at=T0 + SECOND) == (3, "agreement")
    assert most(agreed_at=T0) == (4, "")


def test_of_nobody_neither_ramp_nor_agreement_is_asked() -> None:
    assert most(is_known=False, agreed_at=None, began_on=None) == (4, "")


def order(kind: str, from_on: date, until_on: date) -> Ordered:
    return Ordered(kind, from_on, until_on, T0 - DAY, "wim")


def test_a_rest_day_leaves_nothing_and_a_lighter_queue_severity_1() -> None:
    assert most(ordered=[order("rest_day", TODAY, TODAY)]) == (-1, "rest_day")
    assert most(ordered=[order("lighter_queue", TODAY - DAY, TODAY)]) == (1, "lighter_queue")
    assert most(ordered=[order("lighter_queue", TODAY + DAY, TODAY + DAY)]) == (4, "")


def test_a_rest_day_of_tomorrow_is_seen_coming() -> None:
    found = caps(ordered=[order("rest_day", TODAY + DAY, TODAY + DAY)], limits={"night_severity": 4})
    assert time_until(found, severity=0, at=T0) == at_hour(0, on=TODAY + DAY) - T0


def test_an_order_for_today_holds_from_when_it_was_given() -> None:
    later = Ordered("lighter_queue", TODAY, TODAY, T0 + HOUR, "wim")
    assert most(T0, ordered=[later]) == (4, "")
    assert most(T0 + HOUR, ordered=[later]) == (1, "lighter_queue")


def test_the_day_after_a_red_streak_is_light() -> None:
    assert most(heavy_red_on=TODAY - DAY) == (1, "heavy_streak")
    assert most(heavy_red_on=TODAY) == (4, "")
    # days off are no day of lighter work: the next worked one is
    assert most(heavy_red_on=TODAY - 9 * DAY) == (1, "heavy_streak")
    assert most(heavy_red_on=TODAY - 9 * DAY, worked_on=ago(9, 0)) == (1, "heavy_streak")
    assert most(heavy_red_on=TODAY - 9 * DAY, worked_on=ago(9, 1, 0)) == (4, "")


def test_the_hard_stop_leaves_severity_0_until_midnight() -> None:
    stop = {"stop_minute": 16 * 60}
    assert most(at_hour(15, 59), limits=stop) == (4, "")
    assert most(at_hour(16), limits=stop) == (0, "stop")
    assert most(at_hour(0, on=TODAY + DAY), limits=stop)[1] == "night"


def test_what_is_coming_is_told_as_a_time() -> None:
    assert time_until(caps(at_hour(21, 57)), severity=3, at=at_hour(21, 57)) == 3 * MINUTE
    assert time_until(caps(at_hour(21, 57)), severity=2, at=at_hour(21, 57)) is None


def test_a_refusal_says_whose_rule_it_is() -> None:
    limits = dict(in_force()) | {
        "night_severity": InForce("night_severity", 1, "team", T0 - DAY, "dana", "", "7")
    }
    reached = next(
        cap.reached()
        for cap in caps_of(who(at_hour(22)), limits)
        if cap.name == "night" and cap.holds(at_hour(22))
    )
    assert (reached.most, reached.scope, reached.set_by, reached.since) == (1, "team", "dana", T0 - DAY)
