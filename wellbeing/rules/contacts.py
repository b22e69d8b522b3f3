"""What an outside line must look like to be of use to somebody who needs it now: a name, and a way to reach it."""

import re
from typing import Final

from people.rules.texts import kept_line
from wellbeing.exceptions import Refused

COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
PHONE: Final = re.compile(r"[0-9+()/ .*#-]+")
DIGITS_AT_LEAST: Final = 3
MOST: Final = {"country": 2, "name": 120, "phone": 40, "address": 200, "hours": 120, "languages": 120}
"""Characters of each part."""


class ContactRefused(Refused):
    """Something about the line cannot be; ``part`` is the field it is about."""

    code = "contact_refused"

    def __init__(self, part: str) -> None:
        super().__init__(f"the contact's {part} cannot be")
        self.part = part


class NameMissing(ContactRefused):
    """Nobody can look for a line without a name."""

    code = "name_missing"


class NoWayToReach(ContactRefused):
    """Neither a phone number nor an address."""

    code = "no_way_to_reach"


class NoPhoneNumber(ContactRefused):
    """What is meant to be dialled cannot be."""

    code = "no_phone_number"


class NoCountry(ContactRefused):
    """Not two letters of ISO 3166."""

    code = "no_country"


class PartTooLong(ContactRefused):
    """Longer than ``most`` characters."""

    code = "part_too_long"

    def __init__(self, part: str, *, most: int) -> None:
        super().__init__(part)
        self.most = most


def checked(parts: dict[str, str]) -> dict[str, str]:
    """Return the parts of a line (the keys of ``MOST``) as they are kept; country in capitals, or empty: everywhere.

    Raises:
        NameMissing, NoWayToReach, NoPhoneNumber, NoCountry, PartTooLong: these.
    """
    kept = {part: " ".join(kept_line(parts.get(part, "")).split()) for part in MOST}
    for part, most in MOST.items():
        if len(kept[part]) > most and part != "country":
            raise PartTooLong(part, most=most)
    if not kept["name"]:
        raise NameMissing("name")
    if kept["country"] and not COUNTRY.fullmatch(kept["country"]):
        raise NoCountry("country")
    if not kept["phone"] and not kept["address"]:
        raise NoWayToReach("phone")
    if kept["phone"] and not _can_be_dialled(kept["phone"]):
        raise NoPhoneNumber("phone")
    return {**kept, "country": kept["country"].upper()}


def _can_be_dialled(phone: str) -> bool:
    return bool(PHONE.fullmatch(phone)) and sum(map(str.isdigit, phone)) >= DIGITS_AT_LEAST
