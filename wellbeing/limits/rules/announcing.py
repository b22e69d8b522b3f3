"""A looser ceiling while nobody is elected representative: announced to everybody, void when a third object (promise P6)."""

from datetime import datetime, timedelta
from typing import Final

ANNOUNCED_FOR: Final = timedelta(days=14)
ONE_IN: Final = 3


def ends_at(announced_at: datetime) -> datetime:
    """Return until when moderators may object."""
    return announced_at + ANNOUNCED_FOR


def is_void(*, objections: int, moderators: int) -> bool:
    """Say whether a third of the moderators, or more, object. Of nobody nobody objects."""
    return objections > 0 and objections * ONE_IN >= moderators
