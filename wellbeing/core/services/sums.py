"""The sums of what was shown, by quarter of an hour and by local date, and the counters towards a break.

They move in the rows at hand, so that the rules see them at once, and are written back with the act.
"""

from collections.abc import Iterable
from datetime import date, datetime

from wellbeing.core.locked import Locked
from wellbeing.core.rules.dates import Moved, dates_of
from wellbeing.core.rules.limits import Spent
from wellbeing.core.rules.load import NOTHING, Units
from wellbeing.core.rules.parts import Shift


def add(
    locked: Locked,
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
    locked.move_quarter(quarter_at, severity, Spent(shown_ms, 0, units.as_shown, units.at_one))
    dates = dates_of(locked.zones, locked.binding.shifts if shifts is None else shifts, quarter_at)
    moved = Moved(shown_ms=shown_ms, load_units=units.as_shown, units_at_one=units.at_one)
    locked.move_date(dates.on, severity, moved)
    if dates.night is not None:
        locked.move_date(dates.night, severity, Moved(night_ms=shown_ms))
    if dates.late is not None:
        locked.move_date(dates.late, severity, Moved(late_ms=shown_ms))
    locked.set_block_load(locked.state.block_load + units.as_shown)


def add_cases(locked: Locked, *, quarter_at: datetime, on: date, severity: int, cases: int) -> None:
    """Count cases on a local date; below zero they are taken away."""
    locked.move_quarter(quarter_at, severity, Spent(cases=cases))
    locked.move_date(on, severity, Moved(cases=cases))


def count_severe(locked: Locked, *, severity: int, shown_ms: int) -> None:
    """Let the counters towards a break at severity 3 and 4 run; below zero they go back, as far as they have come."""
    state = locked.state
    state.severe_ms = max(state.severe_ms + (shown_ms if severity >= 3 else 0), 0)
    state.extreme_ms = max(state.extreme_ms + (shown_ms if severity == 4 else 0), 0)
