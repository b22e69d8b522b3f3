"""What counts as written: a text of nothing but what nobody can see is an empty one."""

import unicodedata
from typing import Final

BLANK: Final = frozenset("\u2800\U0001d159\u115f\u1160\u3164\uffa0")
"""Letters and symbols that are drawn as nothing, whatever their category says."""
TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates (UAX 9): each can mirror what a page writes beside it."""
MARKS: Final = frozenset("\u200e\u200f\u061c")
"""Marks of direction, which a text of several sentences may need and a name does not."""


def kept_text(text: str) -> str:
    """Return a text as it is kept: trimmed, without NUL and without ``TURNS``; empty if nothing of it can be seen."""
    return _kept(text, without=TURNS)


def kept_line(text: str) -> str:
    """Return a name or another text of one line as it is kept: like ``kept_text``, and without ``MARKS``."""
    return _kept(text, without=TURNS | MARKS)


def _kept(text: str, *, without: frozenset[str]) -> str:
    kept = "".join(letter for letter in text if letter != "\0" and letter not in without).strip()
    return kept if any(map(_can_be_seen, kept)) else ""


def _can_be_seen(letter: str) -> bool:
    """Say so of letters, digits, punctuation and symbols; not of spaces, controls, formats and marks that stand alone."""
    return unicodedata.category(letter)[0] in "LNPS" and letter not in BLANK
