"""The simulation: the same for the same seed, and checked by a checker that finds what breaks a rule."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.simulation import checker
from benchmarks.simulation.figures import Figures, gini
from benchmarks.simulation.people import LONG_AGO, Worker, staff
from benchmarks.simulation.record import Look, Record, Rest, Worked
from benchmarks.simulation.run import Site, run_respite, sites_of
from benchmarks.simulation.run import both as both_floors
from benchmarks.simulation.streams import BEGINS_AT, DUPLICATES, arrivals

pytestmark = pytest.mark.any_database

T = BEGINS_AT + timedelta(hours=9)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEGAN = BEGINS_AT.date()
KEYS = {
    "answered_share",
    "gini_severe_minutes_eligible",
    "longest_severe_run_avoidable",
    "severe_minutes_per_item",
    "severe_items_left_share",
    "decisions",
    "violations",
    "severe_minutes_per_decision",
    "gini_severe_minutes",
    "longest_severe_run",
    "due_met_share",
    "paid_idle_hours",
}


def a_worker(began_on: date = LONG_AGO, *, agreed: bool = True) -> Worker:
    return Worker(0, "UTC", "day", began_on, agreed, ("mixed",))


def a_shift(at: datetime = T, *, hours: float = 8, stays: timedelta = timedelta(0)) -> Worked:
    ends_at = at + hours * HOUR
    return Worked(0, at, ends_at, ends_at + stays)


def looks(
    count: int,
    severity: int,
    *,
    at: datetime = T,
    seconds: float = 10,
    every: timedelta = MINUTE,
    category: str = "",
    level: str = "grey",
) -> list[Look]:
    """Return looks one after the other; of a category each of its own unless told."""
    return [
        Look(
            0,
            number,
            category or f"C{number}",
            severity,
            level,
            False,
            at + number * every,
            at + number * every + seconds * SECOND,
        )
        for number in range(count)
    ]


def rests(*, every: timedelta, lasts: timedelta, at: datetime = T, count: int = 9) -> list[Rest]:
    starts = [at + (number + 1) * every + number * lasts for number in range(count)]
    return [Rest(0, "work", start, start + lasts) for start in starts]


def found(
    shown: Sequence[Look],
    *,
    rested: Sequence[Rest] = (),
    worked: Sequence[Worked] | None = None,
    worker: Worker | None = None,
) -> set[str]:
    record = Record(looks=list(shown), rests=list(rested), worked=list(worked or [a_shift()]))
    return {one.rule for one in checker.violations(record, [worker or a_worker()])}


Planted = Callable[[], set[str]]


def on_days(days: Sequence[int], severity: int) -> set[str]:
    shown = [look for day in days for look in looks(5, severity, at=T + day * DAY, every=10 * MINUTE)]
    return found(shown, worked=[a_shift(T + day * DAY) for day in days])


def heavy_days() -> set[str]:
    """Four days of 200 points, every ten minutes a rest, and on the fifth something distressing."""
    shown, rested = [], []
    for day in range(4):
        for block in range(10):
            at = T + day * DAY + block * 45 * MINUTE
            shown += looks(1, 3, at=at, seconds=590, level="colour") + looks(
                1, 2, at=at + 12 * MINUTE, seconds=590, level="colour"
            )
            rested.append(Rest(0, "break", at + 25 * MINUTE, at + 40 * MINUTE))
    shown += looks(1, 2, at=T + 4 * DAY)
    return found(shown, rested=rested, worked=[a_shift(T + day * DAY, hours=10) for day in range(5)])


PLANTED: dict[str, Planted] = {
    # 25 looks of 600 s, each after a rest: 250 min at severity 1
    "minutes a day at 1+": lambda: found(
        looks(25, 1, seconds=600, every=15 * MINUTE), worked=[a_shift(hours=10)]
    ),
    "looked after the minutes at 3+": lambda: found(
        looks(12, 3, seconds=600, every=20 * MINUTE) + looks(1, 4, seconds=3, at=T + 5 * HOUR)
    ),
    "minutes a day at 3+": lambda: found(looks(13, 3, seconds=600, every=20 * MINUTE)),
    "minutes a day at 4+": lambda: found(looks(4, 4, seconds=600, every=20 * MINUTE)),
    "cases a day at 3": lambda: found(looks(151, 3, seconds=2)),
    "cases a day at 4": lambda: found(looks(61, 4, seconds=2)),
    "looked after the cases at 3": lambda: found(looks(150, 3, seconds=2) + looks(1, 4, at=T + 6 * HOUR)),
    "load of a day": lambda: found(looks(61, 2, seconds=600, every=11 * MINUTE, level="colour")),
    "load of 7 days": lambda: found(
        [
            look
            for day in range(7)
            for look in looks(38, 2, at=T + day * DAY, seconds=600, every=11 * MINUTE, level="colour")
        ],
        worked=[a_shift(T + day * DAY) for day in range(7)],
    ),
    "load of 28 days": lambda: found(
        [
            look
            for day in range(28)
            for look in looks(36, 2, at=T + day * DAY, seconds=600, every=11 * MINUTE, level="colour")
        ],
        worked=[a_shift(T + day * DAY) for day in range(28)],
    ),
    "load since the last break": lambda: found(looks(7, 2, seconds=590, every=10 * MINUTE, level="colour")),
    "night": lambda: found(looks(1, 3, at=T + 13 * HOUR), worked=[a_shift(T + 10 * HOUR)]),
    "last hour of a shift": lambda: found(looks(1, 3, at=T + 7.5 * HOUR)),
    "beyond the shift": lambda: found(looks(1, 2, at=T + 8.2 * HOUR), worked=[a_shift(stays=HOUR)]),
    "days of 7": lambda: on_days((0, 1, 3, 4, 6), 3),
    "days in a row": lambda: on_days((0, 1, 2, 3), 3),
    "weeks in a row": lambda: on_days((0, 7, 14, 21), 4),
    "day after a red streak": heavy_days,
    "break after work": lambda: found(looks(2, 0, every=51 * MINUTE)),
    # a rest of nine minutes is none; of three breaks the third is fifteen minutes long
    "a break shorter than its row": lambda: found([], rested=rests(every=40 * MINUTE, lasts=9 * MINUTE)),
    "a rest that should have been the break": lambda: found(
        looks(2, 4, at=T + 41 * MINUTE, every=5 * MINUTE),
        rested=[Rest(0, "colour", T + 42 * MINUTE, T + 45 * MINUTE)],
    ),
    "break after severity 3": lambda: found(looks(3, 3, seconds=560, every=10 * MINUTE)),
    "break after severity 4": lambda: found(looks(2, 4, seconds=400, every=10 * MINUTE)),
    "rest after severity 4": lambda: found(looks(2, 4, every=2 * MINUTE)),
    "rest after three of severity 4": lambda: found(looks(4, 4, every=4 * MINUTE)),
    "new starter": lambda: found(looks(1, 3), worker=a_worker(BEGAN)),
    "no agreement": lambda: found(looks(1, 4), worker=a_worker(agreed=False)),
    "opted out": lambda: found(
        looks(1, 2, category="HATE"),
        worker=Worker(0, "UTC", "day", LONG_AGO, True, ("mixed",), frozenset({("category", "HATE")})),
    ),
    "before 11 hours of rest": lambda: found(
        looks(1, 2, at=T + 18.75 * HOUR), worked=[a_shift(), a_shift(T + 18.5 * HOUR)]
    ),
}
"""A day's work, or several, that break the rule of this name and no matter what else."""


@pytest.mark.parametrize("rule", PLANTED)
def test_the_checker_finds_what_was_planted(rule: str) -> None:
    assert rule in PLANTED[rule]()


HARMLESS: dict[str, Planted] = {
    "a day of mild pictures with breaks": lambda: (
        found(looks(200, 1, every=2 * MINUTE), rested=[]) - {"break after work", "long break"}
    ),
    "a severe case in the morning": lambda: found(looks(1, 3)),
    "the first case after eight weeks": lambda: found(
        looks(1, 4), worker=a_worker(BEGAN - timedelta(weeks=8))
    ),
    "a mild case beyond the shift": lambda: found(
        looks(1, 1, at=T + 1.6 * HOUR),
        rested=rests(every=30 * MINUTE, lasts=15 * MINUTE, count=2),
        worked=[a_shift(hours=1.5, stays=HOUR)],
    ),
    "four severe days of seven": lambda: on_days((0, 1, 3, 4), 3),
    "three weeks with severity 4": lambda: on_days((0, 7, 14, 28), 4),
    "eleven hours": lambda: found(looks(1, 2, at=T + 19 * HOUR), worked=[a_shift(), a_shift(T + 19 * HOUR)]),
    "a mild case before eleven hours": lambda: found(
        looks(1, 1, at=T + 18.5 * HOUR), worked=[a_shift(), a_shift(T + 18.5 * HOUR)]
    ),
    "two breaks of ten minutes and one of fifteen": lambda: found(
        [],
        rested=[
            *rests(every=40 * MINUTE, lasts=10 * MINUTE, count=2),
            *rests(every=40 * MINUTE, lasts=15 * MINUTE, at=T + 100 * MINUTE, count=1),
            *rests(every=40 * MINUTE, lasts=10 * MINUTE, at=T + 155 * MINUTE, count=2),
        ],
    ),
    "nine seconds of severity 4": lambda: found(looks(9, 4, seconds=9)),
    "a third time three of severity 4": lambda: (
        found(
            [
                look
                for minute in (0, 24, 48)
                for look in looks(4, 4, at=T + minute * MINUTE, every=4 * MINUTE)[: 3 if minute < 48 else 4]
            ]
        )
        - {"break after work"}
    ),
    "ten minutes of work after a rest, though fifty are full": lambda: found(
        looks(1, 0, at=T + 46 * MINUTE) + looks(1, 0, at=T + 48 * MINUTE),
        rested=[Rest(0, "colour", T + 39 * MINUTE, T + 42 * MINUTE)],
    ),
    "49 minutes, a rest of ten, 49 minutes": lambda: found(
        looks(2, 0, every=49 * MINUTE) + looks(1, 0, at=T + 100 * MINUTE),
        rested=[Rest(0, "break", T + 49.5 * MINUTE, T + 59.5 * MINUTE)],
    ),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_the_checker_lets_alone_what_breaks_nothing(what: str) -> None:
    assert HARMLESS[what]() == set()


def test_a_returning_person_has_half_of_the_limits() -> None:
    """75 cases, not 150, in the first week after 14 days away."""
    away = [a_shift(), a_shift(T + 15 * DAY)]
    assert "cases a day at 3" in found(looks(76, 3, at=T + 15 * DAY, seconds=2), worked=away)
    assert "cases a day at 3" not in found(looks(75, 3, at=T + 15 * DAY, seconds=2), worked=away)


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    first, again, other = (both_floors(people=8, days=2, seed=seed, processes=1) for seed in (1, 1, 2))
    assert told(first) == told(again)
    assert told(first) != told(other)
    assert (first["respite"].broken, first["advised"].broken) == ({}, {})
    assert first["ordinary"].violations > 0
    assert first["respite"].decisions > 100


def told(done: Mapping[str, Figures]) -> dict[str, dict[str, float]]:
    return {name: figures.told() for name, figures in done.items()}


def test_one_item_in_five_repeats_what_came_within_a_day() -> None:
    items = list(arrivals(people=20, days=3, seed=1))
    first_at = {item.number: item.arrives_at for item in items}
    again = [item for item in items if item.case != item.number]
    assert abs(len(again) / len(items) - DUPLICATES) < 0.02
    assert all(item.arrives_at - first_at[item.case] < 2 * DAY for item in again)
    assert [item.arrives_at for item in items] == sorted(first_at.values())


def test_nobody_holds_two_cases_and_no_case_is_decided_twice() -> None:
    site = Site(0, 10, 2, 5)
    record = run_respite(site, staff(people=10, seed=site.salt))
    assert len({look.case for look in record.looks}) == len(record.looks)
    both: list[Look | Rest] = [*record.looks, *record.rests]
    for person in range(10):
        mine = sorted((one for one in both if one.person == person), key=lambda one: one.begins_at)
        assert all(before.ends_at <= after.begins_at for before, after in pairwise(mine))


def test_people_are_divided_among_sites() -> None:
    assert [site.people for site in sites_of(people=250, days=1, seed=1)] == [84, 83, 83]
    assert [site.people for site in sites_of(people=10, days=1, seed=1)] == [10]


def test_gini() -> None:
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([]) == 0


def test_json_is_one_object_with_both_floors() -> None:
    command = [sys.executable, "-m", "benchmarks.shift_simulation", "--json", "--people", "4", "--days", "1"]
    root = Path(__file__).resolve().parents[2]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=120)
    told = json.loads(ran.stdout)
    assert set(told) == {"ordinary", "respite", "advised"}
    assert all(set(figures) == KEYS for figures in told.values())


def long_look(unheard: timedelta = timedelta(0)) -> set[str]:
    """Show something distressing for 55 min without a rest, of it *unheard* in the end."""
    (look,) = looks(1, 2, seconds=55 * 60)
    return found([look._replace(unheard=unheard)])


def test_the_checker_lets_stand_what_counts_although_nobody_was_heard_of() -> None:
    assert "break after work" in long_look()
    assert "break after work" not in long_look(5 * MINUTE)


def test_what_was_not_heard_of_counts_towards_what_comes_after_it() -> None:
    first, second = looks(2, 2, seconds=55 * 60, every=55 * MINUTE)
    assert "break after work" in found(
        [first._replace(unheard=5 * MINUTE), second._replace(ends_at=second.begins_at + 10 * SECOND)]
    )
