"""'My day': read by the person alone, every line with its arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from wellbeing.models import Break, Exposure, Presence, RecordReading
from wellbeing.rules.clock import ms
from wellbeing.rules.days import Day, next_day_start
from wellbeing.rules.limits import DAY_LIMITS
from wellbeing.rules.load import Entry, Stretch, entries, total
from wellbeing.rules.scopes import InForce, standing
from wellbeing.selectors.desk import BreakView, LimitFact, glance, limit_fact, next_break
from wellbeing.selectors.facts import Facts, facts_in
from wellbeing.selectors.load_models import weights_by_version, weights_in_force

READINGS_SHOWN = 50


@dataclass(frozen=True)
class LoadLine:
    """One entry: what was shown of one case in one presentation, and what it weighs.

    ``arithmetic``: '2 × 0.9 × (10 + 35) / 60 = 1.35'.
    """

    case_ref: UUID
    first_at: datetime
    category: str
    severity: int
    level: str
    sound: bool
    full_screen: bool
    seconds: int
    points: Decimal
    arithmetic: str


@dataclass(frozen=True)
class SeverityLine:
    """Time and cases of one severity, by the local date and by the last 24 hours."""

    severity: int
    today: timedelta
    cases_today: int
    last_24_hours: timedelta
    cases_24_hours: int


@dataclass(frozen=True)
class BreakLine:
    """A break of today. ``served`` is what was counted."""

    cause: str
    state: str
    due_at: datetime
    started_at: datetime | None
    over_at: datetime | None
    length: timedelta
    served: timedelta
    was_postponed: bool


@dataclass(frozen=True)
class PresenceLine:
    """An interval at the desk today; ``closed_at`` None while it lasts."""

    kind: str
    opened_at: datetime
    closed_at: datetime | None
    lasted: timedelta


@dataclass(frozen=True)
class LimitLine:
    """A limit in force: what is used, whose value holds, who set it and why."""

    fact: LimitFact
    in_force: InForce
    pending: InForce | None = None


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
    load: list[LoadLine] = field(default_factory=list)
    load_points: Decimal = Decimal(0)
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
    seen = glance(subject, at)
    at = seen.now
    facts = facts_in(seen.found, at=at)
    lines = entries(_stretches(subject, facts.day), versions=weights_by_version())
    presence = _presence(subject, facts.day, at)
    return MyDay(
        at=at,
        zone=facts.day.zone,
        day_start=facts.day.start,
        day_end=facts.day.end,
        severities=[_severity(facts, severity) for severity in range(5)],
        load=[_load(line) for line in lines],
        load_points=total(lines),
        load_model_version=weights_in_force(at).version,
        limits=[_limit(facts, name, at) for name in DAY_LIMITS],
        breaks=_breaks(subject, facts.day),
        open_break=seen.open_break,
        presence=presence,
        working=sum((line.lasted for line in presence), timedelta(0)),
        next_break_at=next_break(seen.found, facts, at),
        readings=_readings(subject),
    )


def _severity(facts: Facts, severity: int) -> SeverityLine:
    today, rolling = facts.ledger.today(severity), facts.ledger.rolling(severity)
    return SeverityLine(severity, ms(today.shown_ms), today.cases, ms(rolling.shown_ms), rolling.cases)


def _stretches(subject: UUID, day: Day) -> Iterator[Stretch]:
    rows = Exposure.objects.filter(subject=subject, opened_at__gte=day.start, opened_at__lt=day.end)
    for row in rows.order_by("opened_at"):
        yield Stretch(
            case_ref=row.case_ref,
            opened_at=row.opened_at,
            category=row.category,
            severity=row.severity,
            level=row.level,
            medium=row.medium,
            sound=row.sound,
            full_screen=row.full_screen,
            shown_ms=row.shown_ms,
            version=row.load_model_version,
        )


def _load(line: Entry) -> LoadLine:
    return LoadLine(
        case_ref=line.case_ref,
        first_at=line.first_at,
        category=line.category,
        severity=line.severity,
        level=line.level,
        sound=line.sound,
        full_screen=line.full_screen,
        seconds=line.seconds,
        points=line.points,
        arithmetic=line.arithmetic,
    )


def _limit(facts: Facts, name: str, at: datetime) -> LimitLine:
    in_force = facts.limits[name]
    whose = name, in_force.scope, in_force.scope_ref
    mine = [value for value in facts.values if (value.name, value.scope, value.scope_ref) == whose]
    stands = standing(mine, at=at, next_day=partial(next_day_start, facts.zones))
    waits = stands.waits
    pending = waits and InForce(
        name, waits.value, waits.scope, stands.waits_until, waits.set_by, waits.reason
    )
    return LimitLine(limit_fact(facts, name), in_force, pending or None)


def _breaks(subject: UUID, day: Day) -> list[BreakLine]:
    rows = Break.objects.filter(subject=subject, due_at__gte=day.start, due_at__lt=day.end)
    return [
        BreakLine(
            cause=row.cause,
            state=row.state,
            due_at=row.due_at,
            started_at=row.started_at,
            over_at=row.over_at,
            length=ms(row.length_ms),
            served=ms(row.served_ms),
            was_postponed=row.postponed_until is not None,
        )
        for row in rows.order_by("due_at")
    ]


def _presence(subject: UUID, day: Day, at: datetime) -> list[PresenceLine]:
    """Return today's intervals, one that began yesterday from midnight on."""
    rows = Presence.objects.filter(subject=subject, opened_at__lt=day.end)
    rows = rows.exclude(closed_at__lte=day.start).order_by("opened_at")
    lines = []
    for row in rows:
        begins_at = max(row.opened_at, day.start)
        lines.append(
            PresenceLine(
                row.kind, begins_at, row.closed_at, max((row.closed_at or at) - begins_at, timedelta(0))
            )
        )
    return lines


def _readings(subject: UUID) -> list[ReadingLine]:
    rows = RecordReading.objects.filter(subject=subject).order_by("-at")[:READINGS_SHOWN]
    return [ReadingLine(row.reader, row.what, row.at) for row in rows]
