"""The board's rows in words: cases that wait, since when, and what is due. Nothing about people."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from queues.selectors import QueueLine
from web.lead import wording


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue on the board."""

    id: int
    name: str
    platform: str
    state: str
    state_soon: bool
    waiting: int
    oldest: str
    due_soon: int
    note: str


def queue_row(line: QueueLine, at: datetime) -> QueueRow:
    """Return one row; why nobody is available is not told, because it would tell of people."""
    return QueueRow(
        id=line.id,
        name=line.name,
        platform=line.platform,
        state=wording.state(line.state),
        state_soon=line.state in wording.AWAY_FROM_USUAL,
        waiting=line.depth,
        oldest=wording.oldest(line.oldest_at, at),
        due_soon=line.due_soon,
        note=_("Nobody is available for part of this.") if line.nobody_available else "",
    )
