"""How severe an item is for the person who will look at it (WELLBEING.md, 'Severity and categories').

The highest of the category's default, the classifier, the reporter's hints and what earlier moderators said of the
same case. Nothing lowers it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

UNKNOWN: Final = "unknown"
UNKNOWN_SEVERITY: Final = 3  # until seen: surprise is a stressor
KNOWN_AT_MOST: Final = 2
"""An ``unknown`` that a person decides at this or less is counted so for that person."""
MOST: Final = 4
CLASSIFIED: Final = 0.5  # from this score on a classifier is believed

# A hint that a category's flags already contain is part of that category's default. Nothing contains 'live'.
FLAG_OF_HINT: Final[Mapping[str, str]] = {"child": "C", "live": "", "screaming": "A"}


@dataclass(frozen=True, slots=True)
class Label:
    """What a category says of a case: severity 0 to 4, flags as letters of V G S C A T."""

    severity: int
    flags: str = ""


UNKNOWN_LABEL: Final = Label(UNKNOWN_SEVERITY)


def severity_of(
    *,
    category: Label,
    classified: Iterable[Label] = (),
    hints: Iterable[str] = (),
    earlier: int = 0,
) -> int:
    """Return the severity of an item, 0 to 4.

    Args:
        category: what the platform chose (`UNKNOWN_LABEL` for ``unknown``).
        classified: the categories in which a classifier scored `CLASSIFIED` or more.
        hints: the names of those given as true.
        earlier: the highest that a moderator has said of this case.
    """
    given = frozenset(hints)
    labels = (category, *classified)
    return max(earlier, *(_raised(label, given) for label in labels))


def _raised(label: Label, hints: frozenset[str]) -> int:
    """The label's severity, one higher if a hint says something that its flags do not."""
    news = any(not _contains(label, FLAG_OF_HINT[hint]) for hint in hints)
    return min(MOST, label.severity + 1) if news else label.severity


def _contains(label: Label, flag: str) -> bool:
    return bool(flag) and flag in label.flags
