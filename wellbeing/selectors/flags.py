"""Load flags as their person reads them, and the sum of each in words. What an officer sees: ``selectors.officer``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wellbeing.core.person import read_person_then
from wellbeing.models import LoadFlag
from wellbeing.rules import flags
from wellbeing.rules.days import midnight
from wellbeing.rules.flags import Raised
from wellbeing.selectors import figures

SHOWN_FOR = timedelta(days=90)

SUMS: Final[Mapping[str, str | Promise]] = {
    flags.RAPID_RISE: gettext_lazy(
        "%(lately)s a day on the last 5 worked days > %(rise)s × %(usual)s (mean of the worked days before), "
        "and %(week)s ≥ %(least)s in 7 days"
    ),
    flags.HEAVY_STREAK: gettext_lazy(
        "%(loads)s: %(days)s worked days running ≥ %(least)s, of it ≥ %(severe)s from severity 3 and up"
    ),
    flags.SEV4_STREAK: gettext_lazy(
        "severity 4 on %(days)s of the last %(of)s worked days, flagged from %(asked)s"
    ),
    flags.BREAKS_SHORT: gettext_lazy(
        "put off: %(day)s on this day (flagged from %(asked_day)s), %(week)s in 7 days (flagged from %(asked_week)s)"
    ),
    flags.NIGHT: gettext_lazy(
        "%(nights)s of 7 nights with %(hours)s h or more at severity 2 and up from 22:00 to 06:00, flagged from %(asked)s"
    ),
    flags.LATE_SEVERE: gettext_lazy(
        "severity 3 and up in the last hour of a shift on %(days)s of 7 days, flagged from %(asked)s"
    ),
    flags.REPEAT_VIEW: gettext_lazy("opened %(times)s times in 28 days, flagged from %(asked)s"),
    flags.REVEAL_UP: gettext_lazy(
        "%(share)s %% of %(cases)s cases in 7 days, %(before)s %% in the 28 days before, flagged from %(asked)s percentage points above"
    ),
}


@dataclass(frozen=True)
class FlagLine:
    """A flag of one person. ``arithmetic``: 'severity 4 on 6 of the last 10 worked days, flagged from 6'.

    ``closed_at``: an officer is done with it.
    """

    id: UUID
    code: str
    level: str
    local_date: date
    figures: Mapping[str, Any]
    arithmetic: str
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


def arithmetic(code: str, numbers: Mapping[str, Any]) -> str:
    """Return the sum of a flag as its person can check it; empty where its numbers are not (all) there."""
    shown = dict(numbers)
    if "percent" in shown:
        shown["rise"] = f"{shown['percent'] / 100:g}"
    if "seconds" in shown:
        shown["hours"] = f"{shown['seconds'] / 3600:g}"
    try:
        return str(SUMS[code]) % shown
    except KeyError:
        return ""


def _line(row: LoadFlag) -> FlagLine:
    return FlagLine(
        id=row.pk,
        code=row.code,
        level=row.level,
        local_date=row.local_date,
        figures=row.figures,
        arithmetic=arithmetic(row.code, row.figures),
        raised_at=row.raised_at,
        closed_at=row.closed_at,
    )
