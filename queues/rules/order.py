"""In which order work is handed out: one stored number, smallest first, so everything ages and nothing starves."""

from datetime import UTC, datetime, timedelta

PRIORITY_STEP = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sort_key(*, created_at: datetime, due_at: datetime | None, target_seconds: int, priority: int) -> int:
    """Return whole milliseconds since 1970 (UTC): the due time, else creation plus the queue's target time,
    minus 15 min for each step of priority (0 to 100). Source: RELIABILITY.md 'The core' 2.
    """
    wanted_at = due_at if due_at is not None else created_at + timedelta(seconds=target_seconds)
    return (wanted_at - priority * PRIORITY_STEP - EPOCH) // timedelta(milliseconds=1)
