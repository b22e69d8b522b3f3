"""When an answer in writing is due: two working days after it was asked for (WELLBEING.md 'Load flags')."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ANSWERED_WITHIN = 2
SATURDAY = 5


def answer_due_at(asked_at: datetime, *, zone: str) -> datetime:
    """Return the same time of day, by the clock of *zone*, on the second working day (Monday to Friday) after."""
    day, left = asked_at.astimezone(ZoneInfo(zone)), ANSWERED_WITHIN
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day.astimezone(asked_at.tzinfo)
