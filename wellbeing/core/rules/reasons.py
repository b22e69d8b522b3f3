"""The reason that somebody gives with a change, as it is kept."""

from typing import Final

from people.rules.texts import kept_text
from wellbeing.exceptions import ReasonMissing, ReasonTooLong

REASON_AT_MOST: Final = 1_000
"""Characters."""


def checked_reason(reason: str, *, is_needed: bool) -> str:
    """Return the reason without what nobody can see.

    Raises:
        ReasonMissing, ReasonTooLong: none where one is needed, or more than is read.
    """
    seen = kept_text(reason)
    if is_needed and not seen:
        raise ReasonMissing
    if len(seen) > REASON_AT_MOST:
        raise ReasonTooLong(most=REASON_AT_MOST)
    return seen
