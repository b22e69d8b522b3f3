"""The four presets as WELLBEING.md has them, and what of them a ceiling leaves."""

import pytest

from wellbeing.rules.names import FOR_TEAMS, bounds_of, is_looser
from wellbeing.rules.presets import NAMED, PRESETS, above_ceiling, values_under

pytestmark = pytest.mark.any_database

DEFAULT = PRESETS["default"]


@pytest.mark.parametrize(
    ("preset", "name", "value"),
    [
        ("default", "seconds_1", 240 * 60),
        ("default", "cases_4", 60),
        ("default", "stop_minute", 24 * 60),  # no hard stop
        # A hotline has five hours, also at severity 3 and up, two of them at severity 4, a hard stop and no overtime.
        ("specialist", "seconds_1", 300 * 60),
        ("specialist", "seconds_3", 300 * 60),
        ("specialist", "seconds_4", 120 * 60),
        ("specialist", "cases_4", 400),
        ("specialist", "stop_minute", 16 * 60),
        ("specialist", "overtime_severity", 0),
        ("specialist", "cases_3", 150),  # not named, so as in default
        ("specialist", "load_day_red", 240),
        # Volunteers have an hour, a quarter of it at severity 3, and no severity 4.
        ("volunteer", "seconds_1", 60 * 60),
        ("volunteer", "seconds_3", 15 * 60),
        ("volunteer", "seconds_4", 0),
        ("volunteer", "cases_4", 0),
        # New starters have in their first two weeks nothing of severity 3, and half of the time of everybody.
        ("starter", "seconds_1", 120 * 60),
        ("starter", "seconds_3", 0),
        ("starter", "cases_3", 0),
        ("starter", "seconds_4", 0),
        ("starter", "cases_4", 0),
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
    assert above_ceiling("specialist", DEFAULT) == {
        "seconds_1": 300 * 60,
        "seconds_3": 300 * 60,
        "seconds_4": 120 * 60,
        "cases_4": 400,
    }


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
