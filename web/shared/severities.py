"""Severities and flags in words: number and word, never colour alone."""

from typing import Final

from django.utils.translation import gettext_lazy, pgettext_lazy

WORDS: Final = {
    0: pgettext_lazy("severity", "none"),
    1: pgettext_lazy("severity", "unpleasant"),
    2: pgettext_lazy("severity", "distressing"),
    3: pgettext_lazy("severity", "graphic"),
    4: pgettext_lazy("severity", "extreme"),
}
FLAGS: Final = {
    "V": gettext_lazy("violent"),
    "G": gettext_lazy("graphic"),
    "S": gettext_lazy("sexual"),
    "C": gettext_lazy("a child"),
    "A": gettext_lazy("hard to hear"),
    "T": gettext_lazy("mostly text"),
}


def severity(value: int) -> str:
    """Return '3 · graphic'."""
    return f"{value} · {WORDS[value]}"


def flags(letters: str) -> str:
    """Return 'violent, graphic' for ``VG``; a dash for none."""
    return ", ".join(str(FLAGS[letter]) for letter in letters if letter in FLAGS) or "–"
