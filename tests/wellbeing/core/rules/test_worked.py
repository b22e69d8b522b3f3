"""Which dates and weeks count. Seen red with any time and any case in place of the least, and with days for weeks."""

from datetime import date, timedelta

import pytest

from wellbeing.core.rules.limits import Spent
from wellbeing.core.rules.ramp import percent_after_red
from wellbeing.core.rules.worked import extreme_weeks, first_worked_after, severe_dates, worked_dates

pytestmark = pytest.mark.any_database

MONDAY = date(2026, 11, 23)
MINUTE_MS = 60_000


def ago(*days: int) -> frozenset[date]:
    return frozenset(MONDAY - timedelta(days=n) for n in days)


@pytest.mark.parametrize(
    ("shown", "counts"),
    [
        ({3: Spent(2 * MINUTE_MS - 1, 2)}, False),
        ({3: Spent(2 * MINUTE_MS, 1)}, True),
        ({3: Spent(1, 3)}, True),
        ({3: Spent(MINUTE_MS, 1), 4: Spent(MINUTE_MS, 1)}, True),  # 3 and 4 together
        ({3: Spent(1, 1), 4: Spent(1, 2)}, True),
        ({2: Spent(99 * MINUTE_MS, 99)}, False),
    ],
)
def test_a_day_with_severity_3_and_up(shown: dict[int, Spent], counts: bool) -> None:
    found = severe_dates({(MONDAY, severity): spent for severity, spent in shown.items()})
    assert found == ({MONDAY} if counts else frozenset())


@pytest.mark.parametrize(
    ("shown", "counts"),
    [
        ({0: Spent(5 * MINUTE_MS - 1, 4)}, False),
        ({0: Spent(5 * MINUTE_MS, 1)}, True),
        ({0: Spent(1, 5)}, True),
        ({0: Spent(1, 2), 6: Spent(1, 3)}, True),  # Monday and Sunday of one week
        ({0: Spent(1, 2), 7: Spent(1, 3)}, False),  # two weeks
    ],
)
def test_a_week_with_severity_4(shown: dict[int, Spent], counts: bool) -> None:
    dates = {(MONDAY + timedelta(days=n), 4): spent for n, spent in shown.items()}
    assert extreme_weeks(dates) == ({MONDAY} if counts else frozenset())
    assert not extreme_weeks({(on, 3): spent for (on, _), spent in dates.items()})


def test_a_worked_day_is_one_on_which_anything_was_shown() -> None:
    dates = {(MONDAY, 0): Spent(1, 0), (MONDAY - timedelta(days=1), 4): Spent(0, 0)}
    assert worked_dates(dates) == {MONDAY}


def test_the_first_worked_day_after_another() -> None:
    friday = MONDAY - timedelta(days=3)
    assert first_worked_after(friday, ago(3, 0), today=MONDAY) == MONDAY
    assert first_worked_after(friday, ago(3, 1, 0), today=MONDAY) == MONDAY - timedelta(days=1)
    assert first_worked_after(friday, ago(3), today=MONDAY) == MONDAY
    assert first_worked_after(MONDAY, ago(0), today=MONDAY) == MONDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("red", "worked_on", "percent"),
    [
        (0, ago(0), 50),  # on the very day
        (1, ago(1), 50),
        (10, ago(10), 50),  # nine days off: nothing of it has run
        (10, ago(10, 6, 5), 50),
        (10, ago(10, 7), 75),  # the eighth day since the first worked one
        (20, ago(20, 13), 75),
        (20, ago(20, 14), 100),
    ],
)
def test_the_share_after_a_red_flag_runs_from_the_first_worked_day(
    red: int, worked_on: frozenset[date], percent: int
) -> None:
    """Seen red with the days since the flag itself."""
    assert percent_after_red(MONDAY - timedelta(days=red), worked_on, today=MONDAY) == percent
