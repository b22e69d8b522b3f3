"""The four sets of limits that are shipped (WELLBEING.md 'Limits'), and what choosing one means for a team.

A preset names some values itself; all else in it is as in ``default``. What it names may be above what the organisation
allows, and then it cannot be chosen; what it merely shares with ``default`` follows a tighter ceiling.
"""

from collections.abc import Mapping
from typing import Final

from wellbeing.rules.names import FOR_TEAMS, KINDS, is_looser

DEFAULT, SPECIALIST, VOLUNTEER, STARTER = "default", "specialist", "volunteer", "starter"

NAMED: Final[Mapping[str, Mapping[str, int]]] = {
    DEFAULT: {},
    # A hotline: 5 h of it, as the IWF does it, with its hard stop and without overtime (EVIDENCE.md 2.1).
    SPECIALIST: {
        "seconds_1": 300 * 60,
        "seconds_3": 300 * 60,
        "seconds_4": 120 * 60,
        "cases_4": 400,
        "stop_minute": 16 * 60,
        "overtime_severity": 0,
    },
    VOLUNTEER: {"seconds_1": 60 * 60, "seconds_3": 15 * 60, "seconds_4": 0, "cases_4": 0},
    # What a new starter has in the first two weeks, for as long as it is chosen: half of the time, and no severity 3.
    STARTER: {"seconds_1": 120 * 60, "seconds_3": 0, "cases_3": 0, "seconds_4": 0, "cases_4": 0},
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
