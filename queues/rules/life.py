"""The life of a queue: which act leads from which state to which."""

from collections.abc import Mapping

DRAFT, OPEN, PAUSED, DRAINING, CLOSED = "draft", "open", "paused", "draining", "closed"

LEADS_TO: Mapping[str, str] = {"open": OPEN, "pause": PAUSED, "drain": DRAINING, "close": CLOSED}
"""Act → the state that it leads to."""

COMES_FROM: Mapping[str, frozenset[str]] = {
    "open": frozenset({DRAFT, PAUSED, DRAINING, CLOSED}),
    # Never from a draft or a closed queue: pausing would let it take in.
    "pause": frozenset({OPEN, DRAINING}),
    "drain": frozenset({OPEN, PAUSED}),
    # Whether it is empty is a fact of rows, asked where they are.
    "close": frozenset({DRAFT, OPEN, PAUSED, DRAINING}),
}
"""Act → the states in which it may be done."""

LETS_GO = frozenset({"drain", "close"})
"""Acts after which a queue takes nothing in: a platform's default queue cannot be without a follower."""


def next_state(state: str, act: str) -> str | None:
    """Return the state that *act* leads to from *state*; None when it may not be done there."""
    return LEADS_TO[act] if state in COMES_FROM[act] else None


def acts_from(state: str) -> list[str]:
    """Return the acts that a page may offer, in the order of a queue's life."""
    return [act for act, states in COMES_FROM.items() if state in states]
