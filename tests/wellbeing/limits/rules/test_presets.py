"""The four presets as WELLBEING.md has them, and what of them a ceiling leaves."""

from collections.abc import Mapping

import pytest

from wellbeing.core.rules.names import FOR_TEAMS, bounds_of, is_looser
from wellbeing.limits.rules.presets import NAMED, PRESETS, above_ceiling, values_under

pytestmark = pytest.mark.any_database

DEFAULT = PRESETS["default"]


@pytest.mark.parametrize(
    ("preset", "name", "value"),
    [
        ("default", "seconds_1", 240 * 60),
        ("default", "cases_4", 60),
        ("default", "stop_minute", 24 * 60),  # no hard stop
        # A hotline has four hours, also at severity 3 and up, two of them at severity 4, a hard stop and no overtime.
        ("specialist", "seconds_1", 240 * 60),
        ("specialist", "seconds_3", 240 * 60),
        ("specialist", "seconds_4", 120 * 60),
        ("specialist", "cases_4", 400),
        ("specialist", "work_seconds", 50 * 60),
        ("specialist", "work_rest_seconds", 10 * 60),
        ("specialist", "severe_seconds", 24 * 3600),  # no block of its own
        ("specialist", "extreme_seconds", 20 * 60),
        ("specialist", "colour_rest_seconds", 60),
        ("specialist", "late_seconds", 0),
        ("specialist", "stop_minute", 16 * 60),
        ("specialist", "overtime_severity", 0),
        ("specialist", "cases_3", 150),  # not named, so as in default
        # Volunteers have an hour, a quarter of it at severity 3, and no severity 4.
        ("volunteer", "seconds_1", 60 * 60),
        ("volunteer", "seconds_3", 15 * 60),
        ("volunteer", "seconds_4", 0),
        ("volunteer", "cases_4", 0),
        # Who is new has half an hour at severity 3, none at 4, and mild nights.
        ("starter", "seconds_1", 120 * 60),
        ("starter", "seconds_3", 30 * 60),
        ("starter", "cases_3", 150),
        ("starter", "seconds_4", 0),
        ("starter", "cases_4", 0),
        ("starter", "night_severity", 1),
    ],
)
def test_what_the_presets_say(preset: str, name: str, value: int):
    assert PRESETS[preset][name] == value


def test_every_preset_has_a_possible_value_for_every_limit_of_a_team():
    for values in PRESETS.values():
        assert list(values) == list(FOR_TEAMS)
        assert all(bounds_of(name).hold(value) for name, value in values.items())


def test_only_the_specialist_needs_a_raised_ceiling():
    assert {preset for preset in PRESETS if above_ceiling(preset, DEFAULT)} == {"specialist"}
    same = {"seconds_1", "stop_minute", "overtime_severity"}
    assert set(above_ceiling("specialist", DEFAULT)) == set(NAMED["specialist"]) - same


WEIGHT = {1: 0.25, 2: 1, 3: 2, 4: 4}


def heaviest_day(limits: Mapping[str, int], *, worst: int) -> float:
    """Return the points of a day at P = 1 in which all minutes and cases of severity 3 and up are used, the base with them.

    What is left of the minutes at 1 and up goes to severity 2, in cases of half a minute. ``worst``: 3 on a day without 4.
    """
    extreme = limits["seconds_4"] / 60 if worst == 4 else 0
    severe = limits["seconds_3"] / 60 - extreme
    rest = (limits["seconds_1"] - limits["seconds_3"]) / 60
    bases = limits["cases_3"] * WEIGHT[3] + rest * 2 * WEIGHT[2]
    bases += limits["cases_4"] * WEIGHT[4] if worst == 4 else 0
    return extreme * WEIGHT[4] + severe * WEIGHT[3] + rest * WEIGHT[2] + bases * 10 / 60


def mild_day(limits: Mapping[str, int]) -> float:
    """Return the same of a day without severity 3, in cases of half a minute."""
    return limits["seconds_1"] / 60 * WEIGHT[2] * (1 + 2 * 10 / 60)


def test_a_specialist_reaches_minutes_and_cases_before_any_load():
    limits = PRESETS["specialist"]
    days = limits["severe_days_7"]
    week, off_week = (
        days * heaviest_day(limits, worst=worst) + (7 - days) * mild_day(limits) for worst in (4, 3)
    )
    assert heaviest_day(limits, worst=4) < limits["load_day_red"]
    assert week < limits["load_week_red"]
    assert limits["extreme_weeks"] * week + off_week < limits["load_month_red"]


def test_a_specialist_reaches_the_block_at_4_before_the_load_of_a_block():
    """20 minutes at 4 in cases of 9 s and the rest of the 50 at 3, all in full-screen colour with sound."""
    limits = PRESETS["specialist"]
    clearest = 1.1 * 1.3
    extreme, severe = limits["extreme_seconds"], limits["work_seconds"] - limits["extreme_seconds"]
    points = sum(weight * (shown + shown / 9 * 10) / 60 for weight, shown in ((4, extreme), (2, severe)))
    assert points * clearest < limits["load_block_red"]


@pytest.mark.parametrize("preset", PRESETS)
def test_what_a_preset_only_shares_follows_a_tighter_ceiling(preset: str):
    tighter = {**DEFAULT, "work_seconds": 40 * 60, "work_rest_seconds": 12 * 60}
    values = values_under(preset, tighter)
    assert (values["work_seconds"], values["work_rest_seconds"]) == (40 * 60, 12 * 60)
    assert not any(
        is_looser(name, value, tighter[name]) for name, value in values.items() if name not in NAMED[preset]
    )


def test_what_a_preset_names_is_never_bent():
    tighter = {**DEFAULT, "seconds_1": 30 * 60}
    assert values_under("volunteer", tighter)["seconds_1"] == 60 * 60
    assert above_ceiling("volunteer", tighter) == {"seconds_1": 60 * 60}
