"""Which categories the desk offers first: what the label says, what a classifier says, what is close to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

OFFERED: Final = 3
MOST_OFFERED: Final = 4
CLASSIFIED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Offer:
    """A category that may be decided: its code, severity 0 to 4 and flags (letters of V G S C A T)."""

    code: str
    severity: int
    flags: str


def likely(*, label: str, scores: Mapping[str, float], offers: Iterable[Offer]) -> list[str]:
    """Return two to four codes in the order in which they are shown; the label's own comes first.

    Args:
        label: the code that the case bears; may be none of *offers* (``unknown``, or disabled since).
        scores: code → 0 to 1 from a classifier.
        offers: every category that may be chosen, in the taxonomy's order.
    """
    known = {offer.code: offer for offer in offers}
    first = [label] if label in known else []
    believed = sorted(
        (code for code in scores if _believed(scores[code]) and code in known), key=lambda c: -scores[c]
    )
    chosen = list(dict.fromkeys([*first, *believed]))[:MOST_OFFERED]
    rest = [offer for code, offer in known.items() if code not in chosen]
    near = sorted(rest, key=lambda offer: _distance(offer, known.get(label)))
    return chosen + [offer.code for offer in near[: max(0, OFFERED - len(chosen))]]


def _believed(score: object) -> bool:
    return isinstance(score, int | float) and score >= CLASSIFIED


def _distance(offer: Offer, label: Offer | None) -> tuple[int, int]:
    """Less is nearer: more flags in common first, then a severity that is closer (3 where nothing is known)."""
    if label is None:
        return (0, abs(offer.severity - 3))
    return (-len(set(offer.flags) & set(label.flags)), abs(offer.severity - label.severity))
