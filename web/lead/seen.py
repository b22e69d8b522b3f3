"""Which row of a limit or a preset a page showed, so that nobody overwrites what they have not seen.

Limits of teams and of people share one sequence, so the number itself would tell how many people changed their own.
"""

from typing import Final

from django import forms

from people.encryption import open_number, seal_number

ABOUT: Final = "limit"
NOTHING_SEEN: Final = -1


def sealed(row: int) -> str:
    """Return what a form carries of the row that it shows; 0 is none."""
    return seal_number(row, about=ABOUT)


def opened(text: str) -> int | None:
    """Return the row that a form brings back; None where that is nothing of ours."""
    return open_number(text, about=ABOUT) if text else None


class SeenField(forms.Field):
    """The row that a page showed; whoever sends nothing of ours has seen nothing that there is."""

    def clean(self, value: str | None) -> int:
        """Return its number, ``NOTHING_SEEN`` for what is none."""
        row = opened(value or "")
        return NOTHING_SEEN if row is None else row
