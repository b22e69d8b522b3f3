"""Other paid work: how exactly a team's total is told, and in which kinds no content is shown (WELLBEING.md 'Breaks')."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from wellbeing.core.rules.days import Day
from wellbeing.core.rules.presence import Activity

STEP = timedelta(minutes=15)

SAID_OF: Final = (Activity.READING_POLICY, Activity.TRAINING, Activity.PEER_TALK)
"""The kinds of which a lead says whether content is shown. In doing nothing there is none, so nobody is asked."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What a lead said of one kind, and when."""

    activity: str
    is_without_content: bool
    set_at: datetime


def rounded(total: timedelta) -> timedelta:
    """Return a total to the nearest quarter of an hour."""
    return (total + STEP / 2) // STEP * STEP


def without_content(said: Iterable[Saying], *, day: Day) -> frozenset[Activity]:
    """Return the kinds in which no content is shown, for somebody on their local *day*; *said*: oldest first, of their team.

    Of which nothing was said, content may be shown. That none is loosens a break, so it holds from the next local day; that
    some is holds at once, and is not undone on the same day (P6).
    """
    found = {Activity.NOTHING}
    for one in said:
        activity = Activity(one.activity)
        if not one.is_without_content:
            found.discard(activity)
        elif one.set_at < day.start:
            found.add(activity)
    return frozenset(found)


def as_said(said: Iterable[Saying]) -> frozenset[Activity]:
    """Return the kinds in which, as was said last, no content is shown; from which day, left aside."""
    last = {Activity(one.activity): one.is_without_content for one in said}
    return frozenset(activity for activity, is_without in last.items() if is_without)
