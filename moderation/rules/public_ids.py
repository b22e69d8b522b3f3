"""Ids as a platform sees them: a prefix that says of what, and 32 hex digits (API.md 'Conventions')."""

from typing import Final
from uuid import UUID

from moderation.exceptions import NoSuchId

ITEM: Final = "itm"
CASE: Final = "cas"
DECISION: Final = "dec"
MEDIUM: Final = "med"
EVENT: Final = "whe"

HEX_DIGITS: Final = 32


def tell(prefix: str, value: UUID) -> str:
    """Return ``itm_0123…`` for an id."""
    return f"{prefix}_{value.hex}"


def read(prefix: str, text: str) -> UUID:
    """Return the id behind *text*, which must be exactly as `tell` wrote it.

    Raises:
        NoSuchId: it is not.
    """
    head, _, digits = text.partition("_")
    if head != prefix or len(digits) != HEX_DIGITS or not set(digits) <= set("0123456789abcdef"):
        raise NoSuchId
    return UUID(hex=digits)
