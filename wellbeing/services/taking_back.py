"""What counted although nothing was heard, and is taken back because a page is believed that it was covered then."""

from datetime import datetime

from wellbeing.core import writing
from wellbeing.core.locked import Locked
from wellbeing.models import Exposure
from wellbeing.rules import clock
from wellbeing.services import ledger, sums

BELIEVED = "believed"


def take_back(held: Locked, row: Exposure, *, covered_at: datetime) -> None:
    """Take back what a row that has ended counted after *covered_at*, as far as a page is believed; once."""
    disclaimed = clock.believed(
        last_beat_at=row.last_beat_at, counted_until=ledger.counted_until(row), covered_at=covered_at
    )
    if row.closed_reason == BELIEVED or not disclaimed:
        return
    row.closed_reason = BELIEVED
    back_ms = min(clock.in_ms(disclaimed), _left_of_today(held))
    held.state.believed_ms += back_ms
    _shorten(held, row, back_ms)
    writing.write_back(held)


def _left_of_today(held: Locked) -> int:
    """Return how much silence may still be believed on this local date, in ms."""
    today = held.day.date
    if held.state.believed_on != today:
        held.state.believed_on, held.state.believed_ms = today, 0
    return max(clock.in_ms(clock.BELIEVED_A_DAY) - held.state.believed_ms, 0)


def _shorten(held: Locked, row: Exposure | None, back_ms: int) -> None:
    """Take *back_ms* off the end of a row, and of those that it continues."""
    while row is not None:
        part_ms = min(back_ms, row.shown_ms)
        row.shown_ms -= part_ms
        row.unheard_ms = min(max(row.unheard_ms - part_ms, 0), row.shown_ms)
        row.closed_at = ledger.counted_until(row)
        ledger.weigh(held, row, shown_ms=-part_ms)
        sums.count_severe(held, severity=row.severity, shown_ms=-part_ms)
        held.unwritten.exposures[row.pk] = row
        back_ms -= part_ms
        row = row.continues if back_ms else None
