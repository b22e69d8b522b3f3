"""What one scope says of a limit, and what all but the person's own say: asked before a value is set."""

from datetime import datetime
from functools import partial
from uuid import UUID

from people.selectors import members_of, zones_of_all
from wellbeing.core.binding import values_of
from wellbeing.core.person import read_person_then
from wellbeing.core.rules.days import latest_day_end, next_day_start
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.core.rules.scopes import OWN, PERSON, InForce, ScopeState, scope_state, tightest
from wellbeing.exceptions import UnknownLimit
from wellbeing.models import LimitRow, LimitScope, Presence


def last_row(scope: str, scope_ref: str, name: str) -> LimitRow | None:
    """Return the newest row of a scope under this name, whether it holds already or still waits."""
    rows = LimitRow.objects.filter(scope=scope, scope_ref=scope_ref, name=name)
    return rows.order_by("set_at", "id").last()


def scope_state_of(scope: str, scope_ref: str, name: str, *, at: datetime) -> ScopeState:
    """Return what a scope says at *at*, a looser value only once it holds for everybody whom it concerns."""
    rows = LimitRow.objects.filter(scope=scope, scope_ref=scope_ref, name=name).order_by("set_at", "id")
    zones = zones_of_all(at=at, subjects=_whom(scope, scope_ref, at))
    return scope_state(values_of(list(rows)), at=at, next_day=partial(latest_day_end, zones))


def ceiling_of(name: str, *, at: datetime) -> int:
    """Return the ceiling that holds at *at*, the shipped one where none was set; a looser one that waits left aside."""
    holds = scope_state_of(LimitScope.CEILING, "", name, at=at).holds
    return DEFAULT_PRESET[name] if holds is None else holds.value


def ceiling_as_written(name: str, *, at: datetime) -> int:
    """Return the ceiling that was set last, also if it still waits for its day.

    Raises:
        UnknownLimit: no limit bears this name.
    """
    if name not in DEFAULT_PRESET:
        raise UnknownLimit
    rows = LimitRow.objects.filter(scope=LimitScope.CEILING, name=name, set_at__lte=at)
    value = rows.order_by("set_at", "id").values_list("value", flat=True).last()
    return DEFAULT_PRESET[name] if value is None else value


def holds_for_person(subject: UUID, name: str, *, at: datetime) -> InForce:
    """Return what ceiling, team and leads say for one person; their own value is nobody else's business."""
    return _tightest_without(frozenset({OWN}), subject, name, at)


def without_person(subject: UUID, name: str, *, at: datetime) -> InForce:
    """Return what ceiling and team alone say for one person."""
    return _tightest_without(frozenset({OWN, PERSON}), subject, name, at)


def open_desks() -> list[UUID]:
    """Return everybody whose desk is open now."""
    return list(Presence.objects.filter(closed_at__isnull=True).values_list("subject", flat=True))


def _whom(scope: str, scope_ref: str, at: datetime) -> list[UUID] | None:
    if scope == LimitScope.CEILING:
        return None
    return members_of(int(scope_ref), at=at) if scope == LimitScope.TEAM else [UUID(scope_ref)]


def _tightest_without(scopes: frozenset[str], subject: UUID, name: str, at: datetime) -> InForce:
    person = read_person_then(subject, at=at)
    values = [value for value in person.values if value.scope not in scopes and value.name == name]
    next_day = partial(next_day_start, person.zones)
    return tightest(values, at=at, next_day=next_day, defaults={name: DEFAULT_PRESET[name]})[name]
