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
UNHEARD_AT_MOST = timedelta(minutes=10)
"""As long a stretch counts of which nothing more is heard, and as long is a page without beats taken to be there."""
BELIEVED_A_DAY = timedelta(minutes=5)
"""Of so much silence a person's pages are believed, on one local date, that the stage was covered."""
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
    step = passed if is_active and NOTHING <= passed <= UNHEARD_AT_MOST else NOTHING
    return Reading(clock_at=max(at, before.clock_at + step), wall_at=wall_at)


def read(before: Reading, *, at: datetime) -> datetime | None:
    """Read the person's clock at the wall clock *at* without moving it; None when the wall clock jumped back."""
    passed = whole(at) - before.wall_at
    if passed < -JUMP:
        return None
    step = passed if NOTHING <= passed <= UNHEARD_AT_MOST else NOTHING
    return max(whole(at), before.clock_at + step)


@dataclass(frozen=True)
class Counted:
    """Until when a stretch counts, and until when of it the page was heard of.

    ``is_over``: it ends there, whoever is heard later. ``is_late``: the page said that it beats, and fell silent.
    """

    until: datetime
    heard_until: datetime
    is_over: bool
    is_late: bool


def count(*, last_beat_at: datetime, at: datetime, beating: bool, covers_at: datetime | None) -> Counted:
    """Say until when a stretch that was last heard of at *last_beat_at* counts at *at*: in full, at most 10 min.

    ``covers_at``: the page was told to cover itself then. A page that answers has done so a beat later at the latest;
    what counts beyond that, or beyond what a page that beats may be silent, counts as unheard of.
    """
    over_at = last_beat_at + UNHEARD_AT_MOST
    heard_until = last_beat_at + STALE_AFTER if beating else over_at
    if covers_at is not None:
        heard_until = min(heard_until, max(covers_at, last_beat_at) + BEAT)
    return Counted(
        until=min(at, over_at),
        heard_until=heard_until,
        is_over=at >= over_at,
        is_late=is_late(last_beat_at=last_beat_at, at=at, beating=beating),
    )


def is_late(*, last_beat_at: datetime, at: datetime, beating: bool) -> bool:
    """Say whether a page that said it beats has been silent for so long that its next beat is late."""
    return beating and at - last_beat_at > STALE_AFTER


def may_be_served(*, last_beat_at: datetime, at: datetime, beating: bool) -> bool:
    """Say whether a page is heard of well enough to be sent anything of what is on its stage."""
    return at - last_beat_at < (LATE_AFTER if beating else UNHEARD_AT_MOST)


def believed(*, last_beat_at: datetime, counted_until: datetime, covered_at: datetime) -> timedelta:
    """Return how much of what was counted a page disclaims that says it covered itself at *covered_at*.

    Never what lies within 10 s of the last heard sign, whatever the page says.
    """
    return max(counted_until - max(covered_at, last_beat_at + LATE_AFTER), NOTHING)


def tick(*, ticked_at: datetime, at: datetime) -> timedelta:
    """Return how much of a break one tick serves: at most 10 s, and nothing across a jump or a stopped server."""
    gap = at - ticked_at
    if gap > JUMP:
        return NOTHING
    return min(max(gap, NOTHING), TICK_AT_MOST)


@dataclass(frozen=True)
class Second:
    """A clock beside the wall's that nobody can set by hand: of the machine since it started, or of the database.

    ``source``: the machine's boot, or ``DATABASE``; two readings of one source can be compared. ``ms``: since the machine
    started, or since 1970.
    """

    source: str
    ms: int


DATABASE = "database"


@dataclass(frozen=True)
class Moment:
    """What both clocks said at one instant."""

    wall_at: datetime
    second: Second


def passed(before: Moment, now: Moment) -> timedelta:
    """Return how long ago *before* was: by the clock that says less.

    After the machine was started anew its own clock tells the time since then, at least that, and the wall the rest,
    unless it went back. Where the second clock became another one, the wall's is all there is.
    """
    by_wall = max(now.wall_at - before.wall_at, NOTHING)
    if now.second.source == before.second.source:
        return min(by_wall, max(ms(now.second.ms - before.second.ms), NOTHING))
    if now.second.source == DATABASE:
        return by_wall
    return max(by_wall, ms(now.second.ms))
