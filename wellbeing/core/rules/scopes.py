"""Which value of a limit holds: the tightest of ceiling, team, person and own (promise P6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

from wellbeing.core.rules.names import is_looser, tightness

CEILING, TEAM, PERSON, OWN = SCOPES = ("ceiling", "team", "person", "own")
PERSON_HOLDS = timedelta(days=28)

NextDay = Callable[[datetime], datetime]
"""From an instant to the start of the person's next local day."""


@dataclass(frozen=True)
class Value:
    """One value of one limit as somebody set it: a row, without its table.

    ``scope_ref``: of which team or person. ``row``: the key in its table, 0 if it is in none.
    """

    scope: str
    name: str
    value: int
    set_at: datetime
    set_by: str = ""
    reason: str = ""
    scope_ref: str = ""
    row: int = 0


@dataclass(frozen=True)
class Stay:
    """That a person is in a team (``team``: its id as ``scope_ref`` has it), or was until ``left_at``."""

    team: str
    left_at: datetime | None = None


@dataclass(frozen=True)
class InForce:
    """The value of one limit that holds now, and from which scope; ``scope_ref`` of which team or person.

    ``value`` in seconds or cases. ``since``, ``set_by``, ``reason`` and ``row`` are of the row that holds
    (None, empty and 0 for the shipped default).
    """

    name: str
    value: int
    scope: str
    since: datetime | None = None
    set_by: str = ""
    reason: str = ""
    scope_ref: str = ""
    row: int = 0


@dataclass(frozen=True)
class ScopeState:
    """What one scope says at one instant: the value that holds, and a looser one that waits, with from when."""

    holds: Value | None = None
    waits: Value | None = None
    waits_until: datetime | None = None


def scope_state(values: Iterable[Value], *, at: datetime, next_day: NextDay) -> ScopeState:
    """Fold the values of one scope and name, oldest first, into what stands at *at*.

    Tighter holds at once; looser waits for the person's next local day, and is measured against what
    holds for this person then, not against a looser value that itself still waits. A lead's value
    for one person ends after 28 days, on the next local day.
    """
    now = ScopeState()
    for value in values:
        if value.set_at > at:
            break
        now = _follow(_ripen(now, at=value.set_at, next_day=next_day), value, next_day=next_day)
    return _ripen(now, at=at, next_day=next_day)


def _follow(now: ScopeState, value: Value, *, next_day: NextDay) -> ScopeState:
    if now.holds is None or not is_looser(value.name, value.value, now.holds.value):
        return ScopeState(holds=value)
    return ScopeState(holds=now.holds, waits=value, waits_until=next_day(value.set_at))


def _ripen(now: ScopeState, *, at: datetime, next_day: NextDay) -> ScopeState:
    if now.waits is not None and now.waits_until is not None and now.waits_until <= at:
        now = ScopeState(holds=now.waits)
    return ScopeState() if now.holds is not None and _has_ended(now.holds, at, next_day) else now


def _has_ended(value: Value, at: datetime, next_day: NextDay) -> bool:
    return value.scope == PERSON and next_day(value.set_at + PERSON_HOLDS) <= at


class Values(tuple[Value, ...]):
    """Values that were set, oldest first; folded once, for the same ones are asked in every act."""

    @cached_property
    def by_name(self) -> Mapping[str, "Folded"]:
        """Return name → what was set of it."""
        found: dict[str, dict[tuple[int, str], list[Value]]] = {}
        for value in self:
            whose = SCOPES.index(value.scope), value.scope_ref
            found.setdefault(value.name, {}).setdefault(whose, []).append(value)
        return {name: _folded(rows) for name, rows in found.items()}


@dataclass(frozen=True)
class Folded:
    """What was set of one limit, by whom: each scope's values oldest first, wider scopes before narrower ones.

    ``alone``: the one value that there is, where that is a ceiling, and what holds once it is set.
    """

    by_scope: Sequence[Sequence[Value]]
    alone: tuple[datetime, InForce] | None


def _folded(rows: Mapping[tuple[int, str], list[Value]]) -> Folded:
    by_scope = [rows[whose] for whose in sorted(rows)]
    first = by_scope[0][0]
    is_alone = len(by_scope) == 1 and len(by_scope[0]) == 1 and first.scope == CEILING
    return Folded(by_scope, (first.set_at, _in_force(first)) if is_alone else None)


def of_teams(values: Values, stays: Sequence[Stay], *, at: datetime, next_day: NextDay) -> Values:
    """Return *values* without those of teams that do not bind this person at *at*; the very same where all bind.

    A team that was left binds until the person's next local day, with what was set before they left: being
    moved to a looser team, or out of every team, loosens no faster than a looser value does.
    """
    bind = Values(
        value
        for value in values
        if value.scope != TEAM or any(_binds(stay, value, at, next_day) for stay in stays)
    )
    return values if len(bind) == len(values) else bind


def _binds(stay: Stay, value: Value, at: datetime, next_day: NextDay) -> bool:
    if stay.team != value.scope_ref:
        return False
    return stay.left_at is None or (value.set_at < stay.left_at and at < next_day(stay.left_at))


def tightest(
    values: Iterable[Value], *, at: datetime, next_day: NextDay, defaults: Mapping[str, int]
) -> dict[str, InForce]:
    """Return name → the value in force; *values* oldest first, of several teams where several bind (``of_teams``).

    *defaults* stand in for a ceiling without rows.
    """
    by_name = (values if isinstance(values, Values) else Values(values)).by_name
    return {
        name: _tightest_of(name, by_name.get(name), at, next_day, default)
        for name, default in defaults.items()
    }


def _tightest_of(name: str, folded: Folded | None, at: datetime, next_day: NextDay, default: int) -> InForce:
    """Of equal values the one of the wider scope is told: nobody is named who did not make a difference."""
    if folded is None:
        return InForce(name, default, CEILING)
    if folded.alone is not None:
        # Most limits have a ceiling and nothing else; it is asked for all of them in every act.
        set_at, holds = folded.alone
        return holds if set_at <= at else InForce(name, default, CEILING)
    stands = [scope_state(rows, at=at, next_day=next_day).holds for rows in folded.by_scope]
    found = [_in_force(holds) for holds in stands if holds is not None]
    if not any(one.scope == CEILING for one in found):
        found.insert(0, InForce(name, default, CEILING))
    return min(found, key=lambda one: tightness(name, one.value))


@lru_cache(maxsize=4096)
def _in_force(holds: Value) -> InForce:
    """Say that a value holds. Kept: a value never changes, and the same ones hold in every act."""
    return InForce(
        holds.name,
        holds.value,
        holds.scope,
        holds.set_at,
        holds.set_by,
        holds.reason,
        holds.scope_ref,
        holds.row,
    )
