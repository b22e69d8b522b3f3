"""The four sets of limits that are shipped (WELLBEING.md 'Limits'), and what choosing one means for a team.

A preset names some values itself; all else in it is as in ``default``. What it names may be above what the organisation
allows, and then it cannot be chosen; what it merely shares with ``default`` follows a tighter ceiling.
"""

from collections.abc import Mapping
from typing import Final

from wellbeing.core.rules.names import FOR_TEAMS, KINDS, bounds_of, is_looser

DEFAULT, SPECIALIST, VOLUNTEER, STARTER = "default", "specialist", "volunteer", "starter"

NO_BLOCK: Final = bounds_of("severe_seconds").most
"""So many seconds until a break as no day has: none is asked for."""

NAMED: Final[Mapping[str, Mapping[str, int]]] = {
    DEFAULT: {},
    # A hotline: its work is severe from the first minute, so breaks come by the clock and after severity 4, and load is
    # scaled so that minutes and cases are reached first (``tests/wellbeing/limits/rules/test_presets.py`` computes it).
    SPECIALIST: {
        "seconds_1": 240 * 60,
        "seconds_3": 240 * 60,
        "seconds_4": 120 * 60,
        "cases_4": 400,
        "late_seconds": 0,
        "stop_minute": 16 * 60,
        "overtime_severity": 0,
        "severe_seconds": NO_BLOCK,
        "extreme_seconds": 20 * 60,
        "colour_rest_seconds": 60,
        "load_block_amber": 300,
        "load_block_red": 450,
        "load_day_amber": 730,
        "load_day_red": 1_100,
        "load_week_amber": 3_600,
        "load_week_red": 5_400,
        "load_month_amber": 13_000,
        "load_month_red": 19_500,
    },
    VOLUNTEER: {"seconds_1": 60 * 60, "seconds_3": 15 * 60, "seconds_4": 0, "cases_4": 0},
    # For a team of people who are new, beside what each of them has of the limits in the first eight weeks.
    STARTER: {
        "seconds_1": 120 * 60,
        "seconds_3": 30 * 60,
        "seconds_4": 0,
        "cases_4": 0,
        "night_severity": 1,
    },
}
"""What each preset says itself; seconds, cases, minutes after midnight, a severity."""

PRESETS: Final[Mapping[str, Mapping[str, int]]] = {
    preset: {name: named.get(name, KINDS[name].shipped) for name in FOR_TEAMS}
    for preset, named in NAMED.items()
}
"""Preset → limit → value, of every limit that a team may set."""


def values_under(preset: str, ceilings: Mapping[str, int]) -> dict[str, int]:
    """Return what a team would have: what the preset shares with ``default`` no looser than its ceiling."""
    return {
        name: ceilings[name]
        if name not in NAMED[preset] and is_looser(name, value, ceilings[name])
        else value
        for name, value in PRESETS[preset].items()
    }


def above_ceiling(preset: str, ceilings: Mapping[str, int]) -> dict[str, int]:
    """Return limit → value of what the preset names that is looser than the organisation allows; empty if it may be chosen."""
    return {name: value for name, value in NAMED[preset].items() if is_looser(name, value, ceilings[name])}
