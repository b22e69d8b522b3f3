"""When a rest is due, how long it is, what it answers, and what may be put off (WELLBEING.md 'Breaks')."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from wellbeing.rules.clock import ms
from wellbeing.rules.limits import Counters, InForceByName, amount

POSTPONED_BY = timedelta(minutes=5)
NOTICE = timedelta(minutes=2)
CLUSTER_SIZE = 3
CLUSTER_WINDOW = timedelta(minutes=15)
MILD_CASES_AFTER_COLOUR = 2


class Cause(StrEnum):
    """Why a rest is due. The values are those of the table."""

    WORK = "work"
    SEVERE = "severe"
    EXTREME = "extreme"
    LONG = "long"
    COLOUR = "colour"
    CLUSTER = "cluster"
    TOO_MUCH = "too_much"
    STEP_AWAY = "step_away"


class State(StrEnum):
    """How far a rest is."""

    DUE = "due"
    RUNNING = "running"
    OVER = "over"


LENGTHS: Mapping[Cause, timedelta] = {
    Cause.WORK: timedelta(minutes=10),
    Cause.SEVERE: timedelta(minutes=10),
    Cause.EXTREME: timedelta(minutes=10),
    Cause.LONG: timedelta(minutes=15),
    Cause.COLOUR: timedelta(minutes=3),
    Cause.CLUSTER: timedelta(minutes=15),
    Cause.TOO_MUCH: timedelta(minutes=15),
    Cause.STEP_AWAY: timedelta(0),
}
LONGEST = max(LENGTHS.values())

BOUND_BY: Mapping[Cause, str] = {
    Cause.LONG: "long_seconds",
    Cause.EXTREME: "extreme_seconds",
    Cause.SEVERE: "severe_seconds",
    Cause.WORK: "work_seconds",
}
"""Counted causes, the weightiest first, and the limit after which each is due."""

NOT_POSTPONABLE = frozenset({Cause.COLOUR, Cause.CLUSTER, Cause.TOO_MUCH, Cause.STEP_AWAY})


def due_cause(limits: InForceByName, counters: Counters) -> Cause | None:
    """Return the weightiest cause whose time has come: the longest break first, then the severest."""
    for cause, name in BOUND_BY.items():
        if counters.of(name) >= max(amount(limits[name]), 1):
            return cause
    return None


def outweighs(cause: Cause, other: Cause) -> bool:
    """Say whether a counted cause is weightier than that of the open break, so that the break must change."""
    order = list(BOUND_BY)
    if LENGTHS[cause] != LENGTHS[other] or other not in order:
        return LENGTHS[cause] > LENGTHS[other]
    return order.index(cause) < order.index(other)


def answered(counters: Counters, *, served: timedelta) -> Counters:
    """Return the counters after a rest: each is answered by a rest of at least the length it asks for."""
    return Counters(
        work_ms=0 if served >= LENGTHS[Cause.WORK] else counters.work_ms,
        severe_ms=0 if served >= LENGTHS[Cause.SEVERE] else counters.severe_ms,
        extreme_ms=0 if served >= LENGTHS[Cause.EXTREME] else counters.extreme_ms,
        long_ms=0 if served >= LENGTHS[Cause.LONG] else counters.long_ms,
    )


def is_binding(*, state: str, postponed_until: datetime | None, at: datetime) -> bool:
    """Say whether an open break forbids looking and taking: always, but while it is postponed."""
    return state == State.RUNNING or postponed_until is None or at >= postponed_until


def may_postpone(*, state: str, cause: str, postponed_until: datetime | None) -> bool:
    """Say whether a break may be put off: once, while due, and not after severity 4 or too much."""
    return state == State.DUE and postponed_until is None and Cause(cause) not in NOT_POSTPONABLE


def is_cluster(closed_at: Sequence[datetime], *, at: datetime) -> bool:
    """Say whether these closes of severity-4 cases (the one at *at* among them) ask for a rest."""
    return sum(at - CLUSTER_WINDOW < closed <= at for closed in closed_at) >= CLUSTER_SIZE


def next_break_at(
    limits: InForceByName, counters: Counters, *, severity: int | None, at: datetime
) -> datetime:
    """Return the clock time of the next break if work goes on as now, at *severity* on the stage (None: nothing)."""
    names = ["work_seconds", "long_seconds"]
    if severity is not None and severity >= 3:
        names.append("severe_seconds")
    if severity == 4:
        names.append("extreme_seconds")
    left = min(amount(limits[name]) - counters.of(name) for name in names)
    return at + ms(max(left, 0))
