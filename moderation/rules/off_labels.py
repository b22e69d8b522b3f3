"""How far a platform's labels were off, told so that nothing follows from it about one person or one act.

Counts of a stretch of four whole weeks, released once it is over and never again otherwise; the stretches do not overlap, so
that no difference of two releases is a shorter one. Rounded to 5; where fewer than five people decided, nothing is told;
where fewer than 5 cases are in a cell, or all but fewer than 5, the cell is not told (WELLBEING.md 'Who reads what').
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

A_MONDAY: Final = datetime(1970, 1, 5, tzinfo=UTC)
STRETCH: Final = timedelta(weeks=4)
SETTLED_AFTER: Final = timedelta(days=1)
"""No decision of a stretch is written later than this after its end, whatever the clock of who made it."""
FEWEST_PEOPLE: Final = 5
STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """What was decided in a stretch: cases, of them labelled too low at all, and by two severities or more; by how many
    people.
    """

    cases: int
    too_low: int
    far_too_low: int
    people: int


@dataclass(frozen=True, slots=True)
class Told:
    """The same, rounded. A cell is None where it is not told: fewer than 5, or all but fewer than 5."""

    cases: int
    too_low: int | None
    far_too_low: int | None


def stretch_before(at: datetime) -> tuple[datetime, datetime]:
    """Return when the last stretch that is over and settled at *at* began and ended; Mondays, UTC."""
    number = (at - SETTLED_AFTER - A_MONDAY) // STRETCH
    end = A_MONDAY + number * STRETCH
    return end - STRETCH, end


def told(counted: Counted) -> Told | None:
    """Return what may be told; None: nothing, since too few people, or too few cases, are behind it."""
    if counted.people < FEWEST_PEOPLE or counted.cases < STEP:
        return None
    return Told(
        cases=_rounded(counted.cases),
        too_low=_cell(counted.too_low, of=counted.cases),
        far_too_low=_cell(counted.far_too_low, of=counted.cases),
    )


def _cell(count: int, *, of: int) -> int | None:
    return _rounded(count) if STEP <= count <= of - STEP else None


def _rounded(count: int) -> int:
    return STEP * ((count + STEP // 2) // STEP)
