"""Which dates an officer's measure may bear: local dates of the person, both ends included (DESIGN 'Who uses it').

Nobody is bound in the past or for longer than four weeks at a time: what goes on is looked at again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from wellbeing.exceptions import (
    DateMissing,
    DateOutOfReach,
    DatesNotWanted,
    EndsBeforeStart,
    MeasureUnknown,
    OneDayOnly,
)

CONTACT, REST_DAY, LIGHTER_QUEUE, NOTHING = "contact", "rest_day", "lighter_queue", "nothing"
KINDS: Final = (CONTACT, REST_DAY, LIGHTER_QUEUE, NOTHING)
BINDING: Final = frozenset({REST_DAY, LIGHTER_QUEUE})
AHEAD: Final = timedelta(days=28)


@dataclass(frozen=True)
class Days:
    """The local dates that a measure binds, both included; None for a kind that binds nothing."""

    from_on: date | None
    until_on: date | None


def days_of(kind: str, from_on: date | None, until_on: date | None, *, today: date) -> Days:
    """Return the days of a measure of *kind*; *today* is the person's local date.

    Raises:
        MeasureUnknown, DateMissing, DateOutOfReach, EndsBeforeStart, OneDayOnly, DatesNotWanted: these.
    """
    if kind not in KINDS:
        raise MeasureUnknown
    if kind not in BINDING:
        return _no_days(from_on, until_on)
    if kind == REST_DAY and until_on is None:
        until_on = from_on
    if from_on is None or until_on is None:
        raise DateMissing
    if until_on < from_on:
        raise EndsBeforeStart
    check_ahead(from_on, today=today)
    check_ahead(until_on, today=today)
    if kind == REST_DAY and until_on != from_on:
        raise OneDayOnly
    return Days(from_on, until_on)


def check_ahead(day: date, *, today: date) -> None:
    """Refuse a date in the past, or later than four weeks from today.

    Raises:
        DateOutOfReach: it is.
    """
    if not today <= day <= today + AHEAD:
        raise DateOutOfReach(first=today, last=today + AHEAD)


def _no_days(from_on: date | None, until_on: date | None) -> Days:
    if from_on is not None or until_on is not None:
        raise DatesNotWanted
    return Days(None, None)
