"""Shares of the limits: of new starters, after 14 days away, after a red flag; each edge by a day.

Guards taken away, each seen red: the half of the first two weeks, the least of several shares.
"""

from datetime import date, timedelta

import pytest

from tests.cast import T0
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.core.rules.ramp import (
    Share,
    percent_after,
    percent_in_week,
    shared,
    shares_of_starter,
    week_of,
)
from wellbeing.core.rules.scopes import InForce

TODAY = date(2026, 11, 23)
LIMITS = {name: InForce(name, value, "ceiling") for name, value in DEFAULT_PRESET.items()}


@pytest.mark.parametrize(
    ("days", "week", "percent"),
    [
        (0, 1, 0),
        (13, 2, 0),
        (14, 3, 25),
        (27, 4, 25),
        (28, 5, 50),
        (41, 6, 50),
        (42, 7, 75),
        (55, 8, 75),
        (56, 9, 100),
        (-3, 1, 0),  # a beginning that is yet to come
    ],
)
def test_a_new_starter_has_more_every_two_weeks(days: int, week: int, percent: int) -> None:
    assert week_of(TODAY - timedelta(days=days), on=TODAY) == week
    assert percent_in_week(week) == percent


@pytest.mark.parametrize(("days", "percent"), [(0, 50), (6, 50), (7, 75), (13, 75), (14, 100)])
def test_a_return_and_a_red_flag_take_two_weeks(days: int, percent: int) -> None:
    assert percent_after(days) == percent


def test_the_first_two_weeks_have_nothing_severe_and_half_of_the_rest() -> None:
    found = shared(LIMITS, shares_of_starter(TODAY, on=TODAY, since=T0))
    assert {
        name: found[name].value for name in ("seconds_1", "seconds_3", "seconds_4", "cases_3", "cases_4")
    } == {
        "seconds_1": 120 * 60,
        "seconds_3": 0,
        "seconds_4": 0,
        "cases_3": 0,
        "cases_4": 0,
    }
    assert (found["seconds_3"].scope, found["seconds_3"].since) == ("starter", T0)


def test_of_several_shares_the_least_holds_and_none_multiplies_another() -> None:
    found = shared(LIMITS, [Share(75, "red_flag", T0), Share(50, "returned", T0)])
    assert (found["seconds_3"].value, found["seconds_3"].scope) == (60 * 60, "returned")
    assert found["seconds_1"] == LIMITS["seconds_1"]


def test_a_whole_share_leaves_the_limit_and_whose_it_is() -> None:
    assert shared(LIMITS, [Share(100, "starter", T0)]) == LIMITS
