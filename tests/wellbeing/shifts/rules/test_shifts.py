"""Which shifts can be planned, beside which others, and on whose clock.

Seen red without the comparison with the rest, without the overlap, without the night before (``n = -1``), and with
nights told by UTC.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules.zones import ZonePeriod
from tests.cast import T0
from wellbeing.shifts.rules import (
    AHEAD,
    LONGEST,
    NightIsTheirs,
    NoSuchTime,
    NotOnAQuarter,
    Planned,
    ShiftEndsBeforeItBegins,
    ShiftHasBegun,
    ShiftRefused,
    ShiftsOverlap,
    ShiftTooLong,
    TooFarAhead,
    TooLittleRest,
    every_week,
    on_clock,
    require_own_night,
    require_possible,
    touches_night,
)

pytestmark = pytest.mark.any_database

HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
BRUSSELS, HAVANA = ZoneInfo("Europe/Brussels"), ZoneInfo("America/Havana")
ZONES = [
    "UTC",
    "Europe/Brussels",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Cairo",
]


def shift(begins: timedelta, hours: float = 8) -> Planned:
    """Return a shift that begins so long after 09:00 UTC."""
    return Planned(T0 + begins, T0 + begins + hours * HOUR)


def living_in(zone: str) -> list[ZonePeriod]:
    return [ZonePeriod(zone, ALWAYS)]


@pytest.mark.parametrize(
    ("planned", "refusal"),
    [
        (shift(timedelta(0)), None),  # it may begin now,
        (shift(-QUARTER), ShiftHasBegun),  # not before;
        (shift(AHEAD), None),  # eight weeks ahead,
        (shift(AHEAD + QUARTER), TooFarAhead),  # not more;
        (shift(HOUR, 12), None),  # twelve hours,
        (shift(HOUR, 12.25), ShiftTooLong),  # not a quarter more;
        (shift(HOUR, 0.25), None),  # as short as a quarter,
        (shift(HOUR, 0), ShiftEndsBeforeItBegins),  # not without length,
        (shift(HOUR, -1), ShiftEndsBeforeItBegins),  # nor backwards;
        (shift(timedelta(minutes=7)), NotOnAQuarter),  # at whole quarters of an hour.
        (shift(HOUR, 1.1), NotOnAQuarter),
        (shift(timedelta(seconds=1)), NotOnAQuarter),
    ],
)
def test_what_can_be_planned_at_all(planned: Planned, refusal: type[ShiftRefused] | None):
    if refusal is None:
        require_possible(planned, others=[], at=T0)
        return
    with pytest.raises(refusal) as refused:
        require_possible(planned, others=[], at=T0)
    assert refused.value.shift == planned


OTHER = shift(timedelta(days=2), 8)


@pytest.mark.parametrize(
    ("begins", "hours", "refusal"),
    [
        (8 + 11, 8, None),  # eleven hours after the other one has ended,
        (8 + 10.75, 8, TooLittleRest),  # not ten and three quarters,
        (8, 3, None),  # at once, where it begins on the same date: a part of one day,
        (10, 4, None),  # or after a pause,
        (10, 4.25, ShiftTooLong),  # not with more than twelve hours in all;
        (15, 8, TooLittleRest),  # past midnight it is another day;
        (-11 - 4, 4, None),  # ended eleven hours before it begins,
        (-11 - 4, 4.25, TooLittleRest),  # not ten and three quarters;
        (7.75, 8, ShiftsOverlap),  # a quarter in both,
        (-8, 8.25, ShiftsOverlap),
        (0, 8, ShiftsOverlap),  # the same once more,
        (2, 1, ShiftsOverlap),  # inside it,
        (-1, 10, ShiftsOverlap),  # around it.
    ],
)
def test_what_can_be_planned_beside_another_shift(
    begins: float, hours: float, refusal: type[ShiftRefused] | None
):
    planned = shift(timedelta(days=2, hours=begins), hours)
    if refusal is None:
        require_possible(planned, others=[OTHER], at=T0)
    else:
        with pytest.raises(refusal):
            require_possible(planned, others=[OTHER], at=T0)


def test_too_little_rest_says_how_much_there_is_and_what_would_do():
    with pytest.raises(TooLittleRest) as after:
        require_possible(shift(timedelta(days=2, hours=15.25), 4), others=[OTHER], at=T0)
    assert (after.value.rest, after.value.earliest, after.value.latest) == (
        7.25 * HOUR,
        OTHER.ends_at + 11 * HOUR,
        None,
    )
    with pytest.raises(TooLittleRest) as before:
        require_possible(shift(timedelta(days=2, hours=-12), 9), others=[OTHER], at=T0)
    assert (before.value.rest, before.value.earliest, before.value.latest) == (
        3 * HOUR,
        None,
        OTHER.starts_at - 11 * HOUR,
    )


@st.composite
def shifts(draw: st.DrawFn) -> Planned:
    begins = T0 + draw(st.integers(0, 4 * 96)) * QUARTER
    return Planned(begins, begins + draw(st.integers(1, 48)) * QUARTER)


@given(st.lists(shifts(), max_size=8))
def test_whatever_is_accepted_leaves_eleven_hours_between_any_two_days(wanted: list[Planned]):
    accepted: list[Planned] = []
    for one in wanted:
        try:
            require_possible(one, others=accepted, at=T0)
        except (ShiftsOverlap, ShiftTooLong, TooLittleRest):
            continue
        accepted.append(one)
    accepted.sort(key=lambda one: one.starts_at)
    for first, second in pairwise(accepted):
        is_one_day = first.starts_at.date() == second.starts_at.date()
        assert second.starts_at - first.ends_at >= (0 if is_one_day else 11) * HOUR
    assert all(one.ends_at - one.starts_at <= LONGEST for one in accepted)


@given(shifts(), shifts())
def test_what_is_said_to_do_instead_does(one: Planned, other: Planned):
    try:
        require_possible(one, others=[other], at=T0 - timedelta(days=1))
    except TooLittleRest as refused:
        length = one.ends_at - one.starts_at
        begins = refused.earliest or (refused.latest or T0) - length
        require_possible(Planned(begins, begins + length), others=[other], at=T0 - timedelta(days=2))
    except ShiftTooLong:
        assert one.starts_at.date() == other.starts_at.date()
    except ShiftsOverlap:
        assert one.starts_at < other.ends_at
        assert other.starts_at < one.ends_at


@pytest.mark.parametrize(
    ("zone", "begins", "ends", "at_night"),
    [
        ("Europe/Brussels", "2026-11-23T05:00", "2026-11-23T13:00", False),  # from 06:00 local
        ("Europe/Brussels", "2026-11-23T04:45", "2026-11-23T13:00", True),  # a quarter before 06:00
        ("Europe/Brussels", "2026-11-23T13:00", "2026-11-23T21:00", False),  # until 22:00
        ("Europe/Brussels", "2026-11-23T13:00", "2026-11-23T21:15", True),  # a quarter after
        ("Europe/Brussels", "2026-11-23T21:00", "2026-11-24T05:00", True),  # the whole night
        ("Asia/Kolkata", "2026-11-23T00:30", "2026-11-23T08:30", False),  # 06:00 is half past midnight in UTC
        ("Asia/Kolkata", "2026-11-23T00:15", "2026-11-23T08:30", True),
        ("America/New_York", "2026-11-23T02:00", "2026-11-23T03:00", False),  # 21:00 to 22:00 the day before
        ("America/New_York", "2026-11-23T02:00", "2026-11-23T03:15", True),
        # The night in which the clocks go back ends at 06:00, an hour later than it would have.
        ("Europe/Brussels", "2026-10-25T04:00", "2026-10-25T05:00", True),
        ("Europe/Brussels", "2026-10-25T05:00", "2026-10-25T09:00", False),
        # The one in which they go forward ends an hour sooner.
        ("Europe/Brussels", "2026-03-29T04:00", "2026-03-29T09:00", False),
    ],
)
def test_what_lies_at_night_where_the_person_is(zone: str, begins: str, ends: str, at_night: bool):
    planned = Planned(*(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (begins, ends)))
    assert touches_night(planned, living_in(zone)) is at_night
    if at_night:
        with pytest.raises(NightIsTheirs):
            require_own_night(planned, living_in(zone))
    else:
        require_own_night(planned, living_in(zone))


def test_the_clock_is_that_of_where_the_person_will_be():
    zones = [ZonePeriod("Europe/Brussels", ALWAYS), ZonePeriod("Asia/Tokyo", T0 + 20 * HOUR)]
    assert not touches_night(shift(timedelta(0), 4), zones)
    assert touches_night(shift(24 * HOUR, 5), zones)  # 18:00 to 23:00 in Tokyo


@given(st.sampled_from(ZONES), st.integers(0, 366 * 96), st.integers(1, 48))
def test_a_shift_is_at_night_just_when_one_of_its_quarters_is(zone: str, begins: int, quarters: int):
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + begins * QUARTER
    clocks = [(starts_at + n * QUARTER).astimezone(ZoneInfo(zone)).time() for n in range(quarters)]
    naive = any(clock >= time(22) or clock < time(6) for clock in clocks)
    assert touches_night(Planned(starts_at, starts_at + quarters * QUARTER), living_in(zone)) is naive


@pytest.mark.parametrize(
    ("on", "begins", "ends", "from_utc", "hours"),
    [
        (date(2026, 11, 23), time(9), time(17), "2026-11-23T08:00", 8),  # an ordinary day
        (date(2026, 11, 23), time(22), time(6), "2026-11-23T21:00", 8),  # over midnight
        (date(2026, 10, 24), time(22), time(6), "2026-10-24T20:00", 9),  # the night has an hour more
        (date(2026, 3, 28), time(22), time(6), "2026-03-28T21:00", 7),  # … or one less
        (date(2026, 10, 25), time(2, 30), time(9), "2026-10-25T00:30", 7.5),  # twice: the first of the two
        (date(2026, 10, 24), time(22), time(2, 30), "2026-10-24T20:00", 4.5),
        (
            date(2026, 11, 23),
            time(9),
            time(9),
            "2026-11-23T08:00",
            24,
        ),  # the same time is a day later: too long
    ],
)
def test_what_is_typed_is_read_on_the_clocks_of_that_day(
    on: date, begins: time, ends: time, from_utc: str, hours: float
):
    planned = on_clock(on, begins=begins, ends=ends, zone=BRUSSELS)
    assert planned.starts_at == datetime.fromisoformat(from_utc).replace(tzinfo=UTC)
    assert planned.ends_at - planned.starts_at == hours * HOUR


@pytest.mark.parametrize(
    ("zone", "on", "typed", "next_at"),
    [
        (BRUSSELS, date(2026, 3, 29), time(2, 30), "2026-03-29T03:00"),
        (BRUSSELS, date(2026, 3, 29), time(2), "2026-03-29T03:00"),
        (HAVANA, date(2026, 3, 8), time(0, 15), "2026-03-08T01:00"),  # midnight itself is missing
        (ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4), time(2, 15), "2026-10-04T02:30"),  # half an hour
    ],
)
def test_a_time_that_the_clocks_leave_out_is_refused_with_the_next_one(
    zone: ZoneInfo, on: date, typed: time, next_at: str
):
    with pytest.raises(NoSuchTime) as refused:
        on_clock(on, begins=typed, ends=time(10), zone=zone)
    assert refused.value.typed == datetime.combine(on, typed)
    assert refused.value.next_at == datetime.fromisoformat(next_at)


@given(
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 95),
    st.integers(0, 95),
)
def test_what_is_read_is_what_the_clocks_show(zone: str, on: date, begins: int, ends: int):
    first, last = (time(n // 4, n % 4 * 15) for n in (begins, ends))
    try:
        planned = on_clock(on, begins=first, ends=last, zone=ZoneInfo(zone))
    except NoSuchTime as refused:
        planned = on_clock(
            refused.next_at.date(), begins=refused.next_at.time(), ends=time(12), zone=ZoneInfo(zone)
        )
        on, first, last = refused.next_at.date(), refused.next_at.time(), time(12)
    local = [moment.astimezone(ZoneInfo(zone)) for moment in (planned.starts_at, planned.ends_at)]
    assert (local[0].date(), local[0].time(), local[1].time()) == (on, first, last)


def test_a_pattern_goes_week_by_week_from_the_first_day_on():
    monday = date(2026, 11, 23)
    days = list(every_week(monday + timedelta(days=2), weekdays=[0, 2], weeks=2))
    assert days == [monday + timedelta(days=n) for n in (2, 7, 9, 14)]
    assert not list(every_week(monday, weekdays=[], weeks=8))
