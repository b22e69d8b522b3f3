"""What the rules ask about one person: the day, the limits in force, and what was shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Q

from people.rules.zones import ZonePeriod
from people.selectors import team_stays_of, zones_of
from wellbeing.models import ExposureSum, LimitRow, PersonState
from wellbeing.rules.days import Day, day_of, next_day_start
from wellbeing.rules.limits import DEFAULT_PRESET, Counters, Ledger, Spent
from wellbeing.rules.scopes import (
    CEILING,
    OWN,
    PERSON,
    TEAM,
    InForce,
    NextDay,
    Stay,
    Value,
    of_teams,
    tightest,
)

LONGER_THAN_A_DAY = timedelta(days=3)
"""No local day lasts as long, not even with a change of time zone in it: a team left before that binds no more."""


@dataclass(frozen=True)
class Facts:
    """Facts of one person at one instant. ``values``: all that was set, oldest first; ``version`` its last row."""

    zones: Sequence[ZonePeriod]
    day: Day
    values: Sequence[Value]
    version: int
    limits: dict[str, InForce]
    ledger: Ledger


def facts_of(subject: UUID, *, at: datetime) -> Facts:
    """Read the facts of a person: four queries, the same number and size with a day of history as with ten years.

    The sums of the 97 to 101 quarters are read by the index ``one_sum_per_quarter``.
    """
    zones = zones_of(subject)
    next_day = partial(next_day_start, zones)
    values, version = _values_for(subject, at=at, next_day=next_day)
    day = day_of(zones, at)
    return Facts(
        zones=zones,
        day=day,
        values=values,
        version=version,
        limits=tightest(values, at=at, next_day=next_day, defaults=DEFAULT_PRESET),
        ledger=_ledger(subject, day),
    )


def counters_of(state: PersonState) -> Counters:
    """Return the counters of a state row as the rules take them."""
    return Counters(state.work_ms, state.severe_ms, state.extreme_ms, state.long_work_ms)


def values_of(rows: Sequence[LimitRow]) -> list[Value]:
    """Return rows as the rules take them."""
    return [
        Value(row.scope, row.name, row.value, row.set_at, row.set_by, row.reason, row.scope_ref)
        for row in rows
    ]


def _values_for(subject: UUID, *, at: datetime, next_day: NextDay) -> tuple[list[Value], int]:
    stays = _stays_of(subject, at=at)
    wanted = Q(scope=CEILING) | Q(scope__in=[PERSON, OWN], scope_ref=str(subject))
    if stays:
        wanted |= Q(scope=TEAM, scope_ref__in={stay.team for stay in stays})
    rows = list(LimitRow.objects.filter(wanted).order_by("set_at", "id"))
    values = of_teams(values_of(rows), stays, at=at, next_day=next_day)
    return values, max((row.pk for row in rows), default=0)


def _stays_of(subject: UUID, *, at: datetime) -> list[Stay]:
    stays = team_stays_of(subject, since=at - LONGER_THAN_A_DAY, at=at)
    return [Stay(str(stay.team_id), stay.left_at) for stay in stays]


def _ledger(subject: UUID, day: Day) -> Ledger:
    rows = ExposureSum.objects.filter(subject=subject, quarter_at__gte=day.first_quarter)
    found = rows.values_list("quarter_at", "severity", "shown_ms", "cases")
    return Ledger(day, {(at, severity): Spent(shown, cases) for at, severity, shown, cases in found})
