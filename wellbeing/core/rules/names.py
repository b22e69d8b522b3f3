"""The limits by name: what is shipped, in which unit, which way each is tighter, and which values make sense at all.

Source: WELLBEING.md 'Limits', 'Breaks' and 'Load flags'. Why each number: EVIDENCE.md; no source validates a safe one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Unit(StrEnum):
    """In what pages show a value. ``minutes`` are kept in seconds, ``clock`` in minutes after midnight."""

    MINUTES = "minutes"
    CASES = "cases"
    DAYS = "days"
    WEEKS = "weeks"
    SEVERITY = "severity"
    POINTS = "points"
    PERCENT = "percent"
    CLOCK = "clock"


@dataclass(frozen=True)
class Bounds:
    """The least and the most that a value may be, whoever sets it; in seconds, cases or whatever the unit counts."""

    least: int
    most: int

    def hold(self, value: int) -> bool:
        """Say whether *value* lies within."""
        return self.least <= value <= self.most


@dataclass(frozen=True)
class Kind:
    """One limit. ``at_least``: more protects more. ``is_threshold``: of load flags, set for the whole organisation."""

    shipped: int
    unit: Unit
    bounds: Bounds
    at_least: bool = False
    is_threshold: bool = False


DAY, REST_AT_MOST = 24 * 3600, 2 * 3600
MINUTES_OF_DAY = 24 * 60


def _minutes(shipped: int, *, least: int = 0) -> Kind:
    return Kind(shipped * 60, Unit.MINUTES, Bounds(least, DAY))


def _rest(shipped: int) -> Kind:
    return Kind(shipped * 60, Unit.MINUTES, Bounds(60, REST_AT_MOST), at_least=True)


def _cases(shipped: int) -> Kind:
    return Kind(shipped, Unit.CASES, Bounds(0, 5_000))


def _severity(shipped: int) -> Kind:
    return Kind(shipped, Unit.SEVERITY, Bounds(0, 4))


def _points(shipped: int) -> Kind:
    return Kind(shipped, Unit.POINTS, Bounds(1, 100_000))


def _threshold(shipped: int, unit: Unit, most: int) -> Kind:
    return Kind(shipped, unit, Bounds(1, most), is_threshold=True)


KINDS: Final[Mapping[str, Kind]] = {
    "seconds_1": _minutes(240),
    "seconds_3": _minutes(120),
    "seconds_4": _minutes(30),
    "cases_3": _cases(150),
    "cases_4": _cases(60),
    "severe_days_7": Kind(4, Unit.DAYS, Bounds(0, 7)),
    "severe_days_run": Kind(3, Unit.DAYS, Bounds(0, 7)),
    "extreme_weeks": Kind(3, Unit.WEEKS, Bounds(0, 4)),
    "late_seconds": Kind(60 * 60, Unit.MINUTES, Bounds(0, 12 * 3600), at_least=True),
    "late_severity": _severity(2),
    "night_severity": _severity(2),
    "overtime_severity": _severity(1),
    "stop_minute": Kind(MINUTES_OF_DAY, Unit.CLOCK, Bounds(0, MINUTES_OF_DAY)),
    "load_block_amber": _points(35),
    "load_block_red": _points(50),
    "load_day_amber": _points(200),
    "load_day_red": _points(600),
    "load_week_amber": _points(850),
    "load_week_red": _points(2_500),
    "load_month_amber": _points(3_000),
    "load_month_red": _points(10_000),
    "run_cases": Kind(20, Unit.CASES, Bounds(1, 5_000)),
    "spacing_cases": Kind(2, Unit.CASES, Bounds(0, 20), at_least=True),
    "work_seconds": _minutes(50, least=1),
    "severe_seconds": _minutes(25, least=1),
    "extreme_seconds": _minutes(10, least=1),
    "work_rest_seconds": _rest(10),
    "severe_rest_seconds": _rest(10),
    "extreme_rest_seconds": _rest(10),
    "long_rest_seconds": _rest(15),
    "colour_rest_seconds": _rest(3),
    "cluster_rest_seconds": _rest(15),
    "wellness_seconds": Kind(45 * 60, Unit.MINUTES, Bounds(0, 8 * 3600), at_least=True),
    "rapid_rise_amber": _threshold(150, Unit.PERCENT, 1_000),
    "rapid_rise_red": _threshold(200, Unit.PERCENT, 1_000),
    "rapid_rise_least": _threshold(240, Unit.POINTS, 100_000),
    "heavy_day_load": _threshold(200, Unit.POINTS, 100_000),
    "heavy_days_amber": _threshold(3, Unit.DAYS, 28),
    "heavy_days_red": _threshold(4, Unit.DAYS, 28),
    "extreme_days": _threshold(6, Unit.DAYS, 28),
    "postponed_day": _threshold(2, Unit.CASES, 100),
    "postponed_week": _threshold(5, Unit.CASES, 100),
    "night_work_seconds": _threshold(2 * 3600, Unit.MINUTES, 8 * 3600),
    "nights": _threshold(3, Unit.DAYS, 7),
    "late_days": _threshold(2, Unit.DAYS, 7),
    "repeat_views": _threshold(3, Unit.CASES, 100),
    "reveal_up_points": _threshold(20, Unit.PERCENT, 100),
    "reveal_up_cases": _threshold(30, Unit.CASES, 5_000),
}

RETIRED: Final[Mapping[str, Kind]] = {"long_seconds": _minutes(120, least=1)}
"""Limits that rule nothing any more. Rows of them stand, for limits are append-only, and are read as what they were."""

AMBER_BEFORE: Final[Mapping[str, str]] = {
    name: name.replace("amber", "red") for name in KINDS if name.endswith("_amber")
}
"""Amber → the red that it has to come before."""

FOR_TEAMS: Final = tuple(name for name, kind in KINDS.items() if not kind.is_threshold)
"""What a team, a lead for one person, or a person for themselves may set; thresholds of flags are the organisation's."""


def bounds_of(name: str) -> Bounds:
    """Return which values of a limit make sense. A break cannot be due after no work at all."""
    return _kind(name).bounds


def unit_of(name: str) -> str:
    """Return in what pages show a limit: one of ``Unit``."""
    return _kind(name).unit


def is_at_least(name: str) -> bool:
    """Say whether a limit is met by more: the ceiling of a rest is 'at least', of most others 'at most'."""
    return _kind(name).at_least


def is_looser(name: str, value: int, than: int) -> bool:
    """Say whether *value* protects less than *than* does."""
    return value < than if is_at_least(name) else value > than


def tightness(name: str, value: int) -> int:
    """Return a key by which the tightest value comes first."""
    return -value if is_at_least(name) else value


def reds_first(name: str) -> tuple[bool, str]:
    """Return a key for setting several limits at once: an amber value is measured against the red one beside it."""
    return name in AMBER_BEFORE, name


def loosest_of(name: str) -> int:
    """Return the value that binds nobody: an own limit that was undone has it."""
    bounds = bounds_of(name)
    return bounds.least if is_at_least(name) else bounds.most


def _kind(name: str) -> Kind:
    return KINDS[name] if name in KINDS else RETIRED[name]
