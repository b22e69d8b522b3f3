"""Which dates an officer's measure may bear. Seen red without ``check_ahead`` and without the order of the two dates."""

from datetime import date, timedelta

import pytest

from wellbeing.exceptions import (
    DateMissing,
    DateOutOfReach,
    DatesNotWanted,
    EndsBeforeStart,
    MeasureUnknown,
    OneDayOnly,
)
from wellbeing.officer.rules.measures import AHEAD, Days, days_of

TODAY = date(2026, 11, 23)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
LAST = TODAY + AHEAD
BEYOND = LAST + timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "from_on", "until_on", "expected"),
    [
        # A contact, and nothing, bind no days.
        ("contact", None, None, Days(None, None)),
        ("nothing", None, None, Days(None, None)),
        # A rest day is one day; its last day may be left out.
        ("rest_day", TODAY, None, Days(TODAY, TODAY)),
        ("rest_day", LAST, LAST, Days(LAST, LAST)),
        # A lighter queue: from today, to the last day of four weeks.
        ("lighter_queue", TODAY, TODAY, Days(TODAY, TODAY)),
        ("lighter_queue", TODAY, LAST, Days(TODAY, LAST)),
    ],
)
def test_days_that_make_sense(kind: str, from_on: date | None, until_on: date | None, expected: Days) -> None:
    assert days_of(kind, from_on, until_on, today=TODAY) == expected


@pytest.mark.parametrize(
    ("kind", "from_on", "until_on", "refusal"),
    [
        ("holiday", TODAY, TODAY, MeasureUnknown),
        ("contact", TODAY, None, DatesNotWanted),
        ("nothing", None, TODAY, DatesNotWanted),
        # No date, or only one of two.
        ("rest_day", None, None, DateMissing),
        ("rest_day", None, TODAY, DateMissing),
        ("lighter_queue", TODAY, None, DateMissing),
        ("lighter_queue", None, TODAY, DateMissing),
        # A day before today, a day after the last of four weeks.
        ("rest_day", YESTERDAY, None, DateOutOfReach),
        ("rest_day", BEYOND, None, DateOutOfReach),
        ("lighter_queue", YESTERDAY, TOMORROW, DateOutOfReach),
        ("lighter_queue", TODAY, BEYOND, DateOutOfReach),
        # The wrong way round, even where both lie in reach.
        ("lighter_queue", TOMORROW, TODAY, EndsBeforeStart),
        ("rest_day", TOMORROW, TODAY, EndsBeforeStart),
        # Several rest days are several measures.
        ("rest_day", TODAY, TOMORROW, OneDayOnly),
    ],
)
def test_days_that_do_not(
    kind: str, from_on: date | None, until_on: date | None, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        days_of(kind, from_on, until_on, today=TODAY)


def test_a_date_out_of_reach_says_what_is_within() -> None:
    with pytest.raises(DateOutOfReach) as refused:
        days_of("rest_day", YESTERDAY, None, today=TODAY)
    assert (refused.value.first, refused.value.last) == (TODAY, LAST)
