"""When a rest is due, how long, what it answers: a millisecond each side of every bound."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.cast import T0
from wellbeing.core.rules.breaks import (
    FROM_SEVERITY,
    Cause,
    Rest,
    Seen,
    State,
    answered,
    answered_by_other_work,
    asked,
    asks_for_rest,
    block_from,
    due,
    in_the_way,
    is_binding,
    is_cluster,
    length_of,
    may_postpone,
    next_break_at,
)
from wellbeing.core.rules.days import day_of
from wellbeing.core.rules.limits import DEFAULT_PRESET, Counters, Ledger, until_break
from wellbeing.core.rules.load import UNITS_PER_POINT
from wellbeing.core.rules.scopes import InForce
from wellbeing.models import BreakCause, BreakState

pytestmark = pytest.mark.any_database

M, S = timedelta(minutes=1), timedelta(seconds=1)
LIMITS = {name: InForce(name, value, "ceiling") for name, value in DEFAULT_PRESET.items()}
MIN = 60_000


def test_the_lengths_are_those_of_the_written_rules() -> None:
    in_minutes = {cause: length_of(LIMITS, cause) / M for cause in Cause}
    assert in_minutes == {
        "work": 10,
        "severe": 10,
        "extreme": 10,
        "long": 15,
        "colour": 3,
        "cluster": 15,
        "too_much": 15,
        "step_away": 0,
        "load": 10,
    }


def test_the_words_are_those_of_the_tables() -> None:
    assert [cause.value for cause in Cause] == BreakCause.values
    assert [state.value for state in State] == BreakState.values


RED = 50 * UNITS_PER_POINT


def since(
    work: float = 0, severe: float = 0, extreme: float = 0, *, rest: float = 60, kept: int = 0
) -> Counters:
    """Minutes, those since any rest among them, and how many breaks were kept since a long one."""
    return Counters(int(work * MIN), int(severe * MIN), int(extreme * MIN), int(rest * MIN), kept)


MS = 1 / MIN


@pytest.mark.parametrize(
    ("counters", "block_load", "expected"),
    [
        (since(), 0, None),
        (since(50 - MS), 0, None),
        (since(50), 0, Rest(Cause.WORK, 10 * M, with_work=True)),
        (since(0, 25 - MS), 0, None),
        (since(0, 25), 0, Rest(Cause.SEVERE, 10 * M)),
        (since(0, 0, 10 - MS), 0, None),
        (since(0, 0, 10), 0, Rest(Cause.EXTREME, 10 * M)),
        (since(), RED - 1, None),
        (since(), RED, Rest(Cause.LOAD, 10 * M, is_strict=True)),
        (since(50, 25), 0, Rest(Cause.SEVERE, 10 * M, with_work=True)),
        (since(50, 25, 10), RED, Rest(Cause.LOAD, 10 * M, with_work=True, is_strict=True)),
        # Every third of those since a long one.
        (since(50, kept=1), 0, Rest(Cause.WORK, 10 * M, with_work=True)),
        (since(50, kept=2), 0, Rest(Cause.WORK, 15 * M, with_work=True, is_third=True)),
        (since(0, 25, kept=2), 0, Rest(Cause.SEVERE, 15 * M, is_third=True)),
        (since(0, 0, 10, kept=3), 0, Rest(Cause.EXTREME, 15 * M, is_third=True)),
        (since(kept=2), RED, Rest(Cause.LOAD, 10 * M, is_strict=True)),
        # The break after time at the desk waits until 10 min of work lie behind any rest, and no longer than that.
        (since(50, rest=10 - MS), 0, None),
        (since(50, rest=10), 0, Rest(Cause.WORK, 10 * M, with_work=True)),
        (since(59, rest=9), 0, None),
        (since(60, rest=0), 0, Rest(Cause.WORK, 10 * M, with_work=True)),
        (since(0, 25, rest=1), 0, Rest(Cause.SEVERE, 10 * M)),
        (since(0, 0, 10, rest=1), 0, Rest(Cause.EXTREME, 10 * M)),
    ],
)
def test_when_a_rest_is_due_and_how_long(counters: Counters, block_load: int, expected: Rest | None) -> None:
    assert due(LIMITS, counters, block_load=block_load) == expected


@pytest.mark.parametrize(
    ("cause", "counters", "expected"),
    [
        (Cause.COLOUR, since(40 - MS), Rest(Cause.COLOUR, 3 * M, is_strict=True)),
        (Cause.COLOUR, since(40), Rest(Cause.COLOUR, 10 * M, with_work=True, is_strict=True)),
        (
            Cause.COLOUR,
            since(40, kept=2),
            Rest(Cause.COLOUR, 15 * M, with_work=True, is_strict=True, is_third=True),
        ),
        # No other counter merges, and no rest of 10 min or more takes the desk's break in.
        (Cause.COLOUR, since(0, 24, 9), Rest(Cause.COLOUR, 3 * M, is_strict=True)),
        (Cause.SEVERE, since(49), Rest(Cause.SEVERE, 10 * M)),
        (Cause.LOAD, since(49), Rest(Cause.LOAD, 10 * M, is_strict=True)),
        (Cause.CLUSTER, since(49), Rest(Cause.CLUSTER, 15 * M, is_strict=True)),
        (Cause.TOO_MUCH, since(49), Rest(Cause.TOO_MUCH, 15 * M, is_strict=True)),
        (Cause.STEP_AWAY, since(49), Rest(Cause.STEP_AWAY, 0 * M, is_strict=True)),
    ],
)
def test_a_short_rest_becomes_the_desk_s_break_from_forty_minutes_on(
    cause: Cause, counters: Counters, expected: Rest
) -> None:
    assert asked(LIMITS, counters, cause) == expected


def test_two_rests_are_one_of_the_longer_length_the_stricter_rule_and_both_causes() -> None:
    work = Rest(Cause.WORK, 15 * M, with_work=True, is_third=True)
    colour = Rest(Cause.COLOUR, 3 * M, is_strict=True)
    both = Rest(Cause.WORK, 15 * M, with_work=True, is_strict=True, is_third=True)
    assert work.and_also(colour) == both
    assert colour.and_also(work) == both
    assert both.and_also(work) == both


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        (1 * M - S, Counters(1, 2, 3, 4, 5)),
        (1 * M, Counters(1, 2, 3, 0, 5)),
        (10 * M - S, Counters(1, 2, 3, 0, 5)),
        (10 * M, Counters(0, 0, 0, 0, 5)),
        (15 * M - S, Counters(0, 0, 0, 0, 5)),
        (15 * M, Counters(0, 0, 0, 0, 0)),
        (3 * M, Counters(1, 2, 3, 0, 5)),  # three minutes after severity 4 answer no counter
    ],
)
def test_a_rest_answers_what_asks_for_no_more(served: timedelta, expected: Counters) -> None:
    assert answered(LIMITS, Counters(1, 2, 3, 4, 5), served=served) == expected


@pytest.mark.parametrize(
    ("kept", "with_work", "served", "count"),
    [
        (Cause.WORK, True, 10 * M, 1),
        (Cause.SEVERE, False, 10 * M, 1),
        (Cause.EXTREME, False, 10 * M, 1),
        (Cause.COLOUR, False, 3 * M, 0),
        (Cause.COLOUR, True, 10 * M, 1),
        (Cause.LOAD, False, 10 * M, 0),
        (None, False, 10 * M, 0),  # a rest that nothing asked for
        (Cause.WORK, True, 15 * M, 0),
    ],
)
def test_breaks_after_minutes_count_towards_the_third(
    kept: Cause | None, with_work: bool, served: timedelta, count: int
) -> None:
    assert answered(LIMITS, Counters(), served=served, kept=kept, with_work=with_work).breaks_kept == count


@pytest.mark.parametrize(
    ("lasted", "expected"),
    [
        (10 * M - S, Counters(1, 2, 3, 4, 5)),
        (10 * M, Counters(1, 0, 0, 4, 5)),
        (60 * M, Counters(1, 0, 0, 4, 5)),
    ],
)
def test_other_paid_work_answers_severity_and_never_the_time_at_the_desk(
    lasted: timedelta, expected: Counters
) -> None:
    assert answered_by_other_work(LIMITS, Counters(1, 2, 3, 4, 5), lasted=lasted) == expected


@pytest.mark.parametrize(
    ("seen", "asks"),
    [
        ([], False),
        ([Seen("shielded", 600_000)], False),
        ([Seen("grey", 9_999)], False),
        ([Seen("grey", 10_000)], True),
        ([Seen("colour", 9_999)], False),
        ([Seen("colour", 10_000)], True),
        ([Seen("lens", 10_000)], True),
        ([Seen("text", 10_000)], True),
        ([Seen("shielded", 10_000, with_text=True)], True),
        ([Seen("grey", 6_000), Seen("shielded", 60_000), Seen("colour", 4_000)], True),  # in all
        ([Seen("grey", 6_000), Seen("colour", 3_999)], False),
        ([Seen("shielded", 1, sound=True)], True),
    ],
)
def test_grey_is_not_cheaper_than_colour(seen: list[Seen], asks: bool) -> None:
    assert asks_for_rest(seen) is asks


NOW = day_of([], T0)


@pytest.mark.parametrize(
    ("severity", "counters", "load", "expected"),
    [
        (0, since(24), 0, (Cause.WORK, False)),
        (0, since(25), 0, (Cause.WORK, True)),
        (3, since(24, 12), 0, (Cause.SEVERE, False)),
        (3, since(24, 12.5), 0, (Cause.SEVERE, True)),
        (2, since(20, 24), 0, (Cause.WORK, False)),
        (4, since(24, 0, 4), 0, (Cause.EXTREME, False)),
        (4, since(24, 0, 5), 0, (Cause.EXTREME, True)),
        (1, since(0), 24, (Cause.WORK, False)),
        (2, since(0), 25, (Cause.LOAD, True)),
        (2, since(0), 24, (Cause.LOAD, False)),
    ],
)
def test_what_is_in_the_way_comes_now_from_its_half_on(
    severity: int, counters: Counters, load: int, expected: tuple[Cause, bool]
) -> None:
    ledger = Ledger(NOW, block_load=load * UNITS_PER_POINT)
    assert in_the_way(LIMITS, ledger, counters, severity=severity) == expected


def test_which_severities_count_towards_which_break() -> None:
    assert FROM_SEVERITY == {Cause.WORK: 0, Cause.SEVERE: 3, Cause.EXTREME: 4}


def a_rest_of(**minutes: int) -> dict[str, InForce]:
    rests = {f"{name}_rest_seconds": count * 60 for name, count in minutes.items()}
    return LIMITS | {name: InForce(name, value, "team") for name, value in rests.items()}


def test_a_longer_rest_answers_only_when_it_was_that_long() -> None:
    longer = a_rest_of(work=20)
    assert answered(longer, Counters(1, 2, 3, 4, 1), served=14 * M) == Counters(1, 0, 0, 0, 1)
    assert answered(longer, Counters(1, 2, 3, 4, 1), served=20 * M) == Counters()


def test_a_rest_that_kept_its_length_answers_what_it_was_for_and_nothing_else_that_has_grown() -> None:
    longer = a_rest_of(work=20, severe=20)
    kept = answered(longer, Counters(1, 2, 3, 4, 0), served=10 * M, kept=Cause.WORK, with_work=True)
    assert kept == Counters(0, 2, 0, 0, 1)


def test_of_two_that_are_due_the_longer_rest_comes_which_answers_both() -> None:
    both = since(50, 25)
    found = due(a_rest_of(work=20), both)
    assert found == Rest(Cause.WORK, 20 * M, with_work=True)


@pytest.mark.parametrize(
    ("state", "cause", "postponed", "allowed"),
    [
        ("due", "work", False, True),
        ("due", "severe", False, True),
        ("due", "extreme", False, True),
        ("due", "long", False, True),
        ("due", "load", False, False),
        ("due", "work", True, False),  # once
        ("running", "work", False, False),
        ("due", "colour", False, False),
        ("due", "cluster", False, False),
        ("due", "too_much", False, False),
    ],
)
def test_postponing_follows_the_written_rule(state: str, cause: str, postponed: bool, allowed: bool) -> None:
    until = T0 if postponed else None
    assert may_postpone(state=state, cause=cause, postponed_until=until) is allowed


def test_a_merged_rest_is_put_off_by_the_stricter_rule() -> None:
    assert not may_postpone(state="due", cause="work", postponed_until=None, is_strict=True)


@pytest.mark.parametrize(
    ("state", "postponed", "after", "binding"),
    [
        ("due", None, 0, True),
        ("due", 300, 299, False),
        ("due", 300, 300, True),
        ("running", 300, 0, True),
        ("running", None, 0, True),
    ],
)
def test_a_break_binds_but_while_it_is_postponed(
    state: str, postponed: int | None, after: int, binding: bool
) -> None:
    until = None if postponed is None else T0 + postponed * S
    assert is_binding(state=state, postponed_until=until, at=T0 + after * S) is binding


@pytest.mark.parametrize(
    ("ago", "is_one"),
    [
        ([0], False),
        ([0, 300], False),
        ([0, 300, 899], True),
        ([0, 300, 900], False),
        ([0, 1, 2, 3], True),
    ],
)
def test_three_cases_in_fifteen_minutes_are_a_cluster(ago: list[int], is_one: bool) -> None:
    assert is_cluster([(uuid4(), T0 - seconds * S) for seconds in ago], at=T0) is is_one


@pytest.mark.parametrize(("before", "is_one"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_cluster_counts_twice_a_shift_at_most(before: int, is_one: bool) -> None:
    closed = [(uuid4(), T0 - seconds * S) for seconds in range(3)]
    assert is_cluster(closed, at=T0, before=before) is is_one


def test_one_case_that_is_closed_three_times_is_no_cluster() -> None:
    case = uuid4()
    assert not is_cluster([(case, T0 - seconds * S) for seconds in range(3)], at=T0)


@pytest.mark.parametrize(
    ("counters", "minutes"),
    [(since(30), 20), (since(50, rest=4), 6), (since(56, rest=2), 4), (since(70), 0)],
)
def test_the_next_break_is_a_clock_time(counters: Counters, minutes: int) -> None:
    assert next_break_at(LIMITS, counters, at=T0) == T0 + minutes * M


@pytest.mark.parametrize(
    ("counters", "severity"),
    [
        (since(49), None),
        (since(0, 23 - MS), None),
        (since(0, 23), 3),
        (since(0, 0, 8 - MS), None),
        (since(0, 0, 8), 4),
        (since(0, 23, 8), 3),
    ],
)
def test_a_block_is_said_as_a_break_after_this_case_or_the_next(
    counters: Counters, severity: int | None
) -> None:
    assert block_from(LIMITS, counters) == severity


def test_a_break_limit_of_a_second_is_due_after_a_second() -> None:
    short = LIMITS | {"work_seconds": InForce("work_seconds", 1, "team")}
    assert until_break(short, Counters(work_ms=1000, since_rest_ms=1000), "work_seconds") == 0
