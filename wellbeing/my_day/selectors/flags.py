"""Load flags as their person reads them. What an officer sees: ``officer.selectors.record``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from wellbeing.core.person import read_person_then
from wellbeing.core.rules import flags
from wellbeing.core.rules.days import midnight
from wellbeing.core.rules.flags import Raised
from wellbeing.core.selectors import figures
from wellbeing.models import LoadFlag

SHOWN_FOR = timedelta(days=90)


@dataclass(frozen=True)
class FlagLine:
    """A flag of one person. ``figures``: the numbers of its arithmetic; ``closed_at``: an officer is done with it."""

    id: UUID
    code: str
    level: str
    local_date: date
    figures: Mapping[str, Any]
    raised_at: datetime
    closed_at: datetime | None


def flags_of(subject: UUID, *, at: datetime) -> list[FlagLine]:
    """Return all flags of the last 90 days, the newest first: for the person they are about, and nobody else."""
    rows = LoadFlag.objects.filter(subject=subject, raised_at__gt=at - SHOWN_FOR)
    return [_line(row) for row in rows.order_by("-local_date", "code")]


def reveal_up(subject: UUID, *, at: datetime) -> Raised | None:
    """Compute REVEAL_UP for the person who looks; it is stored nowhere."""
    person = read_person_then(subject, at=at)
    week, month = midnight(person.day, 1 - flags.WEEK), midnight(person.day, 1 - flags.WEEK - flags.DAYS_SEEN)
    lately = figures.reveals(subject, since=week, until=person.day.end)
    before = figures.reveals(subject, since=month, until=week)
    by = {name: limit.value for name, limit in person.limits.items()}
    return flags.reveal_up(lately, before, by=by)


def _line(row: LoadFlag) -> FlagLine:
    return FlagLine(
        id=row.pk,
        code=row.code,
        level=row.level,
        local_date=row.local_date,
        figures=row.figures,
        raised_at=row.raised_at,
        closed_at=row.closed_at,
    )
