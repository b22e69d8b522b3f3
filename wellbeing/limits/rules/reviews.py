"""When the limits are looked at again: every six months (WELLBEING.md, first lines), reminded of two weeks ahead."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

MONTHS: Final = 6
REMINDED_AHEAD: Final = timedelta(days=14)


class Stage(StrEnum):
    """How near a review is."""

    LATER = "later"
    SOON = "soon"
    OVERDUE = "overdue"


def due_after(held_on: date) -> date:
    """Return the same day six months later; the last of a month that is shorter."""
    years, month = divmod(held_on.month - 1 + MONTHS, 12)
    year, month = held_on.year + years, month + 1
    return date(year, month, min(held_on.day, monthrange(year, month)[1]))


def stage(due_on: date, *, today: date) -> Stage:
    """Return whether it is time to remind: from two weeks ahead, and from the day after it was due as overdue."""
    if today > due_on:
        return Stage.OVERDUE
    return Stage.SOON if today >= due_on - REMINDED_AHEAD else Stage.LATER
