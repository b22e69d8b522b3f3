"""The rows of one person that looking moves, read by one statement.

Under the person's lock it must run after the statement that locks, never as part of it: what waited for the lock would
otherwise see the other rows as they were before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from live.events import group_of
from people.statements import Part, Row, Statement, columns, instant, many_from_json, one_from_json
from wellbeing.core.binding import MARKS, Marks
from wellbeing.core.rules.caps import DAYS_LOOKED_BACK
from wellbeing.core.rules.limits import Counters, Spent
from wellbeing.core.rules.turns import Turn
from wellbeing.models import Break, Exposure, PersonState, Presence

DATES_REACH_BACK = timedelta(days=DAYS_LOOKED_BACK + 1)
LATELY = timedelta(days=2)
"""What is older is of a date that is over in every zone."""

SUMS_REACH_BACK = timedelta(hours=26)
"""Covers the local day (25 h at most) and the 97 quarters."""

ROWS = Statement(
    f"""
SELECT
    CAST((
        SELECT {{array}}({columns(PersonState)}) FROM wellbeing_personstate WHERE subject = %(subject)s
    ) AS text),
    CAST((
        SELECT {{array}}({columns(Break)}) FROM wellbeing_break
        WHERE subject = %(subject)s AND NOT (state = 'over')
    ) AS text),
    CAST((
        SELECT {{array}}({columns(Exposure)}) FROM wellbeing_exposure
        WHERE subject = %(subject)s AND closed_at IS NULL
    ) AS text),
    CAST((
        SELECT {{array}}({columns(Presence)}) FROM wellbeing_presence
        WHERE subject = %(subject)s AND closed_at IS NULL
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(quarter_at, severity, shown_ms, cases, load_units, units_at_one)) FROM wellbeing_exposuresum
        WHERE subject = %(subject)s AND quarter_at >= %(since)s
    ) AS text),
    (SELECT number FROM wellbeing_rev WHERE "group" = %(group)s),
    CAST((
        SELECT {{list}}({{array}}(local_date, severity, shown_ms, cases, load_units, units_at_one)) FROM wellbeing_daysum
        WHERE subject = %(subject)s AND local_date >= %(dates_since)s AND local_date < %(lately)s
    ) AS text),
    CAST((
        SELECT {{list}}({{array}}(local_date, severity, shown_ms, cases, load_units, units_at_one)) FROM wellbeing_daysum
        WHERE subject = %(subject)s AND local_date >= %(lately)s
    ) AS text),
    {MARKS}
"""  # noqa: S608 - put together from constants
)


@dataclass
class Rows:
    """The rows as they are; under the lock an act moves them, and they stay what its person is asked by.

    ``stretch``: the open exposure, on the stage or taken from it and still counting. ``spent``: (quarter start, severity) →
    what was shown, of a day and more; ``dates``: (local date, severity) → the same, of the last weeks. ``rev``: the change
    number that the person's pages know.
    """

    state: PersonState
    open_break: Break | None
    stretch: Exposure | None
    presence: Presence | None
    spent: dict[tuple[datetime, int], Spent]
    dates: dict[tuple[date, int], Spent]
    rev: int

    @property
    def counters(self) -> Counters:
        """Time since the breaks that answer it, as the rules take it."""
        state = self.state
        return Counters(
            state.work_ms, state.severe_ms, state.extreme_ms, state.since_rest_ms, state.breaks_kept
        )


def part(subject: UUID, *, at: datetime) -> Part:
    """Return the statement that reads the rows of a person around *at*, for whoever has more to read in the same round trip."""
    return ROWS, {
        "subject": subject,
        "mark": subject.hex,
        "since": at - SUMS_REACH_BACK,
        "group": group_of(subject),
        "dates_since": str((at - DATES_REACH_BACK).date()),
        "lately": str((at - LATELY).date()),
    }


def rows_from(subject: UUID, row: Row | None, *, at: datetime) -> tuple[Rows, Marks]:
    """Return what ``part`` has read. Whoever was never seen before has the state that they would begin with now."""
    state, rest, stretch, presence, sums, rev, past, lately, for_all, for_me = row or ((None,) * 10)
    rows = Rows(
        state=one_from_json(PersonState, state) or PersonState(subject=subject, clock_at=at, wall_at=at),
        open_break=one_from_json(Break, rest),
        stretch=one_from_json(Exposure, stretch),
        presence=one_from_json(Presence, presence),
        spent={(instant(when), severity): Spent(*what) for when, severity, *what in many_from_json(sums)},
        dates={**_past(past), **_dates(lately)},
        rev=rev or 0,
    )
    return rows, (for_all, for_me)


def turn_of(state: PersonState) -> Turn:
    """Return what the cases before say about the next one, as the rules take it."""
    return Turn(
        run_category=state.run_category,
        run_cases=state.run_cases,
        severe_run=state.severe_run,
        spacing_owed=state.spacing_owed,
        has_passed=state.has_passed,
    )


@lru_cache(maxsize=256)
def _past(text: str | None) -> Mapping[tuple[date, int], Spent]:
    """Return what was shown on dates that are over; once for the whole text, for it is the same in every act of a day."""
    return _dates(text)


def _dates(text: str | None) -> dict[tuple[date, int], Spent]:
    return {(date.fromisoformat(on), severity): Spent(*what) for on, severity, *what in many_from_json(text)}
