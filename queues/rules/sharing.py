"""How the severe cases of a queue are shared: by groups of five people and more, and never by one of them.

People are put in the order of how many cases they had, and told in groups of five, the last one with who is left over: what
each group had of all, to the next 5 %. Fewer than ten people are one group, of which there is nothing to tell; so is a week
with fewer cases than five. Who has how many, who is in which group, and why, is told to nobody.

An example: of 100 cases, twelve people had 25, 20, 15, 10, 10, 8, 6, 4, 2, 0, 0, 0. The five with the most had 80 %, the
seven others 20 %.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queues.rules.telling import FEWEST

ROUNDED_PERCENT = 5


@dataclass(frozen=True, slots=True)
class Share:
    """``people`` together had ``percent`` of all cases, rounded."""

    people: int
    percent: int


def shares(cases_of_each: Iterable[int]) -> list[Share]:
    """Return what each group had, the most first; nothing where it would tell of fewer than five, or of nobody."""
    counts = sorted(cases_of_each, reverse=True)
    total = sum(counts)
    if len(counts) < 2 * FEWEST or total < FEWEST:
        return []
    return [Share(len(group), _percent(sum(group), total)) for group in _groups(counts)]


def _groups(counts: Sequence[int]) -> list[Sequence[int]]:
    last = len(counts) // FEWEST - 1
    begins = [number * FEWEST for number in range(last + 1)]
    ends = [*begins[1:], len(counts)]
    return [counts[begin:end] for begin, end in zip(begins, ends, strict=True)]


def _percent(part: int, total: int) -> int:
    return round(100 * part / total / ROUNDED_PERCENT) * ROUNDED_PERCENT
