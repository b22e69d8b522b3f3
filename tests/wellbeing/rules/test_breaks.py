"""When a rest is due, how long, what it answers: a millisecond each side of every bound."""

from datetime import timedelta

import pytest

from tests.cast import T0
from wellbeing.models import BreakCause, BreakState
from wellbeing.rules.breaks import (
    Cause,
    State,
    answered,
    due_cause,
    is_binding,
    is_cluster,
    length_of,
    may_postpone,
    next_break_at,
    outweighs,
)
from wellbeing.rules.limits import DEFAULT_PRESET, Counters
from wellbeing.rules.scopes import InForce

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
    }


def test_the_words_are_those_of_the_tables() -> None:
    assert [cause.value for cause in Cause] == BreakCause.values
    assert [state.value for state in State] == BreakState.values


@pytest.mark.parametrize(
    ("counters", "cause"),
    [
        (Counters(), None),
        (Counters(work_ms=50 * MIN - 1), None),
        (Counters(work_ms=50 * MIN), Cause.WORK),
        (Counters(severe_ms=25 * MIN - 1), None),
        (Counters(severe_ms=25 * MIN), Cause.SEVERE),
        (Counters(extreme_ms=10 * MIN - 1), None),
        (Counters(extreme_ms=10 * MIN), Cause.EXTREME),
        (Counters(long_ms=120 * MIN - 1), None),
        (Counters(long_ms=120 * MIN), Cause.LONG),
        (Counters(work_ms=50 * MIN, long_ms=120 * MIN), Cause.LONG),  # the longest rest answers both
        (Counters(work_ms=50 * MIN, severe_ms=25 * MIN, extreme_ms=10 * MIN), Cause.EXTREME),
    ],
)
def test_when_a_rest_is_due(counters: Counters, cause: Cause | None) -> None:
    assert due_cause(LIMITS, counters) == cause


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        (10 * M - S, Counters(1, 2, 3, 4)),
        (10 * M, Counters(0, 0, 0, 4)),
        (15 * M - S, Counters(0, 0, 0, 4)),
        (15 * M, Counters(0, 0, 0, 0)),
        (3 * M, Counters(1, 2, 3, 4)),  # three minutes after colour answer no counter
    ],
)
def test_a_rest_answers_what_asks_for_no_more(served: timedelta, expected: Counters) -> None:
    assert answered(LIMITS, Counters(1, 2, 3, 4), served=served) == expected


def a_rest_of(**minutes: int) -> dict[str, InForce]:
    rests = {f"{name}_rest_seconds": count * 60 for name, count in minutes.items()}
    return LIMITS | {name: InForce(name, value, "team") for name, value in rests.items()}


def test_a_longer_rest_answers_only_when_it_was_that_long() -> None:
    longer = a_rest_of(work=20)
    assert answered(longer, Counters(1, 2, 3, 4), served=15 * M) == Counters(1, 0, 0, 0)
    assert answered(longer, Counters(1, 2, 3, 4), served=20 * M) == Counters(0, 0, 0, 0)


def test_a_rest_that_kept_its_length_answers_what_it_was_for_and_nothing_else_that_has_grown() -> None:
    longer = a_rest_of(work=20, severe=20)
    assert answered(longer, Counters(1, 2, 3, 4), served=10 * M, kept=Cause.WORK) == Counters(0, 2, 0, 4)


def test_of_two_that_are_due_the_longer_rest_comes_which_answers_both() -> None:
    both = Counters(work_ms=50 * MIN, long_ms=120 * MIN)
    assert due_cause(LIMITS, both) == Cause.LONG
    assert due_cause(a_rest_of(work=20), both) == Cause.WORK


@pytest.mark.parametrize(
    ("state", "cause", "postponed", "allowed"),
    [
        ("due", "work", False, True),
        ("due", "severe", False, True),
        ("due", "extreme", False, True),
        ("due", "long", False, True),
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
def test_three_closes_in_fifteen_minutes_are_a_cluster(ago: list[int], is_one: bool) -> None:
    assert is_cluster([T0 - seconds * S for seconds in ago], at=T0) is is_one


@pytest.mark.parametrize(
    ("cause", "other", "weightier"),
    [
        (Cause.LONG, Cause.WORK, True),
        (Cause.EXTREME, Cause.WORK, True),
        (Cause.WORK, Cause.EXTREME, False),
        (Cause.WORK, Cause.WORK, False),
        (Cause.WORK, Cause.COLOUR, True),
        (Cause.LONG, Cause.CLUSTER, False),
        (Cause.WORK, Cause.TOO_MUCH, False),
    ],
)
def test_which_cause_weighs_more(cause: Cause, other: Cause, weightier: bool) -> None:
    assert outweighs(LIMITS, cause, other) is weightier


@pytest.mark.parametrize(("severity", "minutes"), [(None, 20), (2, 20), (3, 15), (4, 5)])
def test_the_next_break_is_a_clock_time(severity: int | None, minutes: int) -> None:
    counters = Counters(work_ms=30 * MIN, severe_ms=10 * MIN, extreme_ms=5 * MIN, long_ms=30 * MIN)
    assert next_break_at(LIMITS, counters, severity=severity, at=T0) == T0 + minutes * M
