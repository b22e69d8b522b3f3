"""What a limit would cost, as a table.

Seen red without the greedy order, the rounding and the suppression, with cases of 3 that leave 4 open, and with a closure
that other limits make.
"""

from datetime import timedelta

import pytest

from queues.rules.outlook import Waiting, closed_by, missed, more_would_miss, pools_of
from tests.cast import T0
from wellbeing.core.rules.limits import DEFAULT_PRESET

DAY = timedelta(hours=24)
pytestmark = pytest.mark.any_database


def five(**limits: int) -> list[dict[str, int]]:
    return people(5, **limits)


def people(count: int, **limits: int) -> list[dict[str, int]]:
    return [dict(DEFAULT_PRESET) | limits for _ in range(count)]


def jobs(count: int, *, severity: int = 3, seconds: int = 60, due: timedelta | None = DAY) -> Waiting:
    return Waiting(severity, None if due is None else T0 + due, count, count * seconds)


@pytest.mark.parametrize(
    ("work", "asked", "more"),
    [
        # The example of the module.
        ([jobs(900)], {"seconds_3": 3600}, 300),
        # The same limit again costs nothing; a looser one costs nothing either.
        ([jobs(900)], {}, 0),
        ([jobs(900)], {"seconds_3": 240 * 60}, 0),
        # What fits twice over is not touched.
        ([jobs(100)], {"seconds_3": 3600}, 0),
        # Jobs without a due time can miss nothing.
        ([jobs(900, due=None)], {"seconds_3": 0}, 0),
        # What is overdue has missed before and after.
        ([jobs(900, due=timedelta(0))], {"seconds_3": 0}, 0),
        ([jobs(900, due=-DAY)], {"seconds_3": 0}, 0),
        # A closed severity misses all that fitted, and only what it closes.
        ([jobs(600)], {"seconds_3": 0}, 600),
        ([jobs(600, severity=2)], {"seconds_3": 0}, 0),
        ([jobs(600, severity=4)], {"seconds_4": 0}, 150),
        # No case of 3 is none of 4 either.
        ([jobs(600, severity=4)], {"cases_3": 0}, 150),
        # Half the time before it is due is half the room.
        ([jobs(600, due=DAY / 2)], {"seconds_3": 3600}, 150),
        # Cases count by number, whatever they take.
        ([jobs(750, seconds=1)], {"cases_3": 100}, 250),
        # Severity 2 shares the minutes of severity 1 and up.
        ([jobs(1200, severity=2)], {"seconds_1": 120 * 60}, 600),
        # Severity 0 is bound by the desk alone: 8 h less the rests, of which every third is long.
        ([jobs(2000, severity=0)], {"seconds_1": 0}, 0),
        ([jobs(2000, severity=0)], {"work_seconds": 10 * 60}, 840),
        # A longer rest leaves less.
        ([jobs(2000, severity=0)], {"work_rest_seconds": 50 * 60}, 745),
        # A rest that leaves more than the day's minutes costs nothing.
        ([jobs(600)], {"severe_rest_seconds": 15 * 60}, 0),
    ],
)  # fmt: skip
def test_what_a_limit_would_cost(work: list[Waiting], asked: dict[str, int], more: int) -> None:
    assert more_would_miss(work, now=five(), asked=five(**asked), at=T0) == more


@pytest.mark.parametrize(
    ("name", "value", "from_severity"),
    [
        ("seconds_1", 0, 1),
        ("stop_minute", 0, 1),
        ("seconds_3", 0, 3),
        ("cases_3", 0, 3),
        ("severe_days_7", 0, 3),
        ("seconds_4", 0, 4),
        ("cases_4", 0, 4),
        ("extreme_weeks", 0, 4),
        ("seconds_3", 1, None),
        ("wellness_seconds", 0, None),
    ],
)
def test_what_a_limit_closes_for_everybody(name: str, value: int, from_severity: int | None) -> None:
    assert closed_by(name, value, five(**{name: value})) == from_severity


def test_a_limit_closes_only_what_it_closes_by_itself() -> None:
    assert closed_by("wellness_seconds", 0, five(seconds_4=0, wellness_seconds=0)) is None
    assert closed_by("seconds_4", 0, five(seconds_4=0)[:4] + five()) is None


def test_what_is_due_first_is_done_first() -> None:
    early, late = jobs(100, due=DAY / 4), jobs(500)
    room = pools_of(five())
    assert missed([late, early], room, at=T0) == 0
    assert missed([late, jobs(200, due=DAY / 4)], room, at=T0) == 50 + 50


def test_the_severest_of_equals_is_done_first() -> None:
    mild, severe = jobs(1200, severity=1), jobs(600, severity=3)
    assert missed([mild, severe], pools_of(five()), at=T0) == 600
    assert missed([mild], pools_of(five()), at=T0) == 0


@pytest.mark.parametrize(("count", "told"), [(0, False), (4, False), (5, True), (6, True)])
def test_of_fewer_than_five_people_no_number_is_told(count: int, told: bool) -> None:
    found = more_would_miss([jobs(900)], now=people(count), asked=people(count), at=T0)
    assert (found is not None) is told


def test_capacity_is_rounded_so_that_one_persons_minutes_cannot_be_told() -> None:
    mixed = [*people(4), dict(DEFAULT_PRESET) | {"seconds_3": 119 * 60, "cases_3": 149}]
    assert {pool.a_day % 300 for pool in pools_of(mixed) if not pool.in_cases} == {0}
    assert {pool.a_day % 5 for pool in pools_of(mixed) if pool.in_cases} == {0}


def test_the_order_of_people_and_of_work_makes_no_difference() -> None:
    work = [jobs(40, severity=severity, due=DAY * part / 4) for severity in range(5) for part in (1, 2, 3)]
    staff = [*people(3), *people(2, seconds_3=1800)]
    there = more_would_miss(work, now=staff, asked=five(seconds_1=1800), at=T0)
    back = more_would_miss(work[::-1], now=staff[::-1], asked=five(seconds_1=1800), at=T0)
    assert there == back
