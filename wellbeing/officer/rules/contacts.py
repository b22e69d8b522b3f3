"""What an outside line must look like to be of use to somebody who needs it now: a name, and a way to reach it."""

import re
from typing import Final

from people.rules.texts import kept_line
from wellbeing.exceptions import NameMissing, NoCountry, NoPhoneNumber, NoWayToReach, PartTooLong

COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
PHONE: Final = re.compile(r"[0-9+()/ .*#-]+")
DIGITS_AT_LEAST: Final = 3
MOST: Final = {"country": 2, "name": 120, "phone": 40, "address": 200, "hours": 120, "languages": 120}
"""Characters of each part."""


def checked(parts: dict[str, str]) -> dict[str, str]:
    """Return the parts of a line (the keys of ``MOST``) as they are kept; country in capitals, or empty: everywhere.

    Raises:
        NameMissing, NoWayToReach, NoPhoneNumber, NoCountry, PartTooLong: these.
    """
    cleaned = {part: " ".join(kept_line(parts.get(part, "")).split()) for part in MOST}
    for part, most in MOST.items():
        if len(cleaned[part]) > most and part != "country":
            raise PartTooLong(part, most=most)
    if not cleaned["name"]:
        raise NameMissing("name")
    if cleaned["country"] and not COUNTRY.fullmatch(cleaned["country"]):
        raise NoCountry("country")
    if not cleaned["phone"] and not cleaned["address"]:
        raise NoWayToReach("phone")
    if cleaned["phone"] and not _can_be_dialled(cleaned["phone"]):
        raise NoPhoneNumber("phone")
    return {**cleaned, "country": cleaned["country"].upper()}


def _can_be_dialled(phone: str) -> bool:
    return bool(PHONE.fullmatch(phone)) and sum(map(str.isdigit, phone)) >= DIGITS_AT_LEAST
