"""Cursors: a place in a list, sealed. Each list has its own kind, so that one is not taken for another.

Items of all platforms share a sequence: from a bare number a platform would read how many the others send.
"""

from typing import Final

from django.utils.translation import gettext as _

from moderation.api.problems import Fault, Problem
from people.encryption import open_number, seal_number

ITEMS: Final = "i"
DECISIONS: Final = "d"


def cursor(kind: str, place: int | None) -> str | None:
    """Return the cursor of a place, or None for the end."""
    return None if place is None else seal_number(place, about=f"cursor-{kind}")


def place(kind: str, text: str | None, *, name: str) -> int | None:
    """Return the place of a cursor that came as the parameter *name*.

    Raises:
        Problem: ``invalid``: it is none of ours.
    """
    if text is None:
        return None
    found = open_number(text, about=f"cursor-{kind}")
    if found is None:
        raise Problem("invalid", faults=[Fault(f"/{name}", _("Give a cursor exactly as it was answered."))])
    return found
