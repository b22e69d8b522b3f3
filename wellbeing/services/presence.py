"""Intervals at the desk. All of them are working time."""

from wellbeing.models import Presence
from wellbeing.selectors import Held


def open_desk(*, held: Held, beating: bool) -> Presence:
    """Open the desk (``waiting``), or say anew whether its page beats when it is open already."""
    raise NotImplementedError


def set_kind(*, held: Held, kind: str) -> Presence:
    """Close the open interval and begin one of another kind (``PresenceKind``); the same kind goes on.

    Raises:
        NoOpenDesk: the desk is not open.
    """
    raise NotImplementedError


def close_desk(*, held: Held) -> None:
    """Cover and end the day at this desk.

    Raises:
        NoOpenDesk: the desk is not open.
    """
    raise NotImplementedError
