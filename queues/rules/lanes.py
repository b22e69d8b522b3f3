"""Which lanes a person may be handed work from. Facts in, lanes out: nothing here knows a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

MILD = 1
"""The highest severity of the cases that are owed after a severe one (WELLBEING.md 'Breaks')."""

LONGEST_SECONDS = 2**31 - 1


class LaneFacts(NamedTuple):
    """What the jobs of a lane share, of all lanes of the queues that the person's team works on."""

    id: int
    language: str
    severity: int
    skill: str


class OpenLane(NamedTuple):
    """A lane that may be taken from, but only jobs expected to last at most ``seconds``;
    with ``mild_only`` only text, and media that a person confirmed as mild.
    """

    id: int
    seconds: int
    mild_only: bool


class Work(NamedTuple):
    """What decides about a single job of a lane."""

    expected_seconds: int
    medium: str
    mild_confirmed: bool


@dataclass(frozen=True, slots=True)
class May:
    """What a person can do (``languages`` empty: any) and may be handed now.

    ``fit``: for each severity that may be taken, what still fits before the next break or limit.
    ``mild_owed``: the next case must be of severity 0 or 1. ``mild_only``: a hard limit is reached.
    """

    skills: frozenset[str]
    languages: frozenset[str]
    fit: Mapping[int, timedelta]
    mild_owed: bool = False
    mild_only: bool = False


def open_lane(lane: LaneFacts, may: May) -> OpenLane | None:
    """Return on which terms *lane* may be taken from, or None."""
    if lane.severity not in may.fit:
        return None
    if may.mild_owed and lane.severity > MILD:
        return None
    if may.mild_only and lane.severity > 0:
        return None
    if lane.skill and lane.skill not in may.skills:
        return None
    if not speaks(lane.language, may.languages):
        return None
    seconds = min(may.fit[lane.severity] // timedelta(seconds=1), LONGEST_SECONDS)
    return OpenLane(lane.id, seconds, may.mild_only)


def open_lanes(lanes: Iterable[LaneFacts], may: May) -> list[OpenLane]:
    """Return the lanes that may be taken from, each with its terms."""
    return [opened for lane in lanes if (opened := open_lane(lane, may)) is not None]


def speaks(language: str, languages: frozenset[str]) -> bool:
    """Tell whether content in *language* (BCP 47, or empty) can be read by who has *languages*; 'pt' reads 'pt-BR'."""
    if not language or not languages:
        return True
    return language in languages or language.split("-", maxsplit=1)[0] in languages


def admits(lane: OpenLane, work: Work) -> bool:
    """Tell whether one job of *lane* is within its terms. ``services.picking`` says the same in SQL."""
    if work.expected_seconds > lane.seconds:
        return False
    return not lane.mild_only or work.medium == "text" or work.mild_confirmed
