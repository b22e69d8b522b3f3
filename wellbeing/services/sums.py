"""The sums of what was shown, by quarter of an hour and by local date, and the counters towards a break.

They move in the facts at hand, so that the rules see them at once, and are written with the act.
"""

from collections.abc import Iterable
from datetime import date, datetime

from wellbeing.rules.dates import Moved, dates_of
from wellbeing.rules.limits import Spent
from wellbeing.rules.parts import Shift
from wellbeing.selectors.held import Held


def add(
    held: Held,
    *,
    quarter_at: datetime,
    severity: int,
    shown_ms: int = 0,
    load_units: int = 0,
    block_units: int = 0,
    shifts: Iterable[Shift] | None = None,
) -> None:
    """Add time and load to a quarter and its date, and to the load since the last break; below zero they are taken away.

    ``load_units`` tell nothing of the presentation, ``block_units`` do.
    ``shifts``: those around that quarter, where it is not one of today.
    """
    _move_quarter(held, quarter_at, severity, Spent(shown_ms, 0, load_units))
    dates = dates_of(held.facts.zones, held.facts.shifts if shifts is None else shifts, quarter_at)
    _move_date(held, dates.on, severity, Moved(shown_ms=shown_ms, load_units=load_units))
    if dates.night is not None:
        _move_date(held, dates.night, severity, Moved(night_ms=shown_ms))
    if dates.late is not None:
        _move_date(held, dates.late, severity, Moved(late_ms=shown_ms))
    set_block_load(held, held.state.block_load + block_units)


def add_cases(held: Held, *, quarter_at: datetime, on: date, severity: int, cases: int) -> None:
    """Count cases on a local date; below zero they are taken away."""
    _move_quarter(held, quarter_at, severity, Spent(0, cases, 0))
    _move_date(held, on, severity, Moved(cases=cases))


def set_block_load(held: Held, units: int) -> None:
    """Set the load since the last break of 10 min."""
    held.state.block_load = held.facts.ledger.block_load = max(units, 0)


def count_severe(held: Held, *, severity: int, shown_ms: int) -> None:
    """Let the counters towards a break at severity 3 and 4 run."""
    held.state.severe_ms = max(held.state.severe_ms + (shown_ms if severity >= 3 else 0), 0)
    held.state.extreme_ms = max(held.state.extreme_ms + (shown_ms if severity == 4 else 0), 0)


def _move_quarter(held: Held, quarter_at: datetime, severity: int, by: Spent) -> None:
    moved = held.unwritten.sums.setdefault((quarter_at, severity), Spent())
    moved.shown_ms += by.shown_ms
    moved.cases += by.cases
    moved.load_units += by.load_units
    held.facts.ledger.add(
        quarter_at=quarter_at,
        severity=severity,
        shown_ms=by.shown_ms,
        cases=by.cases,
        load_units=by.load_units,
    )


def _move_date(held: Held, on: date, severity: int, by: Moved) -> None:
    moved = held.unwritten.dates.setdefault((on, severity), Moved())
    moved.shown_ms += by.shown_ms
    moved.cases += by.cases
    moved.load_units += by.load_units
    moved.night_ms += by.night_ms
    moved.late_ms += by.late_ms
    known = held.facts.dates.get((on, severity), Spent())
    held.facts.dates[on, severity] = Spent(
        known.shown_ms + by.shown_ms, known.cases + by.cases, known.load_units + by.load_units
    )
