"""When the shift began to which an instant belongs. Seen red with the first work after 11 hours without any, whatever was planned."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from people.rules.zones import BEGINNING, ZonePeriod
from wellbeing.core.rules.days import QUARTER, day_of
from wellbeing.core.rules.parts import Shift, shift_began_at

pytestmark = pytest.mark.any_database

MIDNIGHT = datetime(2026, 10, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
UTC_ALWAYS = [ZonePeriod("UTC", BEGINNING)]

Span = tuple[float, float]


def h(hours: float) -> datetime:
    """Return an instant by its hours after the midnight of the date of ``h(0)``; below 0 the day before."""
    return MIDNIGHT + hours * HOUR


def worked(*spans: Span) -> set[datetime]:
    """Return the quarters of an hour in which something was shown."""

    def quarters(begins: float, ends: float) -> Iterator[datetime]:
        now = h(begins)
        while now < h(ends):
            yield now
            now += QUARTER

    return {quarter for span in spans for quarter in quarters(*span)}


@pytest.mark.parametrize(
    ("what", "parts", "at", "began"),
    [
        # without a plan: the first work after 11 hours without any, over midnight too
        ([(-9, -2), (9, 12)], [], 12, 9),
        ([(-9, -1), (9, 12)], [], -1, -9),
        ([(-9, -0.75), (10, 12)], [], 12, -9),
        ([(20, 26)], [], 26, 20),
        ([], [], 12, None),
        # each planned date is one: eleven hours after the evening's planned end, though its last case ended 32 s later, or
        # somebody was asked to stay on (of 200 people in a month one, twice: two days without their long rests)
        ([(-9, -0.75), (10, 12)], [(-9, -1), (10, 18)], 12, 0),
        ([(-9, -0.25), (10, 12)], [(-9, -1), (10, 18)], -0.5, -24),
        # what goes on over midnight belongs to the date before, until there is a pause or the next part begins
        ([(-9, 1), (10, 12)], [(-9, -1), (10, 18)], 0.5, -9),
        ([(-9, 1), (10, 12)], [(-9, -1), (10, 18)], 12, 1),
        ([(-9, 12)], [(-9, -1), (10, 18)], 12, 10),
        # a part at night belongs to the date on which it begins; the next night is another
        ([(-2, 6)], [(-2, 6), (22, 30)], 3, -24),
        ([(-2, 6), (22, 26)], [(-2, 6), (22, 30)], 23, 6),
        ([(-2, 6.25), (22, 26)], [(-2, 6), (22, 30)], 23, 6.25),
        # parts of one date, and what was done before or between them, are one, however far they lie apart
        ([(0.5, 3), (18, 20)], [(0.5, 3), (18, 22)], 19, 0),
        ([(8, 9), (9, 12), (14, 15)], [(9, 12), (16, 20)], 15, 0),
        # a date without a plan after one with: what goes on is the same, what comes after 11 hours is not
        ([(-2, 7)], [(-2, 6)], 7, -2),
        ([(-9, -1), (12, 13)], [(-9, -1)], 13, 12),
        # nothing yet, on a planned date and beyond
        ([], [(9, 17)], 10, 0),
        ([], [(-15, -7)], 10, None),
    ],
)
def test_when_a_shift_began(what: list[Span], parts: list[Span], at: float, began: float | None) -> None:
    found = shift_began_at(
        worked(*what), h(at), day=day_of(UTC_ALWAYS, h(at)), parts=[Shift(h(a), h(b)) for a, b in parts]
    )
    assert found == (None if began is None else h(began))
