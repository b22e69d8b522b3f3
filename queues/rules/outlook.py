"""How many open jobs would miss their due time: from limits and headcount, never from what anybody has spent.

A team's capacity is a handful of pools. Each says how much a day of certain severities the limits of all its people
allow together, in seconds or cases, rounded down to 5 minutes or 5 cases so that no one person can be told from it:

* the desk (every severity): 8 h a day, less the rests that work asks for;
* severity 1 and up: the minutes a day; 3 and up, and 4: the minutes a day, less the rests that they ask for;
* exactly 3, and exactly 4: the cases a day.

What waits is done in the order of due times, the severest first among equals. A day's capacity is spread evenly over
24 h, because nobody's shift is known; the team is reckoned alone on its queues, with whole days before it. A job takes
from every pool that holds its severity. What does not fit before it is due has missed, and gives way to the rest. Jobs
without a due time can miss nothing.

An example: five people may look at severity 3 and up for 120 minutes a day each, 600 together. 900 jobs of severity 3
wait, of 60 s each, due in 24 h: 600 fit, 300 miss. Were it 60 minutes, 300 would fit and 600 miss. So 'if the limit
were 60 minutes, 300 more would miss their due time'.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from queues.rules.telling import FEWEST
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.limits.rules.leaving import leaves

DAY_SECONDS = 24 * 3600
DESK_SECONDS = 8 * 3600
ROUNDED_SECONDS = 5 * 60
ROUNDED_CASES = 5
RECKONED = frozenset(
    {
        "seconds_1", "seconds_3", "seconds_4", "cases_3", "cases_4", "work_seconds", "severe_seconds",
        "extreme_seconds", "work_rest_seconds", "severe_rest_seconds", "extreme_rest_seconds", "long_rest_seconds",
    }
)  # fmt: skip
"""The limits that the pools are made of; what any other would cost is not reckoned here."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Jobs of one severity that are due at the same time; ``seconds`` is what all of them are expected to take."""

    severity: int
    due_at: datetime | None
    jobs: int
    seconds: int

    @property
    def seconds_each(self) -> int:
        """What one of them takes, rounded up."""
        return -(-self.seconds // self.jobs)


@dataclass(frozen=True, slots=True)
class Pool:
    """How much of some severities a team may be shown in a day: seconds, or cases where ``in_cases``."""

    severities: frozenset[int]
    a_day: int
    in_cases: bool = False

    def cost(self, work: Waiting) -> int:
        """Return what one of these jobs takes out of it."""
        return 1 if self.in_cases else work.seconds_each

    def allows(self, within: timedelta) -> int:
        """Return how much of it there is in a stretch of time."""
        return self.a_day * max(int(within.total_seconds()), 0) // DAY_SECONDS


Limits = Mapping[str, int]
"""Limit → value in seconds or cases, of one person."""


def more_would_miss(
    waiting: Iterable[Waiting], *, now: Sequence[Limits], asked: Sequence[Limits], at: datetime
) -> int | None:
    """Return how many more jobs would miss their due time under other limits of the same people.

    Never below 0: that fewer would is no cost. None for fewer than 5 people.
    """
    if len(now) < FEWEST:
        return None
    work = list(waiting)
    return max(missed(work, pools_of(asked), at=at) - missed(work, pools_of(now), at=at), 0)


def closed_by(name: str, value: int, asked: Iterable[Limits]) -> int | None:
    """Return from which severity up nobody could be shown anything, because of this value; None if it closes none.

    *asked*: the limits of all people with it. It has to close by itself too, beside what is shipped.
    """
    everybody = [*asked, dict(DEFAULT_PRESET) | {name: value}]
    closed = (
        level for level in (1, 3, 4) if not any(leaves(one, severity=level).day_seconds for one in everybody)
    )
    return next(closed, None)


def missed(waiting: Iterable[Waiting], pools: Sequence[Pool], *, at: datetime) -> int:
    """Return how many jobs cannot be done before they are due."""
    due = [(work.due_at, -work.severity, work) for work in waiting if work.due_at is not None]
    used = dict.fromkeys(pools, 0)
    total = 0
    for due_at, _, work in sorted(due, key=lambda one: one[:2]):
        done = _fitting(work, used, within=due_at - at)
        for pool in used:
            if work.severity in pool.severities:
                used[pool] += done * pool.cost(work)
        total += work.jobs - done
    return total


def pools_of(staff: Sequence[Limits]) -> list[Pool]:
    """Return what a team may be shown in a day, by the limits of its people."""
    return [
        _seconds((0, 1, 2, 3, 4), (_between_rests(one, "work") for one in staff)),
        _seconds((1, 2, 3, 4), (one["seconds_1"] for one in staff)),
        _seconds((3, 4), (_of_severe(one) for one in staff)),
        _seconds((4,), (min(one["seconds_4"], _between_rests(one, "extreme")) for one in staff)),
        _cases(3, (one["cases_3"] for one in staff)),
        _cases(4, (one["cases_4"] for one in staff)),
    ]


def _of_severe(limits: Limits) -> int:
    """Return the seconds a day at 3 and up; where no case of 3 may be shown, none of 4 may be either."""
    return min(limits["seconds_3"], _between_rests(limits, "severe")) if limits["cases_3"] else 0


def _seconds(severities: Iterable[int], each: Iterable[int]) -> Pool:
    return Pool(frozenset(severities), _rounded(sum(each), ROUNDED_SECONDS))


def _cases(severity: int, each: Iterable[int]) -> Pool:
    return Pool(frozenset({severity}), _rounded(sum(each), ROUNDED_CASES), in_cases=True)


def _rounded(amount: int, step: int) -> int:
    return amount // step * step


def _between_rests(limits: Limits, cause: str) -> int:
    """Return what a day at the desk leaves for work of a kind that asks for a rest every so often, the third a long one."""
    work, rest = 3 * limits[f"{cause}_seconds"], limits[f"{cause}_rest_seconds"]
    rests = 2 * rest + max(rest, limits["long_rest_seconds"])
    return DESK_SECONDS * work // (work + rests)


def _fitting(work: Waiting, used: Mapping[Pool, int], *, within: timedelta) -> int:
    """Return how many of these jobs every pool has room for in the time that is left to them."""
    fitting = work.jobs
    for pool, spent in used.items():
        cost = pool.cost(work)
        if work.severity in pool.severities and cost:
            fitting = min(fitting, (pool.allows(within) - spent) // cost)
    return max(fitting, 0)
