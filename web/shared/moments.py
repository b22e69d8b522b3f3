"""Days and times in words, on the clock of who reads."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

DAY, DAY_AND_TIME = "l j F Y", "l j F, H:i"


def moment(at: datetime) -> str:
    """Return '18 November 2026, 09:12'."""
    return date_format(localtime(at), "j F Y, H:i")


def moment_of_this_year(at: datetime, zone: ZoneInfo | None = None) -> str:
    """Return '24 November, 09:00', on the clock of *zone* where that is not the reader's."""
    return date_format(localtime(at, zone), "j F, H:i")


def day(on: date) -> str:
    """Return 'Monday 23 November 2026'."""
    return date_format(on, DAY)


def short_day(on: date) -> str:
    """Return '23 November'."""
    return date_format(on, "j F")


def day_and_time(at: datetime, zone: ZoneInfo | None = None) -> str:
    """Return 'Monday 23 November, 09:00', on the clock of *zone* where that is not the reader's."""
    return date_format(localtime(at, zone), DAY_AND_TIME)


def from_then(at: datetime, zone: ZoneInfo | None = None) -> str:
    """Return the minute from which something is so: whoever comes on that minute does not come too early."""
    return f"{localtime(at + timedelta(minutes=1) - timedelta(microseconds=1), zone):%H:%M}"


def due(at: datetime, *, is_overdue: bool) -> str:
    """Return by when an answer is owed: 'due Monday 30 November, 09:00', or 'was due …'."""
    told = {"day": day_and_time(at)}
    return _("was due %(day)s") % told if is_overdue else _("due %(day)s") % told
