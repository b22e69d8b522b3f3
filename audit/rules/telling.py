"""As of when the number of audit rows is told: every decision writes one, so a number of this second tells of one person."""

from datetime import datetime


def last_full_quarter(at: datetime) -> datetime:
    """Return the last full quarter of an hour, UTC."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)
