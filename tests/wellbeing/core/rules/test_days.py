"""Both meanings of a day: the local date, and the current quarter of an hour plus the 96 before."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules.zones import ZonePeriod
from tests.cast import T0
from wellbeing.core.rules.days import QUARTER, day_of, next_day_start, quarter_start, split, zone_at

pytestmark = pytest.mark.any_database

SECOND = timedelta(seconds=1)
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def living_in(zone: str) -> list[ZonePeriod]:
    return [ZonePeriod(zone, ALWAYS)]


@pytest.mark.parametrize(
    ("zone", "at", "start", "end"),
    [
        ("UTC", "2026-11-23T00:00:00", "2026-11-23T00:00", "2026-11-24T00:00"),
        ("UTC", "2026-11-22T23:59:59", "2026-11-22T00:00", "2026-11-23T00:00"),  # a second before midnight
        ("Asia/Kolkata", "2026-11-23T18:29:59", "2026-11-22T18:30", "2026-11-23T18:30"),  # midnight at :30
        ("Asia/Kolkata", "2026-11-23T18:30:00", "2026-11-23T18:30", "2026-11-24T18:30"),
        ("Asia/Kathmandu", "2026-11-23T18:15:00", "2026-11-23T18:15", "2026-11-24T18:15"),  # midnight at :15
        ("Europe/Paris", "2026-03-29T12:00:00", "2026-03-28T23:00", "2026-03-29T22:00"),  # 23 hours
        ("Europe/Paris", "2026-10-25T12:00:00", "2026-10-24T22:00", "2026-10-25T23:00"),  # 25 hours
        ("Africa/Cairo", "2026-04-24T12:00:00", "2026-04-23T22:00", "2026-04-24T21:00"),  # 00:00 is missing
        ("America/Havana", "2026-11-01T12:00:00", "2026-11-01T04:00", "2026-11-02T05:00"),  # 00:00 is twice
        ("Not/AZone", "2026-11-23T12:00:00", "2026-11-23T00:00", "2026-11-24T00:00"),  # counts as UTC
    ],
)
def test_the_local_date_is_from_midnight_to_midnight(zone: str, at: str, start: str, end: str) -> None:
    day = day_of(living_in(zone), utc(at))
    assert (day.start, day.end) == (utc(start), utc(end))


def test_the_rolling_day_is_the_current_quarter_and_the_96_before() -> None:
    day = day_of([], T0 + timedelta(minutes=14, seconds=59))
    assert day.quarter_at == T0
    assert day.rolling_start == T0 - timedelta(hours=24)
    assert day_of([], T0 + timedelta(minutes=15)).quarter_at == T0 + QUARTER


def test_a_change_of_zone_holds_from_its_instant_on() -> None:
    change = T0 + timedelta(hours=24)
    periods = [ZonePeriod("Europe/Paris", ALWAYS), ZonePeriod("Asia/Tokyo", change)]
    assert zone_at(periods, change - SECOND) == "Europe/Paris"
    assert zone_at(periods, change) == "Asia/Tokyo"
    assert zone_at([ZonePeriod("Asia/Tokyo", change)], T0) == "UTC"


def test_flying_east_drops_nothing_from_the_day_before_24_hours_have_passed() -> None:
    change = utc("2026-11-23T14:00:00")
    periods = [ZonePeriod("Europe/Paris", ALWAYS), ZonePeriod("Pacific/Kiritimati", change)]
    after = day_of(periods, change)
    assert after.start == utc("2026-11-23T10:00:00")  # a new local date began …
    assert after.rolling_start == change - timedelta(hours=24)  # … and the 96 quarters still bind


def test_a_loosened_limit_waits_for_the_next_local_midnight() -> None:
    assert next_day_start(living_in("Asia/Kathmandu"), T0) == utc("2026-11-23T18:15:00")


@given(
    at=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda d: d.replace(tzinfo=UTC)),  # noqa: DTZ001
    zone=st.sampled_from(
        [
            "UTC",
            "Europe/Paris",
            "America/New_York",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "Africa/Cairo",
            "America/Havana",
            "America/Santiago",
            "Pacific/Chatham",
            "Pacific/Apia",
            "America/St_Johns",
        ]
    ),
)
def test_every_instant_lies_in_its_day_and_days_meet_without_a_gap(at: datetime, zone: str) -> None:
    day = day_of(living_in(zone), at)
    assert day.start <= at < day.end
    assert timedelta(hours=22) < day.end - day.start < timedelta(hours=26)
    assert at.astimezone(ZoneInfo(zone)).date() == day.date
    assert day.start.astimezone(ZoneInfo(zone)).date() == day.date
    assert (day.start - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date() == day.date - timedelta(
        1
    )
    assert day_of(living_in(zone), day.end).start == day.end
    assert quarter_start(day.start) == day.start  # so that a local day is whole quarters


@given(start=st.integers(0, 10_000_000), length=st.integers(0, 10_000_000))
def test_splitting_loses_nothing_and_crosses_no_quarter(start: int, length: int) -> None:
    begins_at = T0 + timedelta(milliseconds=start)
    ends_at = begins_at + timedelta(milliseconds=length)
    parts = list(split(begins_at, ends_at))
    assert sum((until - since for _, since, until in parts), timedelta(0)) == ends_at - begins_at
    for quarter, since, until in parts:
        assert quarter == quarter_start(since)
        assert until <= quarter + QUARTER


def test_a_date_is_told_in_the_person_s_zone() -> None:
    assert day_of(living_in("Pacific/Auckland"), T0).date == date(2026, 11, 23)
    assert day_of(living_in("Pacific/Auckland"), T0 + timedelta(hours=3)).date == date(2026, 11, 24)
