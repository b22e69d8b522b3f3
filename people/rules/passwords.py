"""Whether a password can be guessed, as zxcvbn estimates it: by what people choose, and not by kinds of characters."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, Final

SCORE: Final = 4
"""Of 0 to 4: more than 10 ** 10 guesses. Lower scores pass names with a year behind them."""
LONGEST: Final = 128
LOOKED_AT: Final = 72
"""What zxcvbn looks at, at most: its time grows with the square of the length."""
PRODUCT: Final = ("respite", "moderation", "moderator")


class Weakness(StrEnum):
    """Why a password is easy to guess."""

    TOO_LONG = "too_long"
    NAMES = "names"
    REPEATS = "repeats"
    SEQUENCES = "sequences"
    COMMON = "common"


def weakness_of(password: str, *, names: Iterable[str]) -> Weakness | None:
    """Return why *password* is refused, or None; *names*: what somebody who knows the person tries first."""
    if len(password) > LONGEST:
        return Weakness.TOO_LONG
    # Its lists of words are some megabytes, and most processes never see a password.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    known = [*PRODUCT, *_spellings(names)]
    found: Any = zxcvbn(password[:LOOKED_AT], user_inputs=known)
    if found["score"] < SCORE:
        return _reason(found["sequence"])
    # Names cost whoever knows them nothing, however many stand side by side: the rest has to be enough by itself.
    rest = _without(password[:LOOKED_AT], known)
    return None if rest == password[:LOOKED_AT] or zxcvbn(rest or "a")["score"] >= SCORE else Weakness.NAMES


def _without(password: str, known: Iterable[str]) -> str:
    """Return *password* without the words that are known, of three letters and more."""
    words = sorted({re.escape(word) for word in known if len(word) > 2}, key=len, reverse=True)
    return re.sub("|".join(words), "", password, flags=re.IGNORECASE)


def _spellings(names: Iterable[str]) -> Iterator[str]:
    """Yield each name and each of its parts, also without accents."""
    for name in names:
        for part in {name, *re.split(r"[\W_]+", name)}:
            plain = "".join(c for c in unicodedata.normalize("NFD", part) if not unicodedata.combining(c))
            yield from {one.casefold() for one in (part, plain) if len(one) > 1}


def _reason(parts: list[dict[str, Any]]) -> Weakness:
    lists = {part.get("dictionary_name") for part in parts} | {
        inner.get("dictionary_name") for part in parts for inner in part.get("base_matches") or []
    }
    patterns = {part["pattern"] for part in parts}
    if "user_inputs" in lists:
        return Weakness.NAMES
    if "repeat" in patterns:
        return Weakness.REPEATS
    return Weakness.SEQUENCES if patterns & {"sequence", "spatial", "date"} else Weakness.COMMON
