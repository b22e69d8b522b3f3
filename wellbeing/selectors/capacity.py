"""What limits allow to many people: never what anybody has spent of it, and never whose limits they are.

For the board (does anybody's limit leave this severity open?) and for what a limit would cost a team. Four queries,
whatever the number of people.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from people.rules.zones import ZonePeriod
from people.selectors import TeamStay, team_stays_by_subject, zones_by_subject
from wellbeing.models import LimitRow, LimitScope
from wellbeing.rules.days import next_day_start
from wellbeing.rules.limits import DAY_LIMITS, DEFAULT_PRESET, SEVERITIES
from wellbeing.rules.scopes import Stay, Value, of_teams, tightest
from wellbeing.selectors.facts import values_of
from wellbeing.selectors.snapshot import LONGER_THAN_A_DAY

SHARED = (LimitScope.CEILING, LimitScope.TEAM)


@dataclass(frozen=True)
class Asked:
    """A value that a team does not have: what if it held for all of them?"""

    team_id: int
    name: str
    value: int


@dataclass(frozen=True)
class _Person:
    """What decides about one person's limits."""

    subject: UUID
    zones: Sequence[ZonePeriod]
    stays: Sequence[TeamStay]


def closed_severities(subjects: Collection[UUID], *, at: datetime) -> dict[UUID, frozenset[int]]:
    """Return for each person the severities that a limit of 0 closes, whoever set it."""
    rows = _rows(subjects, at=at, scopes=LimitScope.values)
    return {one.subject: _closed(_in_force(one, rows, at=at)) for one in _people(subjects, at=at)}


def limits_of_staff(
    subjects: Collection[UUID], *, at: datetime, asked: Asked | None = None
) -> list[Mapping[str, int]]:
    """Return limit → value of each of these people, in no order that tells whose it is.

    What people set for themselves is left out: a lead who asks 'what if' again and again must not find it by
    differences. With *asked*, that value stands in for all that the team has of this name.
    """
    rows = _rows(subjects, at=at, scopes=(*SHARED, LimitScope.PERSON))
    if asked is not None:
        rows = _with_asked(rows, asked, at=at)
    found = [_in_force(one, rows, at=at) for one in _people(subjects, at=at)]
    return sorted(found, key=lambda values: sorted(values.items()))


def _closed(values: Mapping[str, int]) -> frozenset[int]:
    return frozenset().union(*(SEVERITIES[name] for name in DAY_LIMITS if values[name] == 0))


def _people(subjects: Collection[UUID], *, at: datetime) -> list[_Person]:
    zones = zones_by_subject(subjects)
    stays = team_stays_by_subject(subjects, since=at - LONGER_THAN_A_DAY, at=at)
    return [_Person(subject, zones[subject], stays[subject]) for subject in subjects]


def _rows(subjects: Collection[UUID], *, at: datetime, scopes: Iterable[str]) -> list[Value]:
    """Read all rows of the teams: there are few of them, and many people share them."""
    personal = set(scopes) - set(SHARED)
    rows = LimitRow.objects.filter(scope__in=SHARED) | LimitRow.objects.filter(
        scope__in=personal, scope_ref__in=[str(subject) for subject in subjects]
    )
    return values_of(list(rows.filter(set_at__lte=at).order_by("set_at", "id")))


def _with_asked(rows: list[Value], asked: Asked, *, at: datetime) -> list[Value]:
    team = str(asked.team_id)
    others = [
        row for row in rows if (row.scope, row.scope_ref, row.name) != (LimitScope.TEAM, team, asked.name)
    ]
    return [*others, Value(LimitScope.TEAM, asked.name, asked.value, at, scope_ref=team)]


def _in_force(one: _Person, rows: list[Value], *, at: datetime) -> dict[str, int]:
    next_day = partial(next_day_start, one.zones)
    mine = [row for row in rows if row.scope in SHARED or row.scope_ref == str(one.subject)]
    stays = [Stay(str(stay.team_id), stay.left_at) for stay in one.stays]
    values = of_teams(mine, stays, at=at, next_day=next_day)
    limits = tightest(values, at=at, next_day=next_day, defaults=DEFAULT_PRESET)
    return {name: limit.value for name, limit in limits.items()}
