"""Quarters of an hour since 1970 (UTC): the buckets in which due times are counted."""

from datetime import UTC, datetime, timedelta

QUARTER = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def quarter_of(at: datetime) -> int:
    """Return the number of the quarter that holds *at*."""
    return (at - EPOCH) // QUARTER


def quarter_start(quarter: int) -> datetime:
    """Return when a quarter begins."""
    return EPOCH + quarter * QUARTER
