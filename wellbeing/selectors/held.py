"""One person's facts, read once under the lock and kept true by the services that change them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wellbeing.models import Break, Exposure, PersonState, Presence


@dataclass
class Held:
    """The grip on one person's row: proof that the lock is held and the facts are settled up to ``at``.

    ``open_break``: due or running. ``exposure``: what is on the stage. ``presence``: the open desk.
    """

    subject: UUID
    at: datetime
    state: PersonState
    open_break: Break | None
    exposure: Exposure | None
    presence: Presence | None
