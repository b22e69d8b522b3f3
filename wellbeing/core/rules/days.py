"""What 'a day' is: the person's local date, and the current quarter of an hour plus the 96 before it.

Quarters begin at :00, :15, :30 and :45 UTC, and every zone in use is a multiple of 15 minutes off, so
a local day is whole quarters, on the days of 23 and 25 hours as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from people.rules.zones import BEGINNING, ZonePeriod

QUARTER = timedelta(minutes=15)
QUARTERS_BEFORE = 96
MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True)
class Day:
    """Both meanings of the day that holds ``at``; all instants UTC.

    ``start`` to ``end``: the local ``date`` in ``zone``. ``rolling_start``: the first of the 97 quarters.
    """

    date: date
    zone: str
    start: datetime
    end: datetime
    quarter_at: datetime
    rolling_start: datetime


def quarter_start(at: datetime) -> datetime:
    """Return the start of the quarter of an hour (UTC) that holds *at*."""
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def split(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Yield (quarter, from, until) of each quarter that *start* to *end* touches."""
    while start < end:
        quarter = quarter_start(start)
        until = min(end, quarter + QUARTER)
        yield quarter, start, until
        start = until


def zone_at(periods: Sequence[ZonePeriod], at: datetime) -> str:
    """Return the zone that holds at *at*; UTC before the first period."""
    locked = [period for period in periods if period.effective_from <= at]
    return max(locked, key=lambda period: period.effective_from).zone if locked else "UTC"


def day_of(periods: Sequence[ZonePeriod], at: datetime) -> Day:
    """Return the day, by both meanings, in which *at* lies."""
    name = zone_at(periods, at)
    zone = _zone(name)
    today = at.astimezone(zone).date()
    quarter = quarter_start(at)
    return Day(
        date=today,
        zone=name,
        start=_midnight(today, zone),
        end=_midnight(today + timedelta(days=1), zone),
        quarter_at=quarter,
        rolling_start=quarter - QUARTERS_BEFORE * QUARTER,
    )


def midnight(day: Day, ahead: int = 0) -> datetime:
    """Return when the local date that lies *ahead* days after that of *day* begins, by the clock of its zone."""
    return _midnight(day.date + timedelta(days=ahead), _zone(day.zone))


def local_time(day: Day, *, minute: int, ahead: int = 0) -> datetime:
    """Return the instant of a minute of the local date *ahead* of that of *day*; the first of two, the next if none is."""
    clock = time(minute // 60, minute % 60) if minute < MINUTES_OF_DAY else time(0)
    date = day.date + timedelta(days=ahead + minute // MINUTES_OF_DAY)
    return datetime.combine(date, clock, tzinfo=_zone(day.zone)).astimezone(UTC)


def next_day_start(periods: Sequence[ZonePeriod], at: datetime) -> datetime:
    """Return when the local day after that of *at* begins: a loosened limit holds from then."""
    return day_of(periods, at).end


def latest_day_end(zones: Iterable[str], at: datetime) -> datetime:
    """Return when the local day of *at* has ended in all of these zones (UTC if there are none)."""
    return max(day_of([ZonePeriod(zone, BEGINNING)], at).end for zone in {*zones} or {"UTC"})


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local date (`fold=0` is right both where 00:00 is missing and where it is twice)."""
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
