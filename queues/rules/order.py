"""In which order work is handed out: one stored number, smallest first, so everything ages and nothing starves."""

from datetime import UTC, datetime, timedelta

PRIORITY_STEP = timedelta(minutes=15)
LATE_FIRST_EVERY = 4
"""In every so many minutes what is late already comes in its old place, so that nothing starves."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sort_key(*, created_at: datetime, due_at: datetime | None, target_seconds: int, priority: int) -> int:
    """Return whole milliseconds since 1970 (UTC): the due time, else creation plus the queue's target time,
    minus 15 min for each step of priority (0 to 100). Source: RELIABILITY.md 'The core' 2.
    """
    wanted_at = due_at if due_at is not None else created_at + timedelta(seconds=target_seconds)
    return (wanted_at - priority * PRIORITY_STEP - EPOCH) // timedelta(milliseconds=1)


def key_of(at: datetime) -> int:
    """Return the key of what is wanted at *at*: whatever has a smaller one is late."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def is_late_put_back(at: datetime) -> bool:
    """Say whether what is late comes behind what can still be in time: in three minutes of four.

    Earliest-due first serves a burst's backlog and makes the rest late as well, until the backlog is gone.
    """
    return at.minute % LATE_FIRST_EVERY != 0
