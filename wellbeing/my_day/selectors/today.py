"""'My day': read by the person alone, every line with its arithmetic."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from wellbeing.core.person import Person, read_person
from wellbeing.core.rules.clock import ms
from wellbeing.core.rules.days import next_day_start
from wellbeing.core.rules.limits import DAY_LIMITS
from wellbeing.core.rules.load import points
from wellbeing.core.rules.scopes import InForce, scope_state
from wellbeing.core.selectors.desk import BreakView, LimitFact, break_view, limit_fact
from wellbeing.core.selectors.load_models import weights_in_force
from wellbeing.models import RecordReading
from wellbeing.my_day.selectors.one_day import (
    BreakLine,
    LoadLine,
    PresenceLine,
    UnheardLine,
    breaks_of,
    load_of,
    presence_of,
    unheard_of,
)

READINGS_SHOWN = 50
LOADS = ("block", "day", "week", "month")


@dataclass(frozen=True)
class SeverityLine:
    """Time and cases of one severity, by the local date and by the last 24 hours."""

    severity: int
    today: timedelta
    cases_today: int
    last_24_hours: timedelta
    cases_24_hours: int


@dataclass(frozen=True)
class LimitLine:
    """A limit in force: what is used, whose value holds, who set it and why."""

    fact: LimitFact
    in_force: InForce
    pending: InForce | None = None


@dataclass(frozen=True)
class LoadState:
    """The load of a stretch of time (``block``: since the last break, ``day``, ``week``, ``month``), with amber and red.

    All in points. ``in_force``: whose red it is.
    """

    name: str
    points: Decimal
    amber: int
    red: int
    in_force: InForce


@dataclass(frozen=True)
class ReadingLine:
    """Who read my data."""

    reader: str
    what: str
    at: datetime


@dataclass(frozen=True)
class MyDay:
    """Everything of today, for the person it is about."""

    at: datetime
    zone: str
    day_start: datetime
    day_end: datetime
    severities: list[SeverityLine] = field(default_factory=list)
    unheard: list[UnheardLine] = field(default_factory=list)
    load: list[LoadLine] = field(default_factory=list)
    load_points: Decimal = Decimal(0)
    loads: list[LoadState] = field(default_factory=list)
    load_model_version: int = 1
    limits: list[LimitLine] = field(default_factory=list)
    breaks: list[BreakLine] = field(default_factory=list)
    open_break: BreakView | None = None
    presence: list[PresenceLine] = field(default_factory=list)
    working: timedelta = timedelta(0)
    next_break_at: datetime | None = None
    readings: list[ReadingLine] = field(default_factory=list)


def my_day(subject: UUID, at: datetime) -> MyDay:
    """Return the day of this person; the caller is that person (moderation's access checks it)."""
    person = read_person(subject, at=at)
    at, day = person.at, person.day
    load, load_points = load_of(subject, day)
    presence = presence_of(subject, day, at)
    return MyDay(
        at=at,
        zone=day.zone,
        day_start=day.start,
        day_end=day.end,
        severities=[_severity(person, severity) for severity in range(5)],
        unheard=unheard_of(subject, day),
        load=load,
        load_points=load_points,
        loads=[_load_state(person, name) for name in LOADS],
        load_model_version=weights_in_force(at).version,
        limits=[_limit(person, name) for name in DAY_LIMITS],
        breaks=breaks_of(subject, day),
        open_break=break_view(person),
        presence=presence,
        working=sum((line.lasted for line in presence), timedelta(0)),
        next_break_at=person.next_break_at,
        readings=_readings(subject),
    )


def _severity(person: Person, severity: int) -> SeverityLine:
    today, rolling = person.ledger.today(severity), person.ledger.rolling(severity)
    return SeverityLine(severity, ms(today.shown_ms), today.cases, ms(rolling.shown_ms), rolling.cases)


def _load_state(person: Person, name: str) -> LoadState:
    red = person.limits[f"load_{name}_red"]
    used = points(person.ledger.used(red.name))
    return LoadState(name, used, person.limits[f"load_{name}_amber"].value, red.value, red)


def _limit(person: Person, name: str) -> LimitLine:
    in_force = person.limits[name]
    whose = name, in_force.scope, in_force.scope_ref
    mine = [value for value in person.values if (value.name, value.scope, value.scope_ref) == whose]
    stands = scope_state(mine, at=person.at, next_day=partial(next_day_start, person.zones))
    waits = stands.waits
    pending = waits and InForce(
        name, waits.value, waits.scope, stands.waits_until, waits.set_by, waits.reason
    )
    return LimitLine(limit_fact(person, name), in_force, pending or None)


def _readings(subject: UUID) -> list[ReadingLine]:
    rows = RecordReading.objects.filter(subject=subject).order_by("-at")[:READINGS_SHOWN]
    return [ReadingLine(row.reader, row.what, row.at) for row in rows]
