"""One clock per person that never goes back, and how long a stretch on the stage counts.

Source: WELLBEING.md 'Exposure' and 'Breaks', RELIABILITY.md 'The core' 5.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

NOTHING = timedelta(0)
MILLISECOND = timedelta(milliseconds=1)
BEAT = timedelta(seconds=5)
LATE_AFTER = timedelta(seconds=10)
STALE_AFTER = BEAT + LATE_AFTER
PLAIN_AT_MOST = timedelta(minutes=10)
TICK_AT_MOST = timedelta(seconds=10)
JUMP = timedelta(seconds=30)
AWAY_ENDS_ALL = timedelta(hours=8)


@dataclass(frozen=True)
class Reading:
    """The person's own clock (``clock_at``, never back) and the wall clock it was read from."""

    clock_at: datetime
    wall_at: datetime


def whole(at: datetime) -> datetime:
    """Cut to whole milliseconds, the unit of all sums, so that no stretch leaves a rounding behind."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def in_ms(duration: timedelta) -> int:
    """Return whole milliseconds."""
    return duration // MILLISECOND


def ms(count: int) -> timedelta:
    """Return a duration of *count* milliseconds."""
    return timedelta(milliseconds=count)


def advance(before: Reading, *, at: datetime, is_active: bool) -> Reading:
    """Move the person's clock to the wall clock *at*, but never back.

    While the wall clock is behind (it jumped back) and something is open, the person's clock flows
    on with the wall's steps, so that what is shown then still counts; once nothing is open it stands
    until the wall has caught up. A step of more than 10 min is no step but a jump: a clock that
    swings to and fro cannot carry anyone into tomorrow. What is up to 30 s earlier merely waited for
    the lock.
    """
    at = whole(at)
    passed = at - before.wall_at
    wall_at = before.wall_at if -JUMP <= passed < NOTHING else at
    step = passed if is_active and NOTHING <= passed <= PLAIN_AT_MOST else NOTHING
    return Reading(clock_at=max(at, before.clock_at + step), wall_at=wall_at)


def read(before: Reading, *, at: datetime) -> datetime | None:
    """Read the person's clock at the wall clock *at* without moving it; None when the wall clock jumped back."""
    passed = whole(at) - before.wall_at
    if passed < -JUMP:
        return None
    step = passed if NOTHING <= passed <= PLAIN_AT_MOST else NOTHING
    return max(whole(at), before.clock_at + step)


@dataclass(frozen=True)
class Counted:
    """Until when a stretch counts. ``is_over``: it ends there. ``is_late``: the page fell silent."""

    until: datetime
    is_over: bool
    is_late: bool = False


def count(
    *, last_beat_at: datetime, at: datetime, beating: bool, covers_at: datetime | None, is_sign: bool
) -> Counted:
    """Say until when a stretch counts at *at*.

    ``is_sign``: its page has just been heard of, so the time up to now was shown; without one, at most
    a beat after the last is taken for granted. ``covers_at``: the page was told to cover itself then,
    so nothing counts later than a beat after it.
    """
    counted = _heard(last_beat_at, at, is_sign=is_sign) if beating else _plain(last_beat_at, at)
    if covers_at is None or counted.until < covers_at:
        return counted
    return Counted(min(counted.until, covers_at + BEAT), is_over=True, is_late=counted.is_late)


def _heard(last_beat_at: datetime, at: datetime, *, is_sign: bool) -> Counted:
    if at - last_beat_at > STALE_AFTER:
        return Counted(last_beat_at + BEAT, is_over=True, is_late=True)
    return Counted(at if is_sign else min(at, last_beat_at + BEAT), is_over=False)


def _plain(last_beat_at: datetime, at: datetime) -> Counted:
    end = last_beat_at + PLAIN_AT_MOST
    return Counted(min(at, end), is_over=at >= end)


def tick(*, ticked_at: datetime, at: datetime) -> timedelta:
    """Return how much of a break one tick serves: at most 10 s, and nothing across a jump or a stopped server."""
    gap = at - ticked_at
    if gap > JUMP:
        return NOTHING
    return min(max(gap, NOTHING), TICK_AT_MOST)
