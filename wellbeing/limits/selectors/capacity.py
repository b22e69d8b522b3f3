"""What limits allow to many people: never what anybody has spent of it, and never whose limits they are.

For what a limit would cost a team, and for who is available at all (``available``). Few queries, whatever the number of
people.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from people.rules.zones import ZonePeriod
from people.selectors import TeamStay, team_stays_by_subject, zones_by_subject
from wellbeing.core.binding import LONGER_THAN_A_DAY, values_of
from wellbeing.core.rules.days import next_day_start
from wellbeing.core.rules.limits import DEFAULT_PRESET
from wellbeing.core.rules.scopes import InForce, Stay, Value, Values, of_teams, tightest
from wellbeing.models import LimitRow, LimitScope

SHARED = (LimitScope.CEILING, LimitScope.TEAM)


@dataclass(frozen=True)
class Asked:
    """A value that a team does not have: what if it held for all of them?"""

    team_id: int
    name: str
    value: int


@dataclass(frozen=True)
class Person:
    """What decides about one person's limits."""

    subject: UUID
    zones: Sequence[ZonePeriod]
    stays: Sequence[TeamStay]


def limits_of_staff(
    subjects: Collection[UUID], *, at: datetime, asked: Asked | None = None
) -> list[Mapping[str, int]]:
    """Return limit → value of each of these people, in no order that tells whose it is.

    What people set for themselves is left out: a lead who asks 'what if' again and again must not find it by
    differences. With *asked*, that value stands in for all that the team has of this name.
    """
    rows = rows_of(subjects, at=at, scopes=(*SHARED, LimitScope.PERSON))
    if asked is not None:
        rows = _with_asked(rows, asked, at=at)
    found = [_values(in_force(one, rows, at=at)) for one in people_of(subjects, at=at)]
    return sorted(found, key=lambda values: sorted(values.items()))


def people_of(subjects: Collection[UUID], *, at: datetime) -> list[Person]:
    """Return what decides about the limits of these people; two queries."""
    zones = zones_by_subject(subjects)
    stays = team_stays_by_subject(subjects, since=at - LONGER_THAN_A_DAY, at=at)
    return [Person(subject, zones[subject], stays[subject]) for subject in subjects]


def rows_of(subjects: Collection[UUID], *, at: datetime, scopes: Iterable[str]) -> list[Value]:
    """Return what was set in these scopes for these people, oldest first, and all rows of teams: there are few of them."""
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


def in_force(
    one: Person, rows: Iterable[Value], *, at: datetime, names: Mapping[str, int] = DEFAULT_PRESET
) -> dict[str, InForce]:
    """Return the limits of one person by *rows* of many; *names*: of which, with what is shipped."""
    next_day = partial(next_day_start, one.zones)
    mine = Values(
        row
        for row in rows
        if row.name in names and (row.scope in SHARED or row.scope_ref == str(one.subject))
    )
    stays = [Stay(str(stay.team_id), stay.left_at) for stay in one.stays]
    values = of_teams(mine, stays, at=at, next_day=next_day)
    return tightest(values, at=at, next_day=next_day, defaults=names)


def _values(limits: Mapping[str, InForce]) -> dict[str, int]:
    return {name: limit.value for name, limit in limits.items()}
