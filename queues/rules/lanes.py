"""Which lanes a person may be handed work from. Facts in, lanes out: nothing here knows a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from wellbeing.core.rules import opt_outs
from wellbeing.core.rules.opt_outs import OptedOut
from wellbeing.core.rules.turns import NEW, Rank, Turn

LONGEST_SECONDS = 2**31 - 1


class LaneFacts(NamedTuple):
    """What the jobs of a lane share, of all lanes of the queues that the person's team works on."""

    id: int
    language: str
    severity: int
    skill: str
    category: str = ""
    queue_id: int = 0


class OpenLane(NamedTuple):
    """A lane that may be taken from, but only jobs expected to last at most ``seconds``;
    with ``mild_only`` only text, and media that a person confirmed as mild. ``rank``: how far it is put back, only when
    nothing of a smaller one waits; ``due_rank``: the same of what is due soon.
    """

    id: int
    seconds: int
    mild_only: bool
    rank: int = 0
    due_rank: int = 0


class Work(NamedTuple):
    """What decides about a single job of a lane."""

    expected_seconds: int
    medium: str
    mild_confirmed: bool
    sound: bool = False


@dataclass(frozen=True, slots=True)
class May:
    """What a person can do (``languages`` and ``trained``, categories, empty: any) and may be handed now.

    ``fit``: for each severity that may be taken, what still fits before the next break, limit or cap.
    ``mild_only``: everything above severity 0 is closed. ``turn``, ``run_most``: what should come next, of what waits.
    ``above_in``: in which queues this person has had more severe work today than others who may take it.
    """

    skills: frozenset[str]
    languages: frozenset[str]
    fit: Mapping[int, timedelta]
    mild_only: bool = False
    trained: frozenset[str] = frozenset()
    opted_out: OptedOut = opt_outs.NOTHING
    turn: Turn = NEW
    run_most: int = 20
    above_in: frozenset[int] = frozenset()


def open_lane(lane: LaneFacts, may: May) -> OpenLane | None:
    """Return on which terms *lane* may be taken from, or None."""
    if not may_now(lane, may) or not can(lane, may) or wants_not(lane, may):
        return None
    seconds = min(may.fit[lane.severity] // timedelta(seconds=1), LONGEST_SECONDS)
    return OpenLane(lane.id, seconds, may.mild_only, *_rank(lane, may))


def _rank(lane: LaneFacts, may: May) -> Rank:
    return may.turn.rank(
        category=lane.category,
        severity=lane.severity,
        run_most=may.run_most,
        is_above=lane.queue_id in may.above_in,
    )


def may_now(lane: LaneFacts, may: May) -> bool:
    """Tell whether limits and caps let this person take from *lane*."""
    return lane.severity in may.fit and not (may.mild_only and lane.severity > 0)


def can(lane: LaneFacts, may: May) -> bool:
    """Tell whether this person has what *lane* asks for: the skill, the language, the training."""
    if lane.skill and lane.skill not in may.skills:
        return False
    if may.trained and lane.category not in may.trained:
        return False
    return speaks(lane.language, may.languages)


def wants_not(lane: LaneFacts, may: May) -> bool:
    """Tell whether this person opted out of all that is in *lane*."""
    return may.opted_out.closes_lane(category=lane.category, language=lane.language, queue_id=lane.queue_id)


def open_lanes(lanes: Iterable[LaneFacts], may: May) -> list[OpenLane]:
    """Return the lanes that may be taken from, each with its terms."""
    return [opened for lane in lanes if (opened := open_lane(lane, may)) is not None]


def speaks(language: str, languages: frozenset[str]) -> bool:
    """Tell whether content in *language* (BCP 47, or empty) can be read by who has *languages*; 'pt' reads 'pt-BR'."""
    if not language or not languages:
        return True
    return language in languages or language.split("-", maxsplit=1)[0] in languages


def admits(lane: OpenLane, work: Work, opted_out: OptedOut = opt_outs.NOTHING) -> bool:
    """Tell whether one job of *lane* is within its terms. ``services.picking`` says the same in SQL."""
    if work.expected_seconds > lane.seconds or opted_out.closes_job(medium=work.medium, sound=work.sound):
        return False
    return not lane.mild_only or work.medium == "text" or work.mild_confirmed
