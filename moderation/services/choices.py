"""Check what a moderator chose before anything is changed by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from moderation.exceptions import DecisionInvalid
from moderation.rules.severity import MOST
from moderation.selectors.taxonomy import CategoryInForce
from queues.models import Queue

NONE: Final = "none"
REFER: Final = "refer"
ACTIONS: Final = (NONE, "remove", "restrict", "label", REFER)
# These say nothing about the content, so they need no category to explain them (P11).
NEED_NO_CATEGORY: Final = frozenset({NONE, REFER})
LONGEST_RATIONALE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A checked choice. *severity* is the highest of the categories' (0 for 'none of these'), *category* its code."""

    categories: tuple[str, ...]
    category: str
    severity: int


def actions_of(queue: Queue) -> tuple[str, ...]:
    """Return the actions that may be asked of the queue's platform, in the order in which they are shown."""
    return (*ACTIONS, *(action for action in queue.extra_actions if action not in ACTIONS))


def checked_choice(
    *,
    queue: Queue,
    categories: Sequence[str],
    action: str,
    rationale: str,
    in_force: Mapping[str, CategoryInForce],
) -> Choice:
    """Return the choice, each category once, in the order in which it was given. *in_force*: the categories by code.

    Raises:
        DecisionInvalid: with the field and its fault.
    """
    _check_action(queue, action)
    _check_rationale(rationale)
    codes = tuple(dict.fromkeys(categories))
    if not codes and action not in NEED_NO_CATEGORY:
        raise DecisionInvalid("categories", "missing")
    severities = _severities(codes, in_force)
    worst = max(codes, key=lambda code: severities[code], default="")
    return Choice(categories=codes, category=worst, severity=severities.get(worst, 0))


def check_severity(severity: int) -> None:
    """Raise `DecisionInvalid` unless *severity* is 0 to 4."""
    if not 0 <= severity <= MOST:
        raise DecisionInvalid("worse", "out_of_bounds")


def _check_action(queue: Queue, action: str) -> None:
    if not action:
        raise DecisionInvalid("action", "missing")
    if action not in actions_of(queue):
        raise DecisionInvalid("action", "unknown")


def _check_rationale(rationale: str) -> None:
    if len(rationale) > LONGEST_RATIONALE:
        raise DecisionInvalid("rationale", "too_long")
    if "\x00" in rationale:
        raise DecisionInvalid("rationale", "unstorable")


def _severities(codes: Sequence[str], known: Mapping[str, CategoryInForce]) -> dict[str, int]:
    """The severity in force of each code; all of them must be known and enabled."""
    for code in codes:
        if code not in known:
            raise DecisionInvalid("categories", "unknown")
        if not known[code].is_enabled:
            raise DecisionInvalid("categories", "disabled")
    return {code: known[code].severity for code in codes}
