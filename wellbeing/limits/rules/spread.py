"""How severe work is evened out over a day among those who may take it. Source: WELLBEING.md 'Limits', row spread.

The median is rounded up to five minutes and kept for a quarter of an hour, so that whoever counts what they are offered learns
no minute of anybody else.
"""

from collections.abc import Sequence
from statistics import median

FEWEST = 3
"""Of fewer people nothing is evened out."""
RATIO_PERCENT, MORE_MS = 125, 3 * 60_000
ROUNDED_MS = 5 * 60_000


def most_of(severe_ms: Sequence[int]) -> int | None:
    """Return above how many ms of the day somebody waits with severe work, of those at work; None for fewer than three."""
    if len(severe_ms) < FEWEST:
        return None
    middle = -(-int(median(severe_ms)) // ROUNDED_MS) * ROUNDED_MS
    return middle * RATIO_PERCENT // 100 + MORE_MS


def left_to_count(*, expected_ms: int, shown_ms: int) -> int:
    """Return what a case that was given back counts besides what was shown of it: in all as long as it was expected."""
    return max(expected_ms - shown_ms, 0)
