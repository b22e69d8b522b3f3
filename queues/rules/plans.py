"""What a lead writes down about a queue, and what is wrong with it: field → a code."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from people.rules.texts import kept_line

LONGEST: Mapping[str, int] = {
    "name": 120,
    "client_name": 200,
    "purpose": 300,
    "decision_use": 300,
    "other_work": 120,
    "other_work_with": 80,
}
SHORTEST_TARGET = 60
LONGEST_TARGET = 90 * 24 * 3600
LONGEST_GRACE = 24 * 3600
NOT_TEXT = frozenset({"Cc", "Cs"})
"""Control characters and halves of surrogate pairs, which no database keeps as they are."""


DEFAULT_GRACE_SECONDS = 60
"""What a new queue begins with: without a grace an answer leaves in the second in which somebody decided."""


DEFAULT_GRACE_SECONDS = 60
"""What a new queue begins with: without a grace an answer leaves in the second in which somebody decided."""


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """A queue as its lead describes it; the times in seconds.

    ``trains_model``: whether the platform trains a model with the decisions. ``team_ids`` is empty with ``every_team``.
    ``is_severe``: severity 3 and up may come here; ``other_work``, with whom: what is there instead once that is closed.
    """

    name: str
    client_name: str
    purpose: str
    decision_use: str
    trains_model: bool
    target_seconds: int
    grace_seconds: int
    every_team: bool
    team_ids: frozenset[int]
    is_severe: bool = True
    other_work: str = ""
    other_work_with: str = ""


def faults_of(plan: QueuePlan) -> dict[str, str]:
    """Return field → ``missing``, ``too_long``, ``not_text``, ``too_short``, ``longer_than_target``; none when all is well.

    Purpose, use and client may be missing in a draft: what a queue needs to open is asked when it opens.
    """
    faults = {
        field: code for field, most in LONGEST.items() if (code := text_fault(getattr(plan, field), most))
    }
    if not kept_line(plan.name):
        faults["name"] = "missing"
    if not SHORTEST_TARGET <= plan.target_seconds <= LONGEST_TARGET:
        faults["target_seconds"] = "too_short" if plan.target_seconds < SHORTEST_TARGET else "too_long"
    if grace := _grace_fault(plan):
        faults["grace_seconds"] = grace
    if not plan.every_team and not plan.team_ids:
        faults["teams"] = "missing"
    return faults


def text_fault(text: str, most: int) -> str:
    """Return ``too_long`` or ``not_text``, or nothing."""
    if len(text.strip()) > most:
        return "too_long"
    return "not_text" if any(unicodedata.category(letter) in NOT_TEXT for letter in text.strip()) else ""


def _grace_fault(plan: QueuePlan) -> str:
    if plan.grace_seconds < 0:
        return "too_short"
    if plan.grace_seconds > LONGEST_GRACE:
        return "too_long"
    # A decision that holds only after its due time would never be in time.
    return "longer_than_target" if plan.grace_seconds > plan.target_seconds >= SHORTEST_TARGET else ""


OTHER_WORK: frozenset[str] = frozenset({"other_work", "other_work_with"})
"""What a queue of severity 3 and up needs beside the rest: nobody is left without work when that is closed to them."""


def missing_to_open(
    *,
    client_name: str,
    purpose: str,
    decision_use: str,
    has_guidelines: bool,
    is_severe: bool,
    other_work: str,
    other_work_with: str,
) -> tuple[str, ...]:
    """Return what a queue lacks before moderators may be given its work (WORK.md 16), in the order of a page."""
    told = {
        "client_name": kept_line(client_name),
        "purpose": kept_line(purpose),
        "decision_use": kept_line(decision_use),
        "other_work": kept_line(other_work) or not is_severe,
        "other_work_with": kept_line(other_work_with) or not is_severe,
        "guidelines": has_guidelines,
    }
    return tuple(name for name, is_there in told.items() if not is_there)
