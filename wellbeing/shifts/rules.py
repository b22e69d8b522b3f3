"""Which shifts can be planned: whole quarters, no longer than 12 hours, 11 hours of rest between them, not at night for others.

Sources: EVIDENCE.md 2.2 (Working Time Directive 2003/88: 11 h of daily rest) and WORK.md row 21 (nights are the person's own).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from people.rules.zones import ZonePeriod
from wellbeing.core.rules.caps import NIGHT_BEGINS, NIGHT_ENDS, REST_BETWEEN_SHIFTS
from wellbeing.core.rules.days import day_of, local_time, quarter_start
from wellbeing.core.rules.parts import Shift
from wellbeing.exceptions import Refused

Planned = Shift
"""A shift from when to when; instants in UTC, whole quarters of an hour."""

LONGEST = timedelta(hours=12)
AHEAD = timedelta(weeks=8)
AT_ONCE = 56
"""How many can be planned in one act: a whole week's pattern for all of the eight weeks."""


class ShiftRefused(Refused):
    """The base of what is said about a shift; ``shift`` is the one that cannot be, None where it is not one yet."""

    def __init__(self, shift: Planned | None = None) -> None:
        super().__init__("this shift cannot be planned")
        self.shift = shift


class NoSuchTime(ShiftRefused):
    """The clocks leave this local time out on that day; ``next_at`` is the first that there is, as the clocks show it."""

    code = "no_such_time"

    def __init__(self, *, typed: datetime, next_at: datetime) -> None:
        super().__init__()
        self.typed = typed
        self.next_at = next_at


class NotOnAQuarter(ShiftRefused):
    """A shift begins and ends at a whole quarter of an hour."""

    code = "not_on_a_quarter"


class NothingPlanned(ShiftRefused):
    """No day was chosen."""

    code = "nothing_planned"


class TooManyShifts(ShiftRefused):
    """More than ``AT_ONCE`` in one act."""

    code = "too_many_shifts"


class ShiftEndsBeforeItBegins(ShiftRefused):
    """It has no length."""

    code = "shift_ends_before_it_begins"


class ShiftTooLong(ShiftRefused):
    """It, or all parts of its date together, is longer than ``most``."""

    code = "shift_too_long"
    most = LONGEST


class ShiftHasBegun(ShiftRefused):
    """It begins before now, or has begun: what lies behind is neither planned nor cancelled."""

    code = "shift_has_begun"


class TooFarAhead(ShiftRefused):
    """It begins more than eight weeks from now; ``latest`` is the last instant at which one may begin."""

    code = "too_far_ahead"

    def __init__(self, shift: Planned, *, latest: datetime) -> None:
        super().__init__(shift)
        self.latest = latest


class ShiftsOverlap(ShiftRefused):
    """Another shift lies in the same time: ``other``."""

    code = "shifts_overlap"

    def __init__(self, shift: Planned, *, other: Planned) -> None:
        super().__init__(shift)
        self.other = other


class TooLittleRest(ShiftRefused):
    """Between it and ``other`` lies only ``rest``, less than 11 hours.

    ``earliest``: when it may begin, where ``other`` lies before it; ``latest``: when it must end, where ``other`` follows.
    """

    code = "too_little_rest"
    least = REST_BETWEEN_SHIFTS

    def __init__(self, shift: Planned, *, other: Planned) -> None:
        super().__init__(shift)
        self.other = other
        is_after = other.ends_at <= shift.starts_at
        self.rest = shift.starts_at - other.ends_at if is_after else other.starts_at - shift.ends_at
        self.earliest = other.ends_at + REST_BETWEEN_SHIFTS if is_after else None
        self.latest = None if is_after else other.starts_at - REST_BETWEEN_SHIFTS


class NightIsTheirs(ShiftRefused):
    """It touches 22:00 to 06:00 where the person is, and somebody else plans it."""

    code = "night_is_theirs"


def require_possible(
    shift: Planned, *, others: Iterable[Planned], at: datetime, zones: Sequence[ZonePeriod] = ()
) -> None:
    """Refuse a shift that cannot be planned at *at* beside *others*. Parts of one local date may lie close together.

    Raises:
        NotOnAQuarter, ShiftEndsBeforeItBegins, ShiftTooLong, ShiftHasBegun, TooFarAhead: about itself.
        ShiftsOverlap, TooLittleRest: about itself and the first of *others* that it meets.
    """
    _require_itself(shift)
    if shift.starts_at < at:
        raise ShiftHasBegun(shift)
    if shift.starts_at > at + AHEAD:
        raise TooFarAhead(shift, latest=quarter_start(at + AHEAD))
    same_day = [shift]
    for other in sorted(others, key=lambda one: one.starts_at):
        is_part = _are_parts_of_a_day(shift, other, zones)
        _require_beside(shift, other, is_part=is_part)
        same_day += [other] if is_part else []
    if sum((part.ends_at - part.starts_at for part in same_day), timedelta(0)) > LONGEST:
        raise ShiftTooLong(shift)


def require_own_night(shift: Planned, zones: Sequence[ZonePeriod]) -> None:
    """Refuse a shift at night: for somebody else's plan.

    Raises:
        NightIsTheirs: it touches 22:00 to 06:00 by the clock that holds for the person when it begins.
    """
    if touches_night(shift, zones):
        raise NightIsTheirs(shift)


def touches_night(shift: Planned, zones: Sequence[ZonePeriod]) -> bool:
    """Say whether any of the shift lies between 22:00 and 06:00, where the person is when it begins."""
    day = day_of(zones, shift.starts_at)
    nights = (
        (local_time(day, minute=NIGHT_BEGINS, ahead=n), local_time(day, minute=NIGHT_ENDS, ahead=n + 1))
        for n in (-1, 0, 1)
    )
    return any(shift.starts_at < ends_at and begins_at < shift.ends_at for begins_at, ends_at in nights)


def on_clock(on: date, *, begins: time, ends: time, zone: ZoneInfo) -> Planned:
    """Return the shift that begins on a local date; where it ends no later than it begins, it ends on the next one.

    A local time that the clocks show twice is the first of the two.

    Raises:
        NoSuchTime: the clocks leave one of the two out.
    """
    until = on if ends > begins else on + timedelta(days=1)
    return Planned(_instant(on, begins, zone), _instant(until, ends, zone))


def every_week(first: date, *, weekdays: Iterable[int], weeks: int) -> Iterator[date]:
    """Yield the dates of these weekdays (0 Monday) of *weeks* weeks of seven days from *first* on, in their order."""
    wanted = frozenset(weekdays)
    days = (first + timedelta(days=n) for n in range(7 * weeks))
    return (day for day in days if day.weekday() in wanted)


def _instant(on: date, clock: time, zone: ZoneInfo) -> datetime:
    typed = datetime.combine(on, clock)
    instant = typed.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == typed:
        return instant
    raise NoSuchTime(typed=typed, next_at=_after_gap(typed, zone))


def _after_gap(typed: datetime, zone: ZoneInfo) -> datetime:
    """Return the first quarter of an hour after *typed* that the clocks of that day do show, as they show it."""
    showing = typed.replace(minute=typed.minute // 15 * 15)
    while showing.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != showing:
        showing += timedelta(minutes=15)
    return showing


def _require_itself(shift: Planned) -> None:
    if any(quarter_start(moment) != moment for moment in (shift.starts_at, shift.ends_at)):
        raise NotOnAQuarter(shift)
    if shift.ends_at <= shift.starts_at:
        raise ShiftEndsBeforeItBegins(shift)
    if shift.ends_at - shift.starts_at > LONGEST:
        raise ShiftTooLong(shift)


def _are_parts_of_a_day(shift: Planned, other: Planned, zones: Sequence[ZonePeriod]) -> bool:
    """Say whether two begin on one local date without a daily rest between them."""
    rest = max(shift.starts_at - other.ends_at, other.starts_at - shift.ends_at)
    is_same_date = day_of(zones, other.starts_at).date == day_of(zones, shift.starts_at).date
    return is_same_date and rest < REST_BETWEEN_SHIFTS


def _require_beside(shift: Planned, other: Planned, *, is_part: bool) -> None:
    if shift.starts_at < other.ends_at and other.starts_at < shift.ends_at:
        raise ShiftsOverlap(shift, other=other)
    rest = max(shift.starts_at - other.ends_at, other.starts_at - shift.ends_at)
    if rest < REST_BETWEEN_SHIFTS and not is_part:
        raise TooLittleRest(shift, other=other)
