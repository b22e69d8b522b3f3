"""The tightest of ceiling, team, person and own holds; tighter at once, looser from the next local day."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules.zones import ZonePeriod
from tests.cast import T0
from wellbeing.core.rules.days import next_day_start
from wellbeing.core.rules.scopes import SCOPES, InForce, Stay, Value, Values, of_teams, scope_state, tightest

pytestmark = pytest.mark.any_database

HOUR, SECOND, DAY = timedelta(hours=1), timedelta(seconds=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
NEXT_DAY = partial(next_day_start, [])


def value(number: int, at: datetime = T0, scope: str = "team", name: str = "seconds_3") -> Value:
    return Value(scope, name, number, at)


def holds(values: list[Value], at: datetime) -> int | None:
    found = scope_state(values, at=at, next_day=NEXT_DAY).holds
    return None if found is None else found.value


def in_force(values: Sequence[Value], at: datetime = T0, **defaults: int) -> InForce:
    return tightest(values, at=at, next_day=NEXT_DAY, defaults=defaults or {"seconds_3": 7200})["seconds_3"]


def test_without_rows_the_preset_is_the_ceiling() -> None:
    assert in_force([]) == InForce("seconds_3", 7200, "ceiling")


@pytest.mark.parametrize(
    ("team", "person", "own", "expected", "scope"),
    [
        (3600, None, None, 3600, "team"),
        (9000, None, None, 7200, "ceiling"),  # a team cannot loosen the ceiling
        (3600, 1800, None, 1800, "person"),
        (3600, 5000, None, 3600, "team"),  # a value for one person only tightens
        (3600, 1800, 600, 600, "own"),
        (3600, 1800, 9999, 1800, "person"),
        (3600, 1800, 0, 0, "own"),
    ],
)
def test_the_tightest_holds(
    team: int, person: int | None, own: int | None, expected: int, scope: str
) -> None:
    given_values = {"team": team, "person": person, "own": own}
    values = [value(number, scope=name) for name, number in given_values.items() if number is not None]
    found = in_force(values)
    assert (found.value, found.scope) == (expected, scope)


def test_a_tighter_value_holds_at_once_and_not_before() -> None:
    values = [value(100, T0 - DAY), value(50)]
    assert holds(values, T0 - SECOND) == 100
    assert holds(values, T0) == 50


def test_a_looser_value_holds_from_the_next_local_midnight() -> None:
    values = [value(100, T0 - DAY), value(200)]
    assert holds(values, MIDNIGHT - SECOND) == 100
    assert holds(values, MIDNIGHT) == 200


def test_what_waits_is_told() -> None:
    now = scope_state([value(100, T0 - DAY), value(200)], at=T0, next_day=NEXT_DAY)
    assert now.waits is not None
    assert (now.waits.value, now.waits_until) == (200, MIDNIGHT)


def test_a_value_between_what_holds_and_what_waits_waits_too() -> None:
    """It tightens what waits, but loosens what holds for this person now."""
    values = [value(120, T0 - DAY), value(240), value(180, T0 + HOUR)]
    assert holds(values, T0 + 2 * HOUR) == 120
    assert holds(values, MIDNIGHT) == 180


def test_tightening_takes_back_what_waits() -> None:
    values = [value(120, T0 - DAY), value(240), value(60, T0 + HOUR)]
    assert holds(values, T0 + 2 * HOUR) == 60
    assert holds(values, MIDNIGHT + DAY) == 60


def test_a_lead_s_value_for_one_person_ends_after_28_days_on_a_next_local_day() -> None:
    values = [value(100, scope="person")]
    end = MIDNIGHT + 28 * DAY
    assert holds(values, end - SECOND) == 100
    assert holds(values, end) is None
    renewed = [*values, value(100, T0 + 20 * DAY, scope="person")]
    assert holds(renewed, end) == 100


def of_team(team: str, number: int, at: datetime = T0 - DAY) -> Value:
    return Value("team", "seconds_3", number, at, scope_ref=team)


@pytest.mark.parametrize(
    ("stays", "at", "expected"),
    [
        ([Stay("a")], T0, 60),
        ([Stay("b")], T0, 600),
        ([Stay("a", T0), Stay("b")], T0, 60),  # moved to a looser team: not today
        ([Stay("a", T0), Stay("b")], MIDNIGHT - SECOND, 60),
        ([Stay("a", T0), Stay("b")], MIDNIGHT, 600),
        ([Stay("b", T0), Stay("a")], T0, 60),  # to a tighter one: at once
        ([Stay("a", T0)], MIDNIGHT - SECOND, 60),  # out of every team
        ([Stay("a", T0)], MIDNIGHT, 7200),
        ([Stay("a", T0 - 2 * DAY), Stay("b")], T0, 600),
        ([], T0, 7200),
    ],
)
def test_the_tightest_of_the_teams_that_bind_holds(stays: list[Stay], at: datetime, expected: int) -> None:
    values = Values([of_team("a", 60), of_team("b", 600)])
    assert in_force(of_teams(values, stays, at=at, next_day=NEXT_DAY), at).value == expected


def test_two_teams_are_never_folded_into_one() -> None:
    """A looser value of one team would else wait behind the tighter one of another for ever."""
    values = [of_team("a", 60, T0 - 3 * DAY), of_team("b", 600, T0 - 2 * DAY), of_team("a", 800)]
    assert in_force(values).value == 600


def test_of_equal_values_the_one_of_the_wider_scope_is_told() -> None:
    values = [value(3600, scope="own"), value(3600, scope="team"), value(7200, scope="ceiling")]
    assert in_force(values).scope == "team"
    assert in_force([value(7200, scope="own")]).scope == "ceiling"


zones = st.sampled_from(["UTC", "Europe/Paris", "Asia/Kathmandu", "America/Los_Angeles", "Pacific/Auckland"])
settings_of_a_limit = st.lists(
    st.tuples(st.sampled_from(SCOPES), st.integers(0, 50), st.integers(0, 40 * 24)), max_size=12
)


def naive(values: list[Value], at: datetime, zone: list[ZonePeriod], default: int) -> int:
    """Return the tightest, by walking the minutes that matter instead of folding rows."""
    best = []
    for scope in SCOPES:
        rows = [row for row in values if row.scope == scope and row.set_at <= at]
        now: int | None = None
        set_at = at
        waiting: tuple[datetime, Value] | None = None
        events = sorted(
            {row.set_at for row in rows} | {next_day_start(zone, row.set_at) for row in rows} | {at}
        )
        for moment in [event for event in events if event <= at]:
            if waiting and waiting[0] <= moment:
                now, set_at, waiting = waiting[1].value, waiting[1].set_at, None
            for row in [row for row in rows if row.set_at == moment]:
                is_expired = scope == "person" and next_day_start(zone, set_at + 28 * DAY) <= moment
                if now is None or is_expired or row.value <= now:
                    now, set_at, waiting = row.value, row.set_at, None
                else:
                    waiting = (next_day_start(zone, row.set_at), row)
        is_expired = scope == "person" and next_day_start(zone, set_at + 28 * DAY) <= at
        if now is not None and not is_expired:
            best.append(now)
        elif scope == "ceiling":
            best.append(default)
    return min(best)


@given(settings_of_a_limit, zones, st.integers(0, 45 * 24))
def test_the_value_in_force_equals_a_naive_computation(
    given_values: list[tuple[str, int, int]], zone: str, hours: int
) -> None:
    period = [ZonePeriod(zone, datetime(1970, 1, 1, tzinfo=UTC))]
    values = sorted(
        (value(number, T0 + hour * HOUR, scope) for scope, number, hour in given_values),
        key=lambda one: one.set_at,
    )
    at = T0 + hours * HOUR
    found = tightest(values, at=at, next_day=partial(next_day_start, period), defaults={"seconds_3": 40})
    assert found["seconds_3"].value == naive(values, at, period, 40)


@given(settings_of_a_limit, st.integers(0, 45 * 24))
def test_within_a_local_day_nothing_ever_loosens(
    given_values: list[tuple[str, int, int]], hours: int
) -> None:
    """But for the 28 days of a lead's value, which end at a midnight as well."""
    values = sorted(
        (value(number, T0 + hour * HOUR, scope) for scope, number, hour in given_values),
        key=lambda one: one.set_at,
    )
    at = T0 + hours * HOUR
    later = min(NEXT_DAY(at) - SECOND, at + 3 * HOUR)
    assert in_force(values, later, seconds_3=40).value <= in_force(values, at, seconds_3=40).value


REST = "work_rest_seconds"


def rest(number: int, at: datetime = T0, scope: str = "team") -> Value:
    return value(number, at, scope, REST)


def test_of_a_rest_the_longer_is_the_tighter() -> None:
    """Seen red with plain ``>`` in ``scopes._follow`` and plain ``min`` in ``_tightest_of``."""
    values = [rest(900), rest(1200, scope="own"), rest(700, scope="person")]
    found = tightest(values, at=T0, next_day=NEXT_DAY, defaults={REST: 600})[REST]
    assert (found.value, found.scope) == (1200, "own")


def test_a_longer_rest_holds_at_once_and_a_shorter_from_the_next_day() -> None:
    values = [rest(600, T0 - DAY), rest(900), rest(700, T0 + HOUR)]
    assert holds(values, T0) == 900
    assert holds(values, MIDNIGHT - SECOND) == 900
    assert holds(values, MIDNIGHT) == 700
