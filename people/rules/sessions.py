"""How long a session lasts, and how fresh a proof of who somebody is must be.

A beat of an open desk is use like any other: waiting for work is working time, and may be longer than any idle limit (P9). What
a desk that was left shows is another matter, and ends long before: it covers itself after two minutes without a hand on it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from people.rules.roles import MODERATOR

ABSOLUTE: Final = timedelta(hours=12)
"""From signing in, whatever is done meanwhile."""
OFFICE_IDLE: Final = timedelta(minutes=60)
DESK_IDLE: Final = timedelta(hours=4)
"""For who is a moderator and nothing else: other paid work takes them away from the desk for as long."""
WRITTEN_EVERY: Final = timedelta(minutes=5)
"""Use is written down at most this often; so a session may end this much early, and never late."""
PROOF_HOLDS: Final = timedelta(minutes=15)


def idle_limit(roles: Collection[str]) -> timedelta:
    """Return after how long without use a session of who holds these roles ends."""
    return DESK_IDLE if set(roles) == {MODERATOR} else OFFICE_IDLE


def end_of(*, began_at: datetime, used_at: datetime, idle: timedelta) -> datetime:
    """Return when a session ends that is not used again."""
    return min(began_at + ABSOLUTE, used_at + idle)


def is_use_written(*, began_at: datetime, ends_at: datetime, at: datetime) -> bool:
    """Tell whether the end of a session is where use at *at* would put it, give or take, whatever its roles."""
    if ends_at >= began_at + ABSOLUTE:
        return True
    left = ends_at - at
    return any(idle - WRITTEN_EVERY < left <= idle for idle in (OFFICE_IDLE, DESK_IDLE))


def is_fresh(*, proved_at: datetime, at: datetime) -> bool:
    """Tell whether a proof is recent enough for what no borrowed session may do."""
    return at < proved_at + PROOF_HOLDS
