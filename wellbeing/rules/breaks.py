"""When a rest is due, how long it is, what it answers, and what may be put off (WELLBEING.md 'Breaks')."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from wellbeing.rules.clock import ms
from wellbeing.rules.limits import Counters, InForceByName, amount
from wellbeing.rules.names import REST_AT_MOST

POSTPONED_BY = timedelta(minutes=5)
NOTICE = timedelta(minutes=2)
CLUSTER_SIZE = 3
CLUSTER_WINDOW = timedelta(minutes=15)
BLOCK_REST = timedelta(minutes=10)
"""A rest of this length begins a new block: the load since the last break, and the run of one category, are 0 again."""


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


REST_OF: Mapping[Cause, str] = {
    Cause.WORK: "work_rest_seconds",
    Cause.SEVERE: "severe_rest_seconds",
    Cause.EXTREME: "extreme_rest_seconds",
    Cause.LONG: "long_rest_seconds",
    Cause.COLOUR: "colour_rest_seconds",
    Cause.CLUSTER: "cluster_rest_seconds",
    Cause.TOO_MUCH: "cluster_rest_seconds",
}
"""The limit that says how long the rest is. A step away is as long as the person likes."""

LONGEST = timedelta(seconds=REST_AT_MOST)

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
    due = [cause for cause, name in BOUND_BY.items() if counters.of(name) >= max(amount(limits[name]), 1)]
    return max(due, key=lambda cause: length_of(limits, cause), default=None)


def length_of(limits: InForceByName, cause: Cause) -> timedelta:
    """Return how long a rest of this cause is, as the limits have it now."""
    name = REST_OF.get(cause)
    return timedelta(seconds=limits[name].value) if name else timedelta(0)


def outweighs(limits: InForceByName, cause: Cause, other: Cause) -> bool:
    """Say whether a counted cause is weightier than that of the open break, so that the break must change."""
    order, length, stands = list(BOUND_BY), length_of(limits, cause), length_of(limits, other)
    if length != stands or other not in order:
        return length > stands
    return order.index(cause) < order.index(other)


def answered(
    limits: InForceByName, counters: Counters, *, served: timedelta, kept: Cause | None = None
) -> Counters:
    """Return the counters after a rest: each is answered by a rest of at least the length it asks for now.

    ``kept``: the cause of a rest that was served whole. It answers its own counter even where the length has grown
    since it began, for a rest that runs keeps its length.
    """

    def left(cause: Cause, counter: int) -> int:
        return 0 if cause == kept or served >= length_of(limits, cause) else counter

    return Counters(
        work_ms=left(Cause.WORK, counters.work_ms),
        severe_ms=left(Cause.SEVERE, counters.severe_ms),
        extreme_ms=left(Cause.EXTREME, counters.extreme_ms),
        long_ms=left(Cause.LONG, counters.long_ms),
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
