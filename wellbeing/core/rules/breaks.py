"""When a rest is due, how long it is, what it answers, and what may be put off (WELLBEING.md 'Breaks')."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from wellbeing.core.rules.clock import NOTHING, in_ms, ms
from wellbeing.core.rules.limits import (
    BLOCK_LOAD,
    Counters,
    InForceByName,
    Ledger,
    amount,
    until_block_load,
    until_break,
)
from wellbeing.core.rules.load import Level
from wellbeing.core.rules.names import REST_AT_MOST

POSTPONED_BY = timedelta(minutes=5)
NOTICE = timedelta(minutes=2)
CLUSTER_SIZE = 3
CLUSTER_WINDOW = timedelta(minutes=15)
CLUSTERS_A_SHIFT = 2
SEEN_LONG_ENOUGH = timedelta(seconds=10)
"""So long in all is a case of severity 4 seen clearer than its shield before a rest follows it; with sound any time."""
BLOCK_REST = timedelta(minutes=10)
"""A rest of this length begins a new block: the load since the last break, and the run of one category, are 0 again."""
SHORTEST_REST = timedelta(minutes=1)
"""Less than the least length that a limit may give a rest is none."""
LONG_EVERY = 3
"""Every third break after minutes is a long one."""
MERGED_BELOW = timedelta(minutes=10)
MERGES_FROM = (4, 5)
"""A rest shorter than that becomes the break after time at the desk from so much of its minutes: 40 of 50."""


class Cause(StrEnum):
    """Why a rest is due. The values are those of the table; ``long`` is of breaks before every third one was long."""

    WORK = "work"
    SEVERE = "severe"
    EXTREME = "extreme"
    LONG = "long"
    COLOUR = "colour"
    CLUSTER = "cluster"
    TOO_MUCH = "too_much"
    STEP_AWAY = "step_away"
    LOAD = "load"


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
    Cause.EXTREME: "extreme_seconds",
    Cause.SEVERE: "severe_seconds",
    Cause.WORK: "work_seconds",
}
"""Causes that are counted in minutes, the weightiest first, and the limit after which each is due."""

BY_WEIGHT = (
    Cause.TOO_MUCH,
    Cause.CLUSTER,
    Cause.LOAD,
    Cause.LONG,
    *BOUND_BY,
    Cause.COLOUR,
    Cause.STEP_AWAY,
)
"""Of rests of one length, the cause that is named."""

NOT_POSTPONABLE = frozenset({Cause.COLOUR, Cause.CLUSTER, Cause.TOO_MUCH, Cause.STEP_AWAY, Cause.LOAD})


@dataclass(frozen=True)
class Rest:
    """What is asked for: by which cause, how long, and of which kinds.

    ``with_work``: it is the break after time at the desk as well. ``is_strict``: it cannot be put off, whatever is named.
    ``is_third``: a long one, for two of its kind were kept since the last.
    """

    cause: Cause
    length: timedelta
    with_work: bool = False
    is_strict: bool = False
    is_third: bool = False

    def and_also(self, other: "Rest") -> "Rest":
        """Return one rest in place of two: the longer length, the stricter rule for postponing, and both causes."""
        first, second = (self, other) if _weight(self) >= _weight(other) else (other, self)
        return Rest(
            first.cause,
            max(first.length, second.length),
            with_work=first.with_work or second.with_work,
            is_strict=first.is_strict or second.is_strict,
            is_third=first.is_third or second.is_third,
        )


def _weight(rest: Rest) -> tuple[timedelta, int]:
    return rest.length, -BY_WEIGHT.index(rest.cause)


def due(limits: InForceByName, counters: Counters, *, block_load: int = 0) -> Rest | None:
    """Return the rest whose time has come by minutes or by the load since the last break; of several, all in one."""
    causes = [cause for cause, name in BOUND_BY.items() if until_break(limits, counters, name) <= 0]
    if block_load >= amount(limits[BLOCK_LOAD]):
        causes.append(Cause.LOAD)
    found: Rest | None = None
    for cause in causes:
        rest = asked(limits, counters, cause)
        found = rest if found is None else found.and_also(rest)
    return found


def asked(limits: InForceByName, counters: Counters, cause: Cause) -> Rest:
    """Return the rest that a cause asks for now: every third one is long, and a short one may be the desk's break as well."""
    rest = _plain(limits, counters, cause)
    if cause == Cause.STEP_AWAY or rest.length >= MERGED_BELOW:
        return rest
    counted, whole = MERGES_FROM
    if counters.work_ms * whole < amount(limits["work_seconds"]) * counted:
        return rest
    work = _plain(limits, counters, Cause.WORK)
    return replace(rest.and_also(work), cause=cause)


def _plain(limits: InForceByName, counters: Counters, cause: Cause) -> Rest:
    length = length_of(limits, cause)
    is_third = cause in BOUND_BY and counters.breaks_kept >= LONG_EVERY - 1
    return Rest(
        cause,
        max(length, length_of(limits, Cause.LONG)) if is_third else length,
        with_work=cause == Cause.WORK,
        is_strict=cause in NOT_POSTPONABLE,
        is_third=is_third,
    )


def length_of(limits: InForceByName, cause: Cause) -> timedelta:
    """Return how long a rest of this cause is by itself, as the limits have it now."""
    if cause == Cause.LOAD:
        return BLOCK_REST
    name = REST_OF.get(cause)
    return timedelta(seconds=limits[name].value) if name else NOTHING


def answered(
    limits: InForceByName,
    counters: Counters,
    *,
    served: timedelta,
    kept: Cause | None = None,
    with_work: bool = False,
) -> Counters:
    """Return the counters after a rest: each is answered by a rest of at least the length it asks for now.

    ``kept``, ``with_work``: the causes of a break that was kept whole. It answers its own counters even where their
    length has grown since it began, for a rest that runs keeps its length, and counts towards the third.
    """

    def left(cause: Cause, counter: int) -> int:
        is_kept = cause == kept or (with_work and cause == Cause.WORK)
        return 0 if is_kept or served >= length_of(limits, cause) else counter

    counts = with_work or kept in BOUND_BY
    is_long = served >= length_of(limits, Cause.LONG)
    return Counters(
        work_ms=left(Cause.WORK, counters.work_ms),
        severe_ms=left(Cause.SEVERE, counters.severe_ms),
        extreme_ms=left(Cause.EXTREME, counters.extreme_ms),
        since_rest_ms=0 if served >= SHORTEST_REST else counters.since_rest_ms,
        breaks_kept=0 if is_long else counters.breaks_kept + int(counts),
    )


def answered_by_other_work(limits: InForceByName, counters: Counters, *, lasted: timedelta) -> Counters:
    """Return the counters after other paid work: those of severity are answered, the desk's only by rest."""
    after = answered(limits, counters, served=lasted)
    return replace(counters, severe_ms=after.severe_ms, extreme_ms=after.extreme_ms)


def is_binding(*, state: str, postponed_until: datetime | None, at: datetime) -> bool:
    """Say whether an open break forbids looking and taking: always, but while it is postponed."""
    return state == State.RUNNING or postponed_until is None or at >= postponed_until


def may_postpone(
    *, state: str, cause: str, postponed_until: datetime | None, is_strict: bool = False
) -> bool:
    """Say whether a break may be put off: once, while due; not after severity 4, too much or a red load, also merged."""
    may_ever = not is_strict and Cause(cause) not in NOT_POSTPONABLE
    return may_ever and state == State.DUE and postponed_until is None


def in_the_way(
    limits: InForceByName, ledger: Ledger, counters: Counters, *, severity: int
) -> tuple[Cause, bool]:
    """Return the next break at *severity*, and whether half of it is counted: then it is due where nothing fits before it."""
    left = {
        cause: (until_break(limits, counters, name), 2 * counters.of(name) >= amount(limits[name]))
        for cause, name in BOUND_BY.items()
        if severity >= FROM_SEVERITY[cause]
    }
    load = until_block_load(limits, ledger, severity=severity)
    if load is not None:
        left[Cause.LOAD] = load, 2 * ledger.block_load >= amount(limits[BLOCK_LOAD])
    cause = min(left, key=lambda one: left[one][0])
    return cause, left[cause][1]


FROM_SEVERITY: Mapping[Cause, int] = {Cause.WORK: 0, Cause.SEVERE: 3, Cause.EXTREME: 4}


@dataclass(frozen=True)
class Seen:
    """A stretch of a case of severity 4, as it was shown."""

    level: str
    shown_ms: int
    with_text: bool = False
    sound: bool = False


def asks_for_rest(stretches: Iterable[Seen]) -> bool:
    """Say whether a case of severity 4 was seen so that a rest follows: grey is not cheaper than colour."""
    seen = list(stretches)
    clear_ms = sum(one.shown_ms for one in seen if one.level != Level.SHIELDED or one.with_text)
    return any(one.sound for one in seen) or clear_ms >= in_ms(SEEN_LONG_ENOUGH)


def is_cluster(closed: Iterable[tuple[UUID, datetime]], *, at: datetime, before: int = 0) -> bool:
    """Say whether these closes of severity-4 cases (the one at *at* among them) ask for a long rest.

    ``before``: how often that was so in this shift.
    """
    cases = {case for case, when in closed if at - CLUSTER_WINDOW < when <= at}
    return len(cases) >= CLUSTER_SIZE and before < CLUSTERS_A_SHIFT


def next_break_at(limits: InForceByName, counters: Counters, *, at: datetime) -> datetime:
    """Return the clock time of the break after time at the desk, if work goes on."""
    return at + ms(max(until_break(limits, counters, "work_seconds"), 0))


def block_from(limits: InForceByName, counters: Counters) -> int | None:
    """Return from which severity on the break of a block comes after this case or the next; None: from none."""
    near = (
        least
        for cause, least in FROM_SEVERITY.items()
        if least and until_break(limits, counters, BOUND_BY[cause]) <= in_ms(NOTICE)
    )
    return min(near, default=None)
