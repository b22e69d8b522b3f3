"""'My day': read by the person alone, every line with its arithmetic."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from wellbeing.rules.limits import InForce
from wellbeing.selectors.desk import BreakView, LimitFact


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
    raise NotImplementedError
