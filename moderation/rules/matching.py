"""Whether an earlier decision answers equal content by itself, and what opens a new look at decided content.

A match is never the last word: where anything speaks against it, a person looks, with the earlier decision beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from moderation.rules.severity import UNKNOWN

AUTHORITY: Final = "authority"
TRUSTED_FLAGGER: Final = "trusted_flagger"
USER: Final = "user"
WEIGHTY: Final = (AUTHORITY, TRUSTED_FLAGGER)
"""Whose report alone is reason to look (again)."""
MILD: Final = 1
FEWEST_USER_REPORTS: Final = 10


class Doubt(StrEnum):
    """Why a person has to look."""

    REPORT = "report"
    SEVERITY = "severity"
    CATEGORY = "category"
    HINT = "hint"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a platform says of an item: severity 0 to 4, a code or ``unknown``, hints given, sources of its reports."""

    severity: int
    category: str
    hints: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Decided:
    """An earlier decision on the same content: the severity of its case then, what it found, which hints were known."""

    severity: int
    categories: frozenset[str] = frozenset()
    hints: frozenset[str] = frozenset()
    is_newest_policy: bool = True


def doubts(sent: Sent, decided: Decided) -> tuple[Doubt, ...]:
    """Return what speaks against answering *sent* by *decided*; nothing: it answers."""
    reasons = {
        Doubt.REPORT: bool(sent.sources & set(WEIGHTY)),
        Doubt.SEVERITY: sent.severity > decided.severity,
        Doubt.CATEGORY: sent.severity > MILD and not _is_found(sent.category, decided),
        Doubt.HINT: bool(sent.hints - decided.hints),
        Doubt.POLICY: not decided.is_newest_policy,
    }
    return tuple(doubt for doubt, holds in reasons.items() if holds)


def occasions(sources: Iterable[str], *, user_reports_before: int) -> tuple[str, ...]:
    """Return what the reports that just came of decided content give occasion for.

    ``authority`` and ``trusted_flagger`` by each such report; ``users_10``, ``users_100``, … by the report with which the
    users' reach that number. ``user_reports_before``: of this content, without those that just came.
    """
    came = list(sources)
    after = user_reports_before + came.count(USER)
    weighty = tuple(source for source in WEIGHTY if source in came)
    return weighty + tuple(f"users_{number}" for number in _reached(user_reports_before, after))


def _is_found(category: str, decided: Decided) -> bool:
    """Whether the decision found what the label says; ``unknown`` says nothing that it could contradict."""
    return category == UNKNOWN or category in decided.categories


def _reached(before: int, after: int) -> list[int]:
    """Return the powers of ten, from ten on, that a count passed."""
    found, number = [], FEWEST_USER_REPORTS
    while number <= after:
        if before < number:
            found.append(number)
        number *= 10
    return found
