"""Why a person is handed less than everything now, for their own pages. No lock, no change."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from wellbeing.exceptions import Reached
from wellbeing.rules import limits
from wellbeing.rules.caps import Cap
from wellbeing.rules.limits import Counters, Fit, what_fits
from wellbeing.rules.opt_outs import OptedOut, opted_out
from wellbeing.rules.parts import planned_days
from wellbeing.selectors.desk import Glance
from wellbeing.selectors.facts import counters_of

BEYOND: Final = "overtime"
"""The cap of what lies beyond a working day."""


def fit_of(seen: Glance) -> Fit:
    """Return what may be allocated at the moment of *seen*, a break left aside, and what closes the rest."""
    facts, state = seen.facts, seen.found.state
    return what_fits(
        facts.limits,
        facts.ledger,
        Counters() if state is None else counters_of(state),
        at=seen.now,
    )


def closed_now(seen: Glance) -> list[Reached]:
    """Return what closes something now, each rule once, what closes most first."""
    found = fit_of(seen)
    by_severity = [found.closed_by[severity] for severity in sorted(found.closed_by)]
    return _each_once([*([found.mild_only] if found.mild_only else []), *by_severity])


def holding(seen: Glance) -> list[Reached]:
    """Return every rule that closes something now, also what closes less than another does."""
    facts = seen.facts
    caps = [cap.reached() for cap in facts.ledger.caps if cap.holds(seen.now) and _closes_something(cap)]
    return _each_once(closed_now(seen) + caps)


def coming(seen: Glance) -> list[tuple[datetime, Reached]]:
    """Return the caps of today that are yet to begin, with from when, the next first."""
    facts = seen.facts
    ahead = [cap for cap in facts.ledger.caps if _is_ahead(cap, seen.now, facts.day.end)]
    return [(cap.begins_at, cap.reached()) for cap in sorted(ahead, key=lambda cap: cap.begins_at)]


def working_day_ends_at(seen: Glance) -> datetime | None:
    """Return when the working day ends that runs: with its last planned part, else 8 h after its first work; None before it."""
    facts = seen.facts
    for planned in planned_days(facts.shifts, ZoneInfo(facts.day.zone)):
        if planned.first.starts_at <= seen.now < planned.last.ends_at:
            return planned.last.ends_at
    ends = [cap.begins_at for cap in facts.ledger.caps if cap.name == BEYOND and cap.begins_at > seen.now]
    return min(ends, default=None)


def too_little_left(seen: Glance, shortest: Mapping[int, int]) -> Reached | None:
    """Return the limit whose minutes are fewer than every case needs that waits and counts towards it: it counts as reached.

    ``shortest``: severity → the expected seconds of the shortest case that waits. Of several limits the one that closes
    most; None where there is none. Milder cases that fit change nothing: the person may have skipped them.
    """
    facts, fit = seen.facts, fit_of(seen).fit
    found = (
        limits.too_little(facts.limits, facts.ledger, severity=severity, needed_ms=shortest[severity] * 1000)
        for severity in sorted(shortest.keys() & fit.keys())
    )
    return next((one for one in found if one is not None), None)


def opted_out_now(seen: Glance) -> OptedOut | None:
    """Return what the person does not want to be handed, None where that is nothing."""
    chosen = seen.facts.opt_outs
    return opted_out(chosen) if chosen else None


def _is_ahead(cap: Cap, at: datetime, day_end: datetime) -> bool:
    return at < cap.begins_at < day_end and _closes_something(cap)


def _closes_something(cap: Cap) -> bool:
    return cap.most < max(limits.ALL)


def _each_once(refusals: Iterable[Reached]) -> list[Reached]:
    found: dict[str, Reached] = {}
    for one in refusals:
        found.setdefault(one.name, one)
    return list(found.values())
