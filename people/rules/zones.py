"""In which time zone a person's local day is counted, from when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from people.exceptions import UnknownZone

# A person's first zone holds for all that was before.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# A change holds a day later, so that flying east does not make a day shorter (WELLBEING.md 'Exposure').
CHANGE_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ZonePeriod:
    """From ``effective_from`` (UTC) until the next period, days are counted in ``zone`` (IANA name)."""

    zone: str
    effective_from: datetime


def check_zone(zone: str) -> str:
    """Return *zone*.

    Raises:
        UnknownZone: it is no IANA name.
    """
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(zone) from None
    return zone
