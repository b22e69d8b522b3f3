"""Which limits hold, what is used of them, and what may still be taken (WELLBEING.md 'Limits')."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wellbeing.exceptions import Reached
from wellbeing.rules.clock import NOTHING, in_ms, ms
from wellbeing.rules.days import QUARTER, QUARTERS_BEFORE, Day
from wellbeing.rules.names import RESTS
from wellbeing.rules.scopes import InForce

ALL = frozenset({0, 1, 2, 3, 4})
SEVERITIES: Mapping[str, frozenset[int]] = {
    "seconds_1": frozenset({1, 2, 3, 4}),
    "seconds_3": frozenset({3, 4}),
    "seconds_4": frozenset({4}),
    "cases_3": frozenset({3}),
    "cases_4": frozenset({4}),
    "work_seconds": ALL,
    "severe_seconds": frozenset({3, 4}),
    "extreme_seconds": frozenset({4}),
    "long_seconds": ALL,
}
"""What counts towards each limit. All values are whole seconds or cases; smaller is tighter (but of a rest: ``names``)."""

DAY_SECONDS = ("seconds_1", "seconds_3", "seconds_4")
DAY_CASES = ("cases_3", "cases_4")
DAY_LIMITS = DAY_SECONDS + DAY_CASES
BREAK_LIMITS = ("work_seconds", "severe_seconds", "extreme_seconds", "long_seconds")

DEFAULT_PRESET: Mapping[str, int] = {
    "seconds_1": 240 * 60,
    "seconds_3": 120 * 60,
    "seconds_4": 30 * 60,
    "cases_3": 150,
    "cases_4": 60,
    "work_seconds": 50 * 60,
    "severe_seconds": 25 * 60,
    "extreme_seconds": 10 * 60,
    "long_seconds": 2 * 3600,
    **RESTS,
}
"""The preset ``default`` of WELLBEING.md; it is the ceiling where no row says otherwise."""

GRACE = timedelta(minutes=5)
"""How long the case in hand may still be decided after a limit is reached or a break is due."""


@dataclass
class Spent:
    """Milliseconds shown, cases counted and load (units of ``rules.load``), of one quarter and severity, or of a day."""

    shown_ms: int = 0
    cases: int = 0
    load_units: int = 0


@dataclass
class Ledger:
    """What was shown to one person: (quarter start, severity) → spent, of at least the quarters of ``day``."""

    day: Day
    spent: dict[tuple[datetime, int], Spent] = field(default_factory=dict)

    def add(self, *, quarter_at: datetime, severity: int, shown_ms: int = 0, cases: int = 0) -> None:
        """Add to one quarter and severity (or take away, with negative counts)."""
        one = self.spent.setdefault((quarter_at, severity), Spent())
        one.shown_ms += shown_ms
        one.cases += cases

    def today(self, severity: int) -> Spent:
        """Return what was spent on the local date."""
        return self._since(severity, self.day.start)

    def rolling(self, severity: int) -> Spent:
        """Return what was spent in the current quarter and the 96 before."""
        return self._since(severity, self.day.rolling_start)

    def _since(self, severity: int, start: datetime) -> Spent:
        found = [one for (at, level), one in self.spent.items() if level == severity and at + QUARTER > start]
        return Spent(sum(one.shown_ms for one in found), sum(one.cases for one in found))

    def used(self, name: str) -> int:
        """Return what is used of a day limit, the tighter of both days; in ms for seconds, else cases."""
        return max(self.used_since(name, self.day.start), self.used_since(name, self.day.rolling_start))

    def used_since(self, name: str, start: datetime) -> int:
        """Return what is used of a day limit since *start*; in ms for seconds, else cases."""
        spent = [self._since(severity, start) for severity in SEVERITIES[name]]
        return sum(one.cases if name in DAY_CASES else one.shown_ms for one in spent)

    def lifts_at(self, name: str, value: int) -> datetime | None:
        """Return when what is used falls below *value* (in the unit of :meth:`used`), None if never (0)."""
        if value <= 0:
            return None
        at = self.day.end if self.used_since(name, self.day.start) >= value else self.day.quarter_at
        window = QUARTERS_BEFORE * QUARTER
        while self.used_since(name, at - window) >= value:
            at += QUARTER
        return at


@dataclass(frozen=True)
class Counters:
    """Time since the breaks that answer it, in ms: WELLBEING.md 'Breaks'."""

    work_ms: int = 0
    severe_ms: int = 0
    extreme_ms: int = 0
    long_ms: int = 0

    def of(self, name: str) -> int:
        """Return the counter that a break limit bounds."""
        counters = {
            "work_seconds": self.work_ms,
            "severe_seconds": self.severe_ms,
            "extreme_seconds": self.extreme_ms,
            "long_seconds": self.long_ms,
        }
        return counters[name]


@dataclass(frozen=True)
class Fit:
    """How much of what may be taken now.

    ``fit``: severity → time left before the next break or limit; a severity that is absent may not be
    taken at all, and ``closed_by`` says why. ``mild_only``: a hard limit is reached, so of severity 0
    only text and media that a person confirmed as mild may be taken (``fit`` then has no key but 0).
    """

    fit: Mapping[int, timedelta]
    closed_by: Mapping[int, Reached]
    mild_only: Reached | None


InForceByName = Mapping[str, InForce]


def amount(limit: InForce) -> int:
    """Return a limit's value in the unit in which it is counted: ms, or cases."""
    return limit.value if limit.name in DAY_CASES else limit.value * 1000


def reached_by(limit: InForce, ledger: Ledger) -> Reached:
    """Describe a limit that is used up."""
    return Reached(limit.name, limit.value, limit.scope, ledger.lifts_at(limit.name, amount(limit)))


def hard_limit_reached(limits: InForceByName, ledger: Ledger) -> Reached | None:
    """Return a day limit that is used up (not one that is 0: that closes its severities and no more)."""
    for name in DAY_LIMITS:
        if 0 < amount(limits[name]) <= ledger.used(name):
            return reached_by(limits[name], ledger)
    return None


def closes(limits: InForceByName, ledger: Ledger, *, severity: int) -> Reached | None:
    """Return the day limit that keeps a new case of this severity from being taken."""
    for name in DAY_LIMITS:
        if severity in SEVERITIES[name] and ledger.used(name) >= amount(limits[name]):
            return reached_by(limits[name], ledger)
    return None


def forbids_look(
    limits: InForceByName, ledger: Ledger, *, severity: int, was_counted: bool
) -> Reached | None:
    """Return the day limit that keeps a case of this severity off the stage.

    Once minutes are used up nothing of severity 1 or more is shown at all. Cases are used up for the
    next case; one that is counted already goes on, unless the limit was set below what was counted.
    """
    if severity == 0:
        return None
    for name in DAY_SECONDS:
        value, used = amount(limits[name]), ledger.used(name)
        if used >= value and (value > 0 or severity in SEVERITIES[name]):
            return reached_by(limits[name], ledger)
    for name in DAY_CASES:
        value, used = amount(limits[name]), ledger.used(name)
        if severity in SEVERITIES[name] and (
            used > value or (used == value and not was_counted) or value == 0
        ):
            return reached_by(limits[name], ledger)
    return None


def time_left(
    limits: InForceByName,
    ledger: Ledger,
    counters: Counters,
    *,
    severity: int,
    postponed: timedelta | None = None,
) -> timedelta:
    """Return how long this severity may be shown before the next break or limit; 0 when none is left.

    ``postponed``: until the break that is due and was put off binds; what has run out by then waits for it.
    """
    left = [amount(limits[name]) - ledger.used(name) for name in DAY_SECONDS if severity in SEVERITIES[name]]
    rest = [amount(limits[name]) - counters.of(name) for name in BREAK_LIMITS if severity in SEVERITIES[name]]
    if postponed is not None:
        rest = [one for one in rest if one > 0] + [in_ms(postponed)]
    return max(ms(min(left + rest)), NOTHING)


def what_fits(
    limits: InForceByName,
    ledger: Ledger,
    counters: Counters,
    *,
    mild_owed: int,
    postponed: timedelta | None = None,
) -> Fit:
    """Return what may be allocated now. ``mild_owed``: that many next cases are of severity 0 or 1."""
    mild_only = hard_limit_reached(limits, ledger)
    closed_by: dict[int, Reached] = {}
    fit: dict[int, timedelta] = {}
    for severity in sorted(ALL):
        closed = closes(limits, ledger, severity=severity) or (mild_only if severity > 0 else None)
        if closed is not None:
            closed_by[severity] = closed
        elif severity <= 1 or not mild_owed:
            fit[severity] = time_left(limits, ledger, counters, severity=severity, postponed=postponed)
    return Fit(fit, closed_by, mild_only)
