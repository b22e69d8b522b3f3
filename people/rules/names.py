"""Names that cannot be taken for another one: what may stand in a name, and how it looks.

Which characters: RFC 8264 (``precis_i18n``). Which script a letter belongs to, and what it looks like: Unicode's tables
(``confusable_homoglyphs``, UTS 39). A name may be of any one script; in a shown name each word may be of another one.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from precis_i18n import get_profile

from people.exceptions import NameLooksLike, NameMixed, NameUnseen

BLANK: Final = frozenset("\u2800\U0001d159")
"""Symbols that are drawn as nothing; RFC 8264 lets symbols pass."""
UNSEEN_IN_WORDS: Final = {ord(one): None for one in "\u200c\u200d\u200e\u200f"}
"""Joiners change how letters of some scripts join; the marks are a slip of the table, which wraps some letters in them."""
TOGETHER: Final = (
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
)
"""Scripts that one language writes side by side (UTS 39, 'highly restrictive')."""
OF_NO_SCRIPT: Final = frozenset({"COMMON", "INHERITED"})


def check_shown(name: str) -> str:
    """Return a name that people read, composed and with single spaces.

    Raises:
        NameUnseen, NameMixed: about its characters.
    """
    tidy = " ".join(part for part in unicodedata.normalize("NFC", name).split(" ") if part)
    _check_seen(tidy, "FreeformClass")
    _check_scripts(tidy)
    return tidy


def check_typed(name: str) -> str:
    """Return *name*, with which somebody signs in.

    Raises:
        NameUnseen, NameMixed: about its characters.
    """
    _check_seen(name, "UsernameCasePreserved")
    _check_scripts(name)
    return name


def check_unlike(name: str, others: Iterable[str]) -> None:
    """Refuse a name that can be taken for another one. One that is the very same is not meant here.

    Raises:
        NameLooksLike: with the first such.
    """
    looks, same, bare = looks_of(name), _folded(name), bare_of(name)
    for other in others:
        if _folded(other) != same and (looks & looks_of(other) or bare == bare_of(other)):
            raise NameLooksLike(other)
        if name != other and _folded(other) == same:
            raise NameLooksLike(other)


def bare_of(name: str) -> str:
    """Return a name's letters and digits alone, without accents, case, marks and pictures: 'Wím.' is 'wim'."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(one for one in plain if one.isalnum()).casefold() or name


def looks_of(name: str) -> frozenset[str]:
    """Return how a name looks, as typed and in small letters: names with one of these in common look alike."""
    return frozenset({_skeleton(name).casefold(), _skeleton(name.casefold()).casefold()})


def _check_seen(name: str, profile: str) -> None:
    if BLANK & set(name) or (name and unicodedata.category(name[0]).startswith("M")):
        raise NameUnseen
    try:
        get_profile(profile).enforce(name or "-")
    except UnicodeEncodeError:
        raise NameUnseen from None


def _check_scripts(name: str) -> None:
    from confusable_homoglyphs.categories import unique_aliases  # noqa: PLC0415 - with it comes a table of megabytes

    for word in name.split(" "):
        scripts = unique_aliases(word) - OF_NO_SCRIPT
        if len(scripts) > 1 and not any(scripts <= together for together in TOGETHER):
            raise NameMixed


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _skeleton(name: str) -> str:
    """Return UTS 39's skeleton: each letter replaced by the one that stands for all that look like it."""
    table = _prototypes()
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).translate(UNSEEN_IN_WORDS))
    return unicodedata.normalize("NFD", "".join(table.get(letter, letter) for letter in letters))


@cache
def _prototypes() -> dict[str, str]:
    """Return Unicode's table. The library keeps it both ways: a letter with one entry stands behind it, or has only it."""
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415 - megabytes

    entries = {
        key.translate(UNSEEN_IN_WORDS): [one["c"].translate(UNSEEN_IN_WORDS) for one in found]
        for key, found in confusables_data.items()
    }
    table = {}
    for letter, found in entries.items():
        mutual = len(found) == 1 and entries.get(found[0]) == [letter]
        if len(letter) == 1 and len(found) == 1 and not (mutual and letter < found[0]):
            table[letter] = found[0]
    return table
