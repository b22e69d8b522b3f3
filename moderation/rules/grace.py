"""When a decision takes effect, and what of its time is told: never finer than the minute.

A platform that polls each second, or whose webhook is called, sees the second in which an answer leaves. Answers leave when
the grace is over, so the grace ends at a full minute: else every answer would tell when its moderator pressed the key. In
a queue without a grace answers leave at once, and who sets it so is told that.
"""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


def to_the_minute(at: datetime) -> datetime:
    """Return the minute that holds *at*, as it is told."""
    return at.replace(second=0, microsecond=0)


def takes_effect_at(*, decided_at: datetime, grace_seconds: int) -> datetime:
    """Return the full minute at which the grace is over, never before its whole length; at once without a grace."""
    over_at = decided_at + timedelta(seconds=grace_seconds)
    if not grace_seconds or over_at == to_the_minute(over_at):
        return over_at
    return to_the_minute(over_at) + MINUTE


def came_later(*, created_at: datetime, decided_at: datetime) -> bool:
    """Tell whether an item joined the case after the minute of its decision: whoever sends one each second learns no more."""
    return created_at >= to_the_minute(decided_at) + MINUTE
