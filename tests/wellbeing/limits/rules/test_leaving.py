"""What limits leave to do: of limits, days and caps alone."""

import pytest

from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.limits.rules.leaving import leaves

pytestmark = pytest.mark.any_database

SHIPPED = dict(DEFAULT_PRESET)
MINUTE = 60


@pytest.mark.parametrize(
    ("severity", "changed", "day", "week"),
    [
        # as shipped: four hours on five days
        (1, {}, 240, 1200),
        # two hours on 4 days of seven
        (3, {}, 120, 480),
        # half an hour on 4 days, in 3 weeks of 4
        (4, {}, 30, 90),
        # what is milder is never less than what is worse
        (4, {"seconds_3": 20 * MINUTE}, 20, 60),
        (3, {"seconds_1": 60 * MINUTE}, 60, 240),
        # days in a row: one, then one without, is half of all days
        (3, {"severe_days_run": 1}, 120, 420),
        # nobody works on more than five days for it; before that the load of 28 days is full
        (3, {"severe_days_7": 7, "severe_days_run": 7, "load_month_red": 90_000}, 120, 600),
        (3, {"severe_days_7": 7, "severe_days_run": 7, "load_month_red": 4_200}, 120, 525),
        # a milder end of the shift, and breaks: 7 hours of 25 minutes in 35
        (3, {"seconds_3": 480 * MINUTE, "seconds_1": 480 * MINUTE, "load_day_red": 9000, "load_week_red": 9000,
             "load_month_red": 90000}, 300, 1200),
        # the same without a milder end
        (3, {"seconds_3": 480 * MINUTE, "seconds_1": 480 * MINUTE, "load_day_red": 9000, "load_week_red": 9000,
             "load_month_red": 90000, "late_seconds": 0}, 342, 1371),
        # load: a point is a minute of severity 2, of 4 a quarter of one
        (4, {"load_day_red": 60}, 15, 45),
        (4, {"load_week_red": 200}, 30, 50),
        (4, {"load_month_red": 800}, 30, 50),
        # a stop before any work
        (1, {"stop_minute": 0}, 0, 0),
        # closed: by minutes, by cases (3 closes 4 too), by days, by weeks
        (4, {"seconds_4": 0}, 0, 0),
        (4, {"cases_3": 0}, 0, 0),
        (3, {"cases_4": 0}, 120, 480),
        (3, {"severe_days_7": 0}, 0, 0),
        (3, {"severe_days_run": 0}, 0, 0),
        (4, {"extreme_weeks": 0}, 0, 0),
        (1, {"severe_days_7": 0}, 240, 1200),
    ],
)  # fmt: skip
def test_what_limits_leave(severity: int, changed: dict[str, int], day: int, week: int) -> None:
    found = leaves(SHIPPED | changed, severity=severity)
    assert (found.day_seconds // MINUTE, found.week_seconds // MINUTE) == (day, week)


def test_cases_stand_beside_the_minutes_where_they_are_limited() -> None:
    assert [leaves(SHIPPED, severity=one).cases for one in (1, 3, 4)] == [None, 150, 60]


def test_what_weighs_nothing_is_bounded_by_no_load() -> None:
    found = leaves(SHIPPED | {"load_day_red": 1}, severity=1, weights={1: 0})
    assert found.day_seconds == 240 * MINUTE
