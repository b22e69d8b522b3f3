"""The limits that are lengths of a rest, which way each limit is tighter, and which values make sense at all."""

from collections.abc import Mapping
from dataclasses import dataclass

RESTS: Mapping[str, int] = {
    "work_rest_seconds": 10 * 60,
    "severe_rest_seconds": 10 * 60,
    "extreme_rest_seconds": 10 * 60,
    "long_rest_seconds": 15 * 60,
    "colour_rest_seconds": 3 * 60,
    "cluster_rest_seconds": 15 * 60,
}
"""How long the rests of WELLBEING.md 'Breaks' are. Of a rest the longer is the tighter."""

REST_AT_MOST = 2 * 3600


@dataclass(frozen=True)
class Bounds:
    """The least and the most that a value may be, whoever sets it; in seconds or cases."""

    least: int
    most: int

    def hold(self, value: int) -> bool:
        """Say whether *value* lies within."""
        return self.least <= value <= self.most


def bounds_of(name: str) -> Bounds:
    """Return which values of a limit make sense. A break cannot be due after no work at all."""
    if name in RESTS:
        return Bounds(60, REST_AT_MOST)
    if name.startswith("cases_"):
        return Bounds(0, 5_000)
    return Bounds(0 if name.startswith("seconds_") else 1, 24 * 3600)


def unit_of(name: str) -> str:
    """Return in what pages show a limit: ``minutes`` or ``cases``."""
    return "cases" if name.startswith("cases_") else "minutes"


def is_at_least(name: str) -> bool:
    """Say whether a limit is met by more: the ceiling of a rest is 'at least', of all others 'at most'."""
    return name in RESTS


def is_looser(name: str, value: int, than: int) -> bool:
    """Say whether *value* protects less than *than* does."""
    return value < than if is_at_least(name) else value > than


def tightness(name: str, value: int) -> int:
    """Return a key by which the tightest value comes first."""
    return -value if is_at_least(name) else value


def loosest_of(name: str) -> int:
    """Return the value that binds nobody: an own limit that was undone has it."""
    bounds = bounds_of(name)
    return bounds.least if is_at_least(name) else bounds.most
