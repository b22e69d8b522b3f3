"""Which value of a limit holds: the tightest of ceiling, team, person and own (promise P6)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

CEILING, TEAM, PERSON, OWN = SCOPES = ("ceiling", "team", "person", "own")
PERSON_HOLDS = timedelta(days=28)

NextDay = Callable[[datetime], datetime]
"""From an instant to the start of the person's next local day."""


@dataclass(frozen=True)
class Value:
    """One value of one limit as somebody set it: a row, without its table."""

    scope: str
    name: str
    value: int
    set_at: datetime
    set_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class InForce:
    """The value of one limit that holds now, and from which scope.

    ``value`` in seconds or cases. ``since``, ``set_by`` and ``reason`` are of the row that holds
    (None and empty for the shipped default).
    """

    name: str
    value: int
    scope: str
    since: datetime | None = None
    set_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """What one scope says at one instant: the value that holds, and a looser one that waits, with from when."""

    holds: Value | None = None
    waits: Value | None = None
    waits_until: datetime | None = None


def standing(values: Iterable[Value], *, at: datetime, next_day: NextDay) -> Standing:
    """Fold the values of one scope and name, oldest first, into what stands at *at*.

    Tighter holds at once; looser waits for the person's next local day, and is measured against what
    holds for this person then, not against a looser value that itself still waits. A lead's value
    for one person ends after 28 days, on the next local day.
    """
    now = Standing()
    for value in values:
        if value.set_at > at:
            break
        now = _follow(_ripen(now, at=value.set_at, next_day=next_day), value, next_day=next_day)
    return _ripen(now, at=at, next_day=next_day)


def _follow(now: Standing, value: Value, *, next_day: NextDay) -> Standing:
    if now.holds is None or value.value <= now.holds.value:
        return Standing(holds=value)
    return Standing(holds=now.holds, waits=value, waits_until=next_day(value.set_at))


def _ripen(now: Standing, *, at: datetime, next_day: NextDay) -> Standing:
    if now.waits is not None and now.waits_until is not None and now.waits_until <= at:
        now = Standing(holds=now.waits)
    return Standing() if now.holds is not None and _has_ended(now.holds, at, next_day) else now


def _has_ended(value: Value, at: datetime, next_day: NextDay) -> bool:
    return value.scope == PERSON and next_day(value.set_at + PERSON_HOLDS) <= at


def tightest(
    values: Iterable[Value], *, at: datetime, next_day: NextDay, defaults: Mapping[str, int]
) -> dict[str, InForce]:
    """Return name → the value in force; *values* oldest first. *defaults* stand in for a ceiling without rows."""
    rows: dict[tuple[str, str], list[Value]] = {}
    for value in values:
        rows.setdefault((value.name, value.scope), []).append(value)
    return {name: _tightest_of(name, rows, at, next_day, default) for name, default in defaults.items()}


def _tightest_of(
    name: str, rows: Mapping[tuple[str, str], list[Value]], at: datetime, next_day: NextDay, default: int
) -> InForce:
    found = []
    for scope in SCOPES:
        holds = standing(rows.get((name, scope), []), at=at, next_day=next_day).holds
        if holds is not None:
            found.append(InForce(name, holds.value, scope, holds.set_at, holds.set_by, holds.reason))
        elif scope == CEILING:
            found.append(InForce(name, default, CEILING))
    return min(found, key=lambda one: one.value)
