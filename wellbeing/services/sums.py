"""The sums of what was shown, by quarter of an hour and by local date, and the counters towards a break.

They move in the facts at hand, so that the rules see them at once, and are written with the act.
"""

from collections.abc import Iterable
from datetime import date, datetime

from wellbeing.rules.dates import Moved, dates_of
from wellbeing.rules.limits import Spent
from wellbeing.rules.load import NOTHING, Units
from wellbeing.rules.parts import Shift
from wellbeing.selectors.held import Held


def add(
    held: Held,
    *,
    quarter_at: datetime,
    severity: int,
    shown_ms: int = 0,
    units: Units = NOTHING,
    shifts: Iterable[Shift] | None = None,
) -> None:
    """Add time and load to a quarter and its date, and to the load since the last break; below zero they are taken away.

    ``shifts``: those around that quarter, where it is not one of today.
    """
    _move_quarter(held, quarter_at, severity, Spent(shown_ms, 0, units.as_shown, units.at_one))
    dates = dates_of(held.facts.zones, held.facts.shifts if shifts is None else shifts, quarter_at)
    moved = Moved(shown_ms=shown_ms, load_units=units.as_shown, units_at_one=units.at_one)
    _move_date(held, dates.on, severity, moved)
    if dates.night is not None:
        _move_date(held, dates.night, severity, Moved(night_ms=shown_ms))
    if dates.late is not None:
        _move_date(held, dates.late, severity, Moved(late_ms=shown_ms))
    set_block_load(held, held.state.block_load + units.as_shown)


def add_cases(held: Held, *, quarter_at: datetime, on: date, severity: int, cases: int) -> None:
    """Count cases on a local date; below zero they are taken away."""
    _move_quarter(held, quarter_at, severity, Spent(0, cases))
    _move_date(held, on, severity, Moved(cases=cases))


def set_block_load(held: Held, units: int) -> None:
    """Set the load since the last break of 10 min."""
    held.state.block_load = held.facts.ledger.block_load = max(units, 0)


def count_severe(held: Held, *, severity: int, shown_ms: int) -> None:
    """Let the counters towards a break at severity 3 and 4 run; below zero they go back, as far as they have come."""
    state = held.state
    state.severe_ms = max(state.severe_ms + (shown_ms if severity >= 3 else 0), 0)
    state.extreme_ms = max(state.extreme_ms + (shown_ms if severity == 4 else 0), 0)


def _move_quarter(held: Held, quarter_at: datetime, severity: int, by: Spent) -> None:
    moved = held.unwritten.sums.setdefault((quarter_at, severity), Spent())
    moved.shown_ms += by.shown_ms
    moved.cases += by.cases
    moved.load_units += by.load_units
    moved.units_at_one += by.units_at_one
    held.facts.ledger.add(
        quarter_at=quarter_at,
        severity=severity,
        shown_ms=by.shown_ms,
        cases=by.cases,
        load_units=by.load_units,
        units_at_one=by.units_at_one,
    )


def _move_date(held: Held, on: date, severity: int, by: Moved) -> None:
    moved = held.unwritten.dates.setdefault((on, severity), Moved())
    moved.shown_ms += by.shown_ms
    moved.cases += by.cases
    moved.load_units += by.load_units
    moved.units_at_one += by.units_at_one
    moved.night_ms += by.night_ms
    moved.late_ms += by.late_ms
    known = held.facts.dates.get((on, severity), Spent())
    held.facts.dates[on, severity] = Spent(
        known.shown_ms + by.shown_ms,
        known.cases + by.cases,
        known.load_units + by.load_units,
        known.units_at_one + by.units_at_one,
    )
