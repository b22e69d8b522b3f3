"""Since when a person does this work, and in which country: what the employer says of them at the start."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from people.exceptions import BeganInFuture, UnknownCountry

COUNTRY = re.compile(r"[A-Z]{2}")


def check_began_on(began_on: date | None, *, zone: str, at: datetime) -> date | None:
    """Return *began_on*; None is a new starter, whose ramp begins with the first day at the desk.

    Raises:
        BeganInFuture: it lies after the local date of *at* in *zone*: the ramp would begin with a date, not with the work.
    """
    today = at.astimezone(ZoneInfo(zone)).date()
    if began_on is not None and began_on > today:
        raise BeganInFuture(today)
    return began_on


def check_country(country: str) -> str:
    """Return the code in capitals (ISO 3166, two letters), or nothing where none is told.

    Raises:
        UnknownCountry: it is no such code.
    """
    code = country.strip().upper()
    if code and not COUNTRY.fullmatch(code):
        raise UnknownCountry(country)
    return code
