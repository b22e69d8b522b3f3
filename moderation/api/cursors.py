"""Cursors: a place in a list, opaque to the reader. Each list has its own kind, so that one is not taken for another."""

import base64
import binascii
from typing import Final

from django.utils.translation import gettext as _

from moderation.api.problems import Fault, Problem

ITEMS: Final = "i"
DECISIONS: Final = "d"
LARGEST: Final = 2**63 - 1


def cursor(kind: str, place: int | None) -> str | None:
    """Return the cursor of a place, or None for the end."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(f"{kind}{place}".encode()).decode().rstrip("=")


def place(kind: str, text: str | None, *, name: str) -> int | None:
    """Return the place of a cursor that came as the parameter *name*.

    Raises:
        Problem: ``invalid``: it is none of ours.
    """
    if text is None:
        return None
    digits = _decoded(text).removeprefix(kind)
    if not (digits.isascii() and digits.isdigit() and cursor(kind, int(digits[:20])) == text):
        raise Problem("invalid", faults=[Fault(f"/{name}", _("Give a cursor exactly as it was answered."))])
    return min(int(digits), LARGEST)


def _decoded(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        return ""
