"""One local date of a person: every line of its load, its breaks, where they were, and which limits held.

Read by that person alone. Raw rows stay for 90 days; after that the sums of ``periods`` are what is left of a day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from people.selectors import zones_of
from wellbeing.core.person import read_person_then
from wellbeing.core.rules.clock import ms
from wellbeing.core.rules.days import Day, day_of, midnight
from wellbeing.core.rules.load import Entry, Stretch, entries, total
from wellbeing.core.rules.names import FOR_TEAMS
from wellbeing.core.rules.presence import Kind
from wellbeing.core.rules.scopes import InForce, Values
from wellbeing.core.selectors.load_models import weights_by_version
from wellbeing.models import Break, Exposure, Presence

NOON = timedelta(hours=12)


@dataclass(frozen=True)
class LoadLine:
    """One entry: what was shown of one case in one presentation, and what it weighs.

    ``arithmetic``: '2 × 0.9 × (10 + 35) / 60 = 1.35'; empty where the ``version`` of the weights is not known here.
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
    version: int


@dataclass(frozen=True)
class UnheardLine:
    """A stretch, from ``began_at`` on, that counts although nothing was heard of its page."""

    began_at: datetime
    lasted: timedelta
    severity: int


@dataclass(frozen=True)
class BreakLine:
    """A break of a day. ``served`` is what was counted."""

    cause: str
    state: str
    due_at: datetime
    started_at: datetime | None
    over_at: datetime | None
    length: timedelta
    served: timedelta
    was_postponed: bool
    with_work: bool = False
    is_third: bool = False


@dataclass(frozen=True)
class PresenceLine:
    """An interval at the desk on a day; ``closed_at`` None while it lasts."""

    kind: str
    opened_at: datetime
    closed_at: datetime | None
    lasted: timedelta


@dataclass(frozen=True)
class OneDay:
    """What was on one local date.

    ``versions``: the versions of limits under which cases were shown; ``claims``: under which claims. ``unheard``: what of
    it counts although nothing was heard of its page.
    """

    day: Day
    load: list[LoadLine]
    load_points: Decimal
    breaks: list[BreakLine]
    presence: list[PresenceLine]
    versions: set[int]
    claims: set[UUID]
    unheard: list[UnheardLine]

    @property
    def working(self) -> timedelta:
        """All time at the desk."""
        return sum((line.lasted for line in self.presence), timedelta(0))


@dataclass(frozen=True)
class LimitsThen:
    """The limits as they held for a person at one instant; ``version`` is the last row that was set until then."""

    at: datetime
    version: int
    limits: list[InForce]


def one_day(subject: UUID, *, on: date, at: datetime) -> OneDay:
    """Return one local date of a person as its raw rows tell it; the caller is that person."""
    day = day_on(subject, on, at=at)
    load, points = load_of(subject, day)
    shown = Exposure.objects.filter(subject=subject, opened_at__gte=day.start, opened_at__lt=day.end)
    under = list(shown.values_list("limits_version", "claim_ref").distinct())
    return OneDay(
        day=day,
        load=load,
        load_points=points,
        breaks=breaks_of(subject, day),
        presence=presence_of(subject, day, at),
        versions={version for version, _claim in under},
        claims={claim for _version, claim in under},
        unheard=unheard_of(subject, day),
    )


def day_on(subject: UUID, on: date, *, at: datetime) -> Day:
    """Return the day of a local date, by the zone that held for this person at its noon."""
    zones = zones_of(subject)
    today = day_of(zones, at)
    guess = day_of(zones, midnight(today, (on - today.date).days) + NOON)
    return day_of(zones, midnight(guess, (on - guess.date).days) + NOON)


def limits_at(subject: UUID, *, at: datetime) -> LimitsThen:
    """Return which limits held for a person at a past instant, worked out from the rows that were set until then."""
    person = read_person_then(subject, at=at)
    known = replace(
        person.binding,
        reds=[red for red in person.binding.reds if red[2] <= at],
        values=Values(value for value in person.binding.values if value.set_at <= at),
    )
    then = replace(person, binding=known)
    version = max((value.row for value in known.values), default=0)
    return LimitsThen(at, version, [then.limits[name] for name in FOR_TEAMS])


def load_of(subject: UUID, day: Day) -> tuple[list[LoadLine], Decimal]:
    """Return every line of a day's load, and their sum."""
    lines = entries(_stretches(subject, day), versions=weights_by_version())
    return [_load(line) for line in lines], total(lines)


def unheard_of(subject: UUID, day: Day) -> list[UnheardLine]:
    """Return what of a day counts although nothing was heard of its page, in order."""
    rows = Exposure.objects.filter(
        subject=subject, opened_at__gte=day.start, opened_at__lt=day.end, unheard_ms__gt=0
    )
    return [
        UnheardLine(row.opened_at + ms(row.shown_ms - row.unheard_ms), ms(row.unheard_ms), row.severity)
        for row in rows.order_by("opened_at")
    ]


def breaks_of(subject: UUID, day: Day) -> list[BreakLine]:
    """Return the breaks that were due on a day."""
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
            with_work=row.with_work,
            is_third=row.is_third,
        )
        for row in rows.order_by("due_at")
    ]


def presence_of(subject: UUID, day: Day, at: datetime) -> list[PresenceLine]:
    """Return a day's intervals, one that began the day before from midnight on, one that went on until midnight.

    A break that somebody took with the desk closed is among them, for its length: absence that answers a break is paid.
    """
    rows = Presence.objects.filter(subject=subject, opened_at__lt=day.end)
    rows = rows.exclude(closed_at__lte=day.start).order_by("opened_at")
    lines = [_presence(row, day, at) for row in rows]
    return sorted([*lines, *_rested_away(subject, day, at, lines)], key=lambda line: line.opened_at)


def _rested_away(
    subject: UUID, day: Day, at: datetime, lines: Sequence[PresenceLine]
) -> Iterator[PresenceLine]:
    """Yield the parts of breaks in which the desk was closed; of a break no more than its length."""
    rests = Break.objects.filter(subject=subject, length_ms__gt=0, started_at__lt=day.end)
    for rest in rests.exclude(over_at__lte=day.start).order_by("started_at"):
        began_at = rest.started_at or rest.due_at
        ends_at = min(rest.over_at or at, began_at + ms(rest.length_ms), day.end)
        for since, until in _uncovered(max(began_at, day.start), ends_at, lines, at):
            yield PresenceLine(Kind.BREAK, since, until, until - since)


def _uncovered(
    since: datetime, until: datetime, lines: Sequence[PresenceLine], at: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield what of a time lies in none of the intervals, which are in order and do not overlap."""
    for line in lines:
        if since < min(line.opened_at, until):
            yield since, min(line.opened_at, until)
        since = max(since, line.closed_at or at)
    if since < until:
        yield since, until


def _presence(row: Presence, day: Day, at: datetime) -> PresenceLine:
    begins_at, ends_at = max(row.opened_at, day.start), row.closed_at
    if ends_at is not None or at >= day.end:
        ends_at = min(ends_at or day.end, day.end)
    return PresenceLine(row.kind, begins_at, ends_at, max((ends_at or at) - begins_at, timedelta(0)))


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
            kept_units=row.load_units,
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
        version=line.version,
    )
