"""What counted although nothing was heard, and is taken back because a page is believed that it was covered then."""

from datetime import datetime

from wellbeing.core import writing
from wellbeing.core.locked import Locked
from wellbeing.core.rules import clock
from wellbeing.core.services import ledger, sums
from wellbeing.models import Exposure

BELIEVED = "believed"


def take_back(locked: Locked, row: Exposure, *, covered_at: datetime) -> None:
    """Take back what a row that has ended counted after *covered_at*, as far as a page is believed; once."""
    disclaimed = clock.believed(
        last_beat_at=row.last_beat_at, counted_until=ledger.counted_until(row), covered_at=covered_at
    )
    if row.closed_reason == BELIEVED or not disclaimed:
        return
    row.closed_reason = BELIEVED
    back_ms = min(clock.in_ms(disclaimed), _left_of_today(locked))
    locked.state.believed_ms += back_ms
    _shorten(locked, row, back_ms)
    writing.write_back(locked)


def _left_of_today(locked: Locked) -> int:
    """Return how much silence may still be believed on this local date, in ms."""
    today = locked.day.date
    if locked.state.believed_on != today:
        locked.state.believed_on, locked.state.believed_ms = today, 0
    return max(clock.in_ms(clock.BELIEVED_A_DAY) - locked.state.believed_ms, 0)


def _shorten(locked: Locked, row: Exposure | None, back_ms: int) -> None:
    """Take *back_ms* off the end of a row, and of those that it continues."""
    while row is not None:
        part_ms = min(back_ms, row.shown_ms)
        row.shown_ms -= part_ms
        row.unheard_ms = min(max(row.unheard_ms - part_ms, 0), row.shown_ms)
        row.closed_at = ledger.counted_until(row)
        ledger.weigh(locked, row, shown_ms=-part_ms)
        sums.count_severe(locked, severity=row.severity, shown_ms=-part_ms)
        locked.unwritten.exposures[row.pk] = row
        back_ms -= part_ms
        row = row.continues if back_ms else None
