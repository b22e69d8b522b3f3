"""Under which dates a quarter of an hour counts: nights and last hours across midnight, zones and changes of the clock.

Seen red with the night under its own date after midnight, and with the last hour under the date of its quarter.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from people.rules.zones import BEGINNING, ZonePeriod
from wellbeing.core.rules.dates import Dates, dates_of
from wellbeing.core.rules.parts import Shift

pytestmark = pytest.mark.any_database


def zone(name: str) -> list[ZonePeriod]:
    return [ZonePeriod(name, BEGINNING)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "quarter", "on", "night"),
    [
        ("UTC", "2026-11-23 21:45", date(2026, 11, 23), None),  # the last quarter before the night
        ("UTC", "2026-11-23 22:00", date(2026, 11, 23), date(2026, 11, 23)),
        ("UTC", "2026-11-24 00:00", date(2026, 11, 24), date(2026, 11, 23)),  # it began the day before
        ("UTC", "2026-11-24 05:45", date(2026, 11, 24), date(2026, 11, 23)),
        ("UTC", "2026-11-24 06:00", date(2026, 11, 24), None),
        ("Asia/Kathmandu", "2026-11-23 16:15", date(2026, 11, 23), date(2026, 11, 23)),  # 22:00 at +05:45
        ("Asia/Kathmandu", "2026-11-23 18:15", date(2026, 11, 24), date(2026, 11, 23)),
        (
            "Europe/Brussels",
            "2026-10-25 00:30",
            date(2026, 10, 25),
            date(2026, 10, 24),
        ),  # 02:30, the first of two
        ("Europe/Brussels", "2026-10-25 05:00", date(2026, 10, 25), None),  # 06:00 after the hour was twice
        ("Europe/Brussels", "2026-03-29 03:45", date(2026, 3, 29), date(2026, 3, 28)),  # 05:45 in summer time
        ("Europe/Brussels", "2026-03-29 04:00", date(2026, 3, 29), None),
    ],
)
def test_a_quarter_has_its_date_and_its_night(name: str, quarter: str, on: date, night: date | None) -> None:
    assert dates_of(zone(name), [], at(quarter)) == Dates(on, night, None)


@pytest.mark.parametrize(
    ("quarter", "late"),
    [
        ("2026-11-23 23:15", None),
        ("2026-11-23 23:30", date(2026, 11, 23)),
        ("2026-11-24 00:15", date(2026, 11, 23)),  # the hour that began on the 23rd, past midnight
        ("2026-11-24 00:30", None),  # beyond the shift
    ],
)
def test_the_last_hour_of_a_shift_counts_once_though_midnight_lies_in_it(
    quarter: str, late: date | None
) -> None:
    shift = Shift(at("2026-11-23 16:30"), at("2026-11-24 00:30"))
    assert dates_of(zone("UTC"), [shift], at(quarter)).late == late


def test_a_shift_shorter_than_an_hour_is_late_from_its_start() -> None:
    shift = Shift(at("2026-11-23 10:00"), at("2026-11-23 10:30"))
    before = shift.starts_at - timedelta(minutes=15)
    assert dates_of(zone("UTC"), [shift], before).late is None
    assert dates_of(zone("UTC"), [shift], shift.starts_at).late == date(2026, 11, 23)
