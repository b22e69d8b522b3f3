"""Why a person is handed less than everything now, for their own pages. No lock, no change."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from wellbeing.core.person import Person
from wellbeing.core.rules import limits
from wellbeing.core.rules.caps import Cap
from wellbeing.core.rules.opt_outs import OptedOut, opted_out
from wellbeing.core.rules.parts import planned_days
from wellbeing.exceptions import Reached

BEYOND: Final = "overtime"
"""The cap of what lies beyond a working day."""


def closed_now(person: Person) -> list[Reached]:
    """Return what closes something now, each rule once, what closes most first."""
    found = person.what_fits()
    by_severity = [found.closed_by[severity] for severity in sorted(found.closed_by)]
    return _each_once([*([found.mild_only] if found.mild_only else []), *by_severity])


def holding(person: Person) -> list[Reached]:
    """Return every rule that closes something now, also what closes less than another does."""
    caps = [cap.reached() for cap in person.caps if cap.holds(person.at) and _closes_something(cap)]
    return _each_once(closed_now(person) + caps)


def coming(person: Person) -> list[tuple[datetime, Reached]]:
    """Return the caps of today that are yet to begin, with from when, the next first."""
    ahead = [cap for cap in person.caps if _is_ahead(cap, person.at, person.day.end)]
    return [(cap.begins_at, cap.reached()) for cap in sorted(ahead, key=lambda cap: cap.begins_at)]


def working_day_ends_at(person: Person) -> datetime | None:
    """Return when the working day ends that runs: with its last planned part, else 8 h after its first work; None before it."""
    for planned in planned_days(person.binding.shifts, ZoneInfo(person.day.zone)):
        if planned.first.starts_at <= person.at < planned.last.ends_at:
            return planned.last.ends_at
    ends = [cap.begins_at for cap in person.caps if cap.name == BEYOND and cap.begins_at > person.at]
    return min(ends, default=None)


def too_little_left(person: Person, shortest: Mapping[int, int]) -> Reached | None:
    """Return the limit whose minutes are fewer than every case needs that waits and counts towards it: it counts as reached.

    ``shortest``: severity → the expected seconds of the shortest case that waits. Of several limits the one that closes
    most; None where there is none. Milder cases that fit change nothing: the person may have skipped them.
    """
    fit = person.what_fits().fit
    found = (
        limits.too_little(
            person.limits, person.ledger, severity=severity, needed_ms=shortest[severity] * 1000
        )
        for severity in sorted(shortest.keys() & fit.keys())
    )
    return next((one for one in found if one is not None), None)


def opted_out_now(person: Person) -> OptedOut | None:
    """Return what the person does not want to be handed, None where that is nothing."""
    chosen = person.opt_outs
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
