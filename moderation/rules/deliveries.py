"""When a webhook is tried again, and what an answer to it means."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

# API.md 'Webhooks': ten attempts. The gap before the first is 0 s; these are the gaps before the other nine.
GAPS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
LONGEST_RETRY_AFTER: Final = timedelta(hours=24)

GONE: Final = 410


class Outcome(StrEnum):
    """What follows from an answer."""

    DELIVERED = "delivered"
    GONE = "gone"
    FAILED = "failed"


def outcome_of(status: int | None) -> Outcome:
    """Tell what a status means (None: no answer came). Only 2xx is success: a redirect is a failure."""
    if status is not None and 200 <= status < 300:
        return Outcome.DELIVERED
    return Outcome.GONE if status == GONE else Outcome.FAILED


def asked_delay(header: str | None, *, at: datetime) -> timedelta | None:
    """Return what a ``Retry-After`` header asks (seconds or an HTTP date), at most a day; None if it asks nothing."""
    if not header:
        return None
    delay = _seconds(header) if header.strip().isdecimal() else _until(header, at)
    return min(delay, LONGEST_RETRY_AFTER) if delay is not None and delay > timedelta(0) else None


def longer(gap: timedelta, asked: timedelta | None) -> timedelta:
    """Return the gap of the schedule, or what the receiver asked if that is longer."""
    return max(gap, asked) if asked else gap


def _seconds(header: str) -> timedelta:
    digits = header.strip()
    return timedelta(seconds=int(digits)) if len(digits) <= 9 else LONGEST_RETRY_AFTER


def _until(header: str, at: datetime) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError):
        return None
    return moment - at if moment.tzinfo else None
