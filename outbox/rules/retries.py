"""When to try again."""

from datetime import timedelta
from typing import Final

JITTER_SHARE: Final = 0.1


def pause_after(*, attempt: int, gaps: tuple[timedelta, ...], jitter: float) -> timedelta | None:
    """Return how long to wait after failed attempt number *attempt* (from 1), or None when none is left.

    *jitter* in 0…1 lengthens the gap by up to a tenth, so that what failed together does not return together.
    """
    if attempt > len(gaps):
        return None
    return gaps[attempt - 1] * (1 + JITTER_SHARE * jitter)
