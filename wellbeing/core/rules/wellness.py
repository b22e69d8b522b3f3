"""Wellness time: so many paid minutes a day, moved as the person likes (WELLBEING.md 'Breaks')."""

from collections.abc import Iterable
from datetime import datetime, timedelta

NOTHING = timedelta(0)
Interval = tuple[datetime, datetime]


def used(intervals: Iterable[Interval], *, start: datetime, end: datetime) -> timedelta:
    """Return how much of the intervals lies in the day from *start* to *end*."""
    return sum((max(min(until, end) - max(since, start), NOTHING) for since, until in intervals), NOTHING)


def left(most: timedelta, spent: timedelta) -> timedelta:
    """Return what is left of a day's wellness time, never below nothing."""
    return max(most - spent, NOTHING)
