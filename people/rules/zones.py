"""In which time zone a person's local day is counted, from when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ZonePeriod:
    """From ``effective_from`` (UTC) until the next period, days are counted in ``zone`` (IANA name)."""

    zone: str
    effective_from: datetime
