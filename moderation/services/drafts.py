"""What a person has chosen and written so far on a case. Theirs alone."""

from datetime import datetime
from uuid import UUID

from moderation.models import Draft


class DraftRefused(Exception):
    """This person never held the case."""


def save_draft(
    *, subject: UUID, case_id: UUID, categories: list[str], action: str, rationale: str, at: datetime
) -> Draft:
    """Keep what *subject* has so far on a case that they hold or have held. Written as it is: nothing is checked yet.

    Raises:
        DraftRefused: they never held it.
    """
    raise NotImplementedError
