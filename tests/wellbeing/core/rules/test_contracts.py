"""When a contract with a counsellor stands, and what cannot be put on record.

Seen red without the look at when it was recorded.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from people.rules.zones import ZonePeriod
from wellbeing.core.rules.contracts import Contract, checked, stands
from wellbeing.core.rules.days import day_of
from wellbeing.exceptions import (
    ContractEndsBeforeStart,
    ContractOutOfReach,
    ContractRefused,
    CounsellorMissing,
    CounsellorTooLong,
)

DAY = timedelta(days=1)
TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEFORE = datetime(2026, 11, 20, 12, tzinfo=UTC)
KATHMANDU = [ZonePeriod("Asia/Kathmandu", datetime(2020, 1, 1, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("contracts", "holds"),
    [
        ([], False),
        ([Contract(TODAY, TODAY, BEFORE)], True),
        ([Contract(TODAY - 9 * DAY, TODAY - DAY, BEFORE)], False),
        ([Contract(TODAY + DAY, TODAY + 9 * DAY, BEFORE)], False),
        # recorded today: from tomorrow, however early it says that it began
        ([Contract(TODAY - 9 * DAY, TODAY + 9 * DAY, NOON)], False),
        ([Contract(TODAY, TODAY, datetime(2026, 11, 24, tzinfo=UTC))], False),
        ([Contract(TODAY, TODAY, datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC))], True),
        ([Contract(TODAY, TODAY, BEFORE, NOON + DAY / 24)], True),
        ([Contract(TODAY, TODAY, BEFORE, NOON)], False),
        # one that follows another that still stands changes nothing
        ([Contract(TODAY - 9 * DAY, TODAY, BEFORE), Contract(TODAY + DAY, TODAY + 9 * DAY, NOON)], True),
    ],
)
def test_a_contract_stands_on_the_days_it_covers_from_the_day_after_it_was_recorded(
    contracts: list[Contract], holds: bool
) -> None:
    assert stands(contracts, day=day_of([], NOON), at=NOON) is holds


def test_the_day_is_the_persons_own() -> None:
    """At 20:00 UTC it is the 25th in Kathmandu: the last day is over, and what was recorded at 18:00 holds."""
    evening = datetime(2026, 11, 24, 20, tzinfo=UTC)
    last = Contract(TODAY, TODAY, BEFORE)
    assert stands([last], day=day_of([], evening), at=evening)
    assert not stands([last], day=day_of(KATHMANDU, evening), at=evening)
    late = Contract(TODAY, TODAY + DAY, datetime(2026, 11, 24, 18, tzinfo=UTC))
    assert not stands([late], day=day_of([], evening), at=evening)
    assert stands([late], day=day_of(KATHMANDU, evening), at=evening)


@pytest.mark.parametrize(
    ("counsellor", "from_on", "until_on", "refused"),
    [
        (" ", TODAY, TODAY, CounsellorMissing),
        ("\u202e \u200f", TODAY, TODAY, CounsellorMissing),
        ("x" * 121, TODAY, TODAY, CounsellorTooLong),
        ("A practice", TODAY - 9 * DAY, TODAY - DAY, ContractOutOfReach),
        ("A practice", TODAY, TODAY + 367 * DAY, ContractOutOfReach),
        ("A practice", TODAY + DAY, TODAY, ContractEndsBeforeStart),
    ],
)
def test_what_cannot_be_is_refused(
    counsellor: str, from_on: date, until_on: date, refused: type[ContractRefused]
) -> None:
    with pytest.raises(refused):
        checked(counsellor, from_on=from_on, until_on=until_on, today=TODAY)


def test_a_name_is_kept_without_what_surrounds_it() -> None:
    kept = checked("\u202e  A   practice\u200f ", from_on=TODAY, until_on=TODAY + 366 * DAY, today=TODAY)
    assert kept == "A practice"
