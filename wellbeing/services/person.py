"""The row lock under which everything about one person happens."""

from datetime import datetime
from uuid import UUID

from wellbeing.selectors import Held

__all__ = ["Held", "hold"]


def hold(*, subject: UUID, at: datetime) -> Held:
    """Lock this person's row, settle what has happened since, and return the grip for every other act.

    Inside ``transaction.atomic()`` only; the lock ends with the transaction. ``held.at`` is never
    earlier than any moment before it. Settling accrues the open exposure and presence, ticks a
    running break, covers the stage when a limit or a break is reached, and makes breaks due; what a page
    would show differently moves the person's rev after the commit.
    """
    raise NotImplementedError
