"""Which limits hold, what is used of them, and what may still be taken (WELLBEING.md 'Limits')."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from wellbeing.core.rules import caps
from wellbeing.core.rules.caps import Cap
from wellbeing.core.rules.clock import NOTHING, in_ms, ms
from wellbeing.core.rules.days import QUARTER, QUARTERS_BEFORE, Day, midnight
from wellbeing.core.rules.load import COLOUR_FACTOR, SHIPPED_WEIGHTS, UNITS_PER_POINT
from wellbeing.core.rules.names import KINDS
from wellbeing.core.rules.scopes import InForce
from wellbeing.exceptions import Reached

ALL = frozenset({0, 1, 2, 3, 4})
WEIGHED = frozenset({1, 2, 3, 4})
SEVERITIES: Mapping[str, frozenset[int]] = {
    "seconds_1": frozenset({1, 2, 3, 4}),
    "seconds_3": frozenset({3, 4}),
    "seconds_4": frozenset({4}),
    "cases_3": frozenset({3}),
    "cases_4": frozenset({4}),
    "load_block_red": WEIGHED,
    "load_day_red": WEIGHED,
    "load_week_red": WEIGHED,
    "load_month_red": WEIGHED,
    "work_seconds": ALL,
    "severe_seconds": frozenset({3, 4}),
    "extreme_seconds": frozenset({4}),
}
"""What counts towards each limit. All values are whole seconds, cases or points; smaller is tighter (but: ``names``)."""

CLOSES: Mapping[str, frozenset[int]] = {**SEVERITIES, "cases_3": frozenset({3, 4})}
"""What a reached limit closes: what counts towards it and what is worse, and no more, whatever its value (0 too)."""

DAY_SECONDS = ("seconds_1", "seconds_3", "seconds_4")
DAY_CASES = ("cases_3", "cases_4")
DAY_LIMITS = DAY_SECONDS + DAY_CASES
LOAD_LIMITS = ("load_block_red", "load_day_red", "load_week_red", "load_month_red")
BLOCK_LOAD = "load_block_red"
"""The load since the last break: it closes nothing, and makes a break due."""
HARD_LIMITS = DAY_LIMITS + tuple(name for name in LOAD_LIMITS if name != BLOCK_LOAD)
CLOSE_ALL_BUT_NONE = tuple(name for name in HARD_LIMITS if CLOSES[name] == WEIGHED)
"""Those that leave severity 0 alone, and of it text and what a person confirmed as mild."""
LOAD_WINDOWS: Mapping[str, int] = {"load_week_red": 7, "load_month_red": 28}
"""Of how many local dates, today among them, the load is bounded."""
BREAK_LIMITS = ("work_seconds", "severe_seconds", "extreme_seconds")
WAITS_AFTER_A_REST = 5
"""One in so many of its minutes, 10 of 50, lie between any rest and the break after time at the desk; nor does it wait longer."""

DEFAULT_PRESET: Mapping[str, int] = {name: kind.shipped for name, kind in KINDS.items()}
"""The preset ``default`` of WELLBEING.md; it is the ceiling where no row says otherwise."""

A_DAY = timedelta(days=1)
"""So much fits of what neither limit nor cap bounds."""

GRACE = timedelta(minutes=5)
"""How long the case in hand may still be decided after a limit is reached or a break is due."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds shown, cases counted and load (units of ``core.rules.load``), of one quarter and severity, or of a day.

    ``units_at_one``: the load at P = 1.
    """

    shown_ms: int = 0
    cases: int = 0
    load_units: int = 0
    units_at_one: int = 0

    @property
    def is_shown(self) -> bool:
        """Whether anything was shown, or counted as a case."""
        return bool(self.shown_ms or self.cases)

    def plus(self, other: "Spent") -> "Spent":
        """Return the sum of two."""
        return Spent(
            self.shown_ms + other.shown_ms,
            self.cases + other.cases,
            self.load_units + other.load_units,
            self.units_at_one + other.units_at_one,
        )


@dataclass(frozen=True)
class Ledger:
    """What was shown to one person: (quarter start, severity) → spent, of at least the quarters of ``day``.

    ``past_loads``: the load at P = 1 of the local dates before today, yesterday's first. ``block_load``: the load as it was
    shown since the last break of 10 min. Both in units. ``weights``: severity → hundredths, by which load is counted now. ``caps``: what the hour, the
    shift or the days before leave.
    """

    day: Day
    spent: dict[tuple[datetime, int], Spent] = field(default_factory=dict)
    past_loads: Sequence[int] = ()
    block_load: int = 0
    weights: Mapping[int, int] = field(default_factory=lambda: SHIPPED_WEIGHTS)
    caps: Sequence[Cap] = ()
    _sums: dict[tuple[int, datetime], Spent] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _used: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def today(self, severity: int) -> Spent:
        """Return what was spent on the local date."""
        return self._since(severity, self.day.start)

    def rolling(self, severity: int) -> Spent:
        """Return what was spent in the current quarter and the 96 before."""
        return self._since(severity, self.day.rolling_start)

    def _since(self, severity: int, start: datetime) -> Spent:
        """Return a sum over the quarters since *start*; added up once, for one act asks many times."""
        if (severity, start) not in self._sums:
            self._sums[severity, start] = self._sum(severity, start)
        return self._sums[severity, start]

    def _sum(self, severity: int, start: datetime) -> Spent:
        found = [one for (at, level), one in self.spent.items() if level == severity and at + QUARTER > start]
        return Spent(
            sum(one.shown_ms for one in found),
            sum(one.cases for one in found),
            sum(one.load_units for one in found),
            sum(one.units_at_one for one in found),
        )

    def used(self, name: str) -> int:
        """Return what is used of a limit, of a day's the tighter of both days; in ms, cases, or units of load."""
        if name == BLOCK_LOAD:
            return self.block_load
        if name not in self._used:
            self._used[name] = self._use(name)
        return self._used[name]

    def _use(self, name: str) -> int:
        if name in LOAD_WINDOWS:
            before = sum(self.past_loads[: LOAD_WINDOWS[name] - 1])
            return before + self.used_since("load_day_red", self.day.start)
        return max(self.used_since(name, self.day.start), self.used_since(name, self.day.rolling_start))

    def used_since(self, name: str, start: datetime) -> int:
        """Return what is used of a day limit since *start*; in ms for seconds, cases, or units of load at P = 1."""
        spent = [self._since(severity, start) for severity in SEVERITIES[name]]
        if name in LOAD_LIMITS:
            return sum(one.units_at_one for one in spent)
        return sum(one.cases if name in DAY_CASES else one.shown_ms for one in spent)

    def lifts_at(self, name: str, value: int) -> datetime | None:
        """Return when what is used falls below *value* (in the unit of :meth:`used`).

        None if never (0), and for the load since the last break, which only a break takes away.
        """
        if value <= 0 or name == BLOCK_LOAD:
            return None
        if name in LOAD_WINDOWS:
            return self._load_lifts_at(name, value)
        at = self.day.end if self.used_since(name, self.day.start) >= value else self.day.quarter_at
        window = QUARTERS_BEFORE * QUARTER
        while self.used_since(name, at - window) >= value:
            at += QUARTER
        return at

    def _load_lifts_at(self, name: str, value: int) -> datetime:
        """Return the first midnight at which the dates before it that still count hold less than *value*."""
        loads, ahead = [self.used_since("load_day_red", self.day.start), *self.past_loads], 1
        while sum(loads[: max(LOAD_WINDOWS[name] - ahead, 0)]) >= value:
            ahead += 1
        return midnight(self.day, ahead)


@dataclass(frozen=True)
class Counters:
    """Time since the breaks that answer it, in ms: WELLBEING.md 'Breaks'.

    ``since_rest_ms``: queue work since any rest. ``breaks_kept``: breaks after minutes since the last long rest.
    """

    work_ms: int = 0
    severe_ms: int = 0
    extreme_ms: int = 0
    since_rest_ms: int = 0
    breaks_kept: int = 0

    def of(self, name: str) -> int:
        """Return the counter that a break limit bounds."""
        counters = {
            "work_seconds": self.work_ms,
            "severe_seconds": self.severe_ms,
            "extreme_seconds": self.extreme_ms,
        }
        return counters[name]


@dataclass(frozen=True)
class Fit:
    """How much of what may be taken now.

    ``fit``: severity → time left before the next break or limit; a severity that is absent may not be
    taken at all, and ``closed_by`` says why. ``mild_only``: a limit is reached that closes everything above 0, so of
    severity 0 only text and media that a person confirmed as mild may be taken (``fit`` then has no key but 0).
    """

    fit: Mapping[int, timedelta]
    closed_by: Mapping[int, Reached]
    mild_only: Reached | None


InForceByName = Mapping[str, InForce]


def amount(limit: InForce) -> int:
    """Return a limit's value in the unit in which it is counted: ms, cases, or units of load."""
    if limit.name in LOAD_LIMITS:
        return limit.value * UNITS_PER_POINT
    return limit.value if limit.name in DAY_CASES else limit.value * 1000


def until_break(limits: InForceByName, counters: Counters, name: str) -> int:
    """Return how many ms are left of a break limit; 0 or less: its break is due.

    The break after time at the desk waits until so much was worked since any rest, once: not beyond that time itself.
    """
    left = amount(limits[name]) - counters.of(name)
    if name != "work_seconds":
        return left
    waits = amount(limits[name]) // WAITS_AFTER_A_REST
    return max(left, min(waits - counters.since_rest_ms, left + waits))


def reached_by(limit: InForce, ledger: Ledger) -> Reached:
    """Describe a limit that is used up."""
    return Reached(
        limit.name,
        limit.value,
        limit.scope,
        ledger.lifts_at(limit.name, amount(limit)),
        scope_ref=limit.scope_ref,
        since=limit.since,
        set_by=limit.set_by,
    )


def is_reached(limit: InForce, ledger: Ledger) -> bool:
    """Say whether a limit is used up; one that is 0 always is."""
    return ledger.used(limit.name) >= amount(limit)


def all_but_none_closed(limits: InForceByName, ledger: Ledger) -> Reached | None:
    """Return the limit that closes everything above severity 0: the minutes at 1 and up, or a red load."""
    return _lifts_last(
        reached_by(limits[name], ledger) for name in CLOSE_ALL_BUT_NONE if is_reached(limits[name], ledger)
    )


def too_little(limits: InForceByName, ledger: Ledger, *, severity: int, needed_ms: int) -> Reached | None:
    """Return the limit of minutes of which less is left than *needed_ms*, as if it were reached; None where none is."""
    short = {
        name: amount(limits[name]) - ledger.used(name) for name in DAY_SECONDS if severity in CLOSES[name]
    }
    name = min(short, key=lambda one: short[one], default="")
    if not name or not 0 < short[name] < needed_ms:
        return None
    until = ledger.lifts_at(name, amount(limits[name]) - needed_ms + 1)
    return replace(reached_by(limits[name], ledger), until=until)


def capped(ledger: Ledger, *, severity: int, at: datetime) -> Reached | None:
    """Return the cap that keeps this severity away at *at*."""
    cap = caps.closing(ledger.caps, severity=severity, at=at)
    return None if cap is None else cap.reached()


def closes(limits: InForceByName, ledger: Ledger, *, severity: int, at: datetime) -> Reached | None:
    """Return the limit or cap that keeps a new case of this severity from being taken: of several the one that lifts last.

    So it is open when the one that is told has lifted. Where nothing at all is left, that is what is told.
    """
    if (nothing_left := capped(ledger, severity=0, at=at)) is not None:
        return nothing_left
    found = [
        reached_by(limits[name], ledger)
        for name in HARD_LIMITS
        if severity in CLOSES[name] and is_reached(limits[name], ledger)
    ]
    cap = capped(ledger, severity=severity, at=at)
    return _lifts_last([*found, *([] if cap is None else [cap])])


def _lifts_last(found: Iterable[Reached]) -> Reached | None:
    """Return what lifts last: what never does by itself, then the latest; what a break takes away, first of all."""
    return max(found, key=_lifts, default=None)


def _lifts(reached: Reached) -> tuple[int, float]:
    if reached.name == "load_block_red":
        return (0, 0.0)
    return (2, 0.0) if reached.until is None else (1, reached.until.timestamp())


def forbids_look(
    limits: InForceByName, ledger: Ledger, *, severity: int, was_counted: bool, at: datetime
) -> Reached | None:
    """Return the limit or cap that keeps a case of this severity off the stage: whatever closes it for the next case.

    But cases are used up for the next case; one that is counted already goes on, unless the limit was set below what was
    counted.
    """
    if (nothing_left := capped(ledger, severity=0, at=at)) is not None:
        return nothing_left
    found = [
        reached_by(limits[name], ledger)
        for name in HARD_LIMITS
        if severity in CLOSES[name] and _keeps_off(limits[name], ledger, was_counted=was_counted)
    ]
    cap = capped(ledger, severity=severity, at=at)
    return _lifts_last([*found, *([] if cap is None else [cap])])


def _keeps_off(limit: InForce, ledger: Ledger, *, was_counted: bool) -> bool:
    may_go_on = limit.name in DAY_CASES and was_counted and ledger.used(limit.name) == limit.value > 0
    return is_reached(limit, ledger) and not may_go_on


def time_left(
    limits: InForceByName,
    ledger: Ledger,
    counters: Counters,
    *,
    severity: int,
    at: datetime,
    postponed: timedelta | None = None,
    factor: int = COLOUR_FACTOR,
    at_one: int = COLOUR_FACTOR,
    with_breaks: bool = True,
) -> timedelta:
    """Return how long this severity may be shown before the next break, limit or cap; 0 when none is left.

    ``postponed``: until the break that is due and was put off binds; what has run out by then waits for it.
    ``factor``: how the presentation is weighed since the last break, silent colour unless told; ``at_one``: at P = 1.
    ``with_breaks`` is false where only limits and caps are asked for: whoever takes a case is interrupted by the break.
    """
    left = [amount(limits[name]) - ledger.used(name) for name in DAY_SECONDS if severity in CLOSES[name]]
    load = _until_load(limits, ledger, severity=severity, factor=factor, at_one=at_one)
    rest = [until_break(limits, counters, name) for name in BREAK_LIMITS if severity in SEVERITIES[name]]
    if postponed is not None:
        rest = [one for one in rest if one > 0] + [in_ms(postponed)]
    rest += [load.pop(BLOCK_LOAD)] if BLOCK_LOAD in load else []
    left += load.values()
    until = caps.time_until(ledger.caps, severity=severity, at=at)
    left += [] if until is None else [in_ms(until)]
    return max(ms(min(left + (rest if with_breaks else []), default=in_ms(A_DAY))), NOTHING)


def until_block_load(limits: InForceByName, ledger: Ledger, *, severity: int) -> int | None:
    """Return after how many ms of silent colour the load since the last break is red; None where it does not grow."""
    found = _until_load(limits, ledger, severity=severity, factor=COLOUR_FACTOR, at_one=COLOUR_FACTOR)
    return found.get(BLOCK_LOAD)


def _until_load(
    limits: InForceByName, ledger: Ledger, *, severity: int, factor: int, at_one: int
) -> dict[str, int]:
    """Return after how many ms each limit of load would be reached."""
    weight = ledger.weights[severity]
    if not weight:
        return {}
    rates = {name: weight * (factor if name == BLOCK_LOAD else at_one) for name in LOAD_LIMITS}
    return {name: -((ledger.used(name) - amount(limits[name])) // rate) for name, rate in rates.items()}


def what_fits(
    limits: InForceByName,
    ledger: Ledger,
    counters: Counters,
    *,
    at: datetime,
    postponed: timedelta | None = None,
    with_breaks: bool = True,
) -> Fit:
    """Return what may be allocated now. ``with_breaks``: as ``time_left`` has it."""
    closed_by: dict[int, Reached] = {}
    fit: dict[int, timedelta] = {}
    for severity in sorted(ALL):
        closed = closes(limits, ledger, severity=severity, at=at)
        if closed is not None:
            closed_by[severity] = closed
        else:
            fit[severity] = time_left(
                limits,
                ledger,
                counters,
                severity=severity,
                at=at,
                postponed=postponed,
                with_breaks=with_breaks,
            )
    return Fit(fit, closed_by, all_but_none_closed(limits, ledger))
