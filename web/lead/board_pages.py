"""The board's rows in words: cases that are open, since when, and what is due. Nothing about people."""

from collections.abc import Iterator
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
    open_cases: int
    counted: str
    oldest: str
    due_soon: int
    notes: list[str]


def queue_row(line: QueueLine, at: datetime) -> QueueRow:
    """Return one row; why nobody is available or took something is not told, because it would tell of people."""
    return QueueRow(
        id=line.id,
        name=line.name,
        platform=line.platform,
        state=wording.state(line.state),
        state_soon=line.state in wording.AWAY_FROM_USUAL,
        open_cases=line.depth,
        counted=wording.counted(line.counted_at, at),
        oldest=wording.oldest(line.oldest_at, at),
        due_soon=line.due_soon,
        notes=list(_notes(line)),
    )


def _notes(line: QueueLine) -> Iterator[str]:
    if line.nobody_available:
        yield _("Nobody is available for part of this.")
    if line.untaken:
        yield _(
            "Roster and limits allow this and nobody took it. Respite does not tell why; ask the officer."
        )
