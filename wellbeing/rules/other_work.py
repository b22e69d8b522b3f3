"""Other paid work: how exactly a team's total is told."""

from datetime import timedelta

STEP = timedelta(minutes=15)


def rounded(total: timedelta) -> timedelta:
    """Return a total to the nearest quarter of an hour."""
    return (total + STEP / 2) // STEP * STEP
