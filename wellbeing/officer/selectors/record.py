"""What an officer reads about a person: daily sums without levels, limits without the person's own, flags, measures.

Reveals, step-aways, skips, opt-outs and own limits are nobody's to read but the person's (WELLBEING.md 'Who reads what').
These selectors note nothing; ``officer.services.records`` reads them and notes it for the person.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from people.selectors import members_of
from wellbeing.core.person import read_person_then
from wellbeing.core.rules.days import quarter_start
from wellbeing.core.rules.names import FOR_TEAMS
from wellbeing.core.rules.scopes import OWN, InForce, Values
from wellbeing.models import (
    DaySum,
    ExposureSum,
    FlagCode,
    FlagLevel,
    LoadFlag,
    Measure,
    Question,
)

DAYS_SHOWN: Final = 28
CLOSED_SHOWN: Final = 20
ROUNDED_TO: Final = 5
LEAST_IN_A_TEAM: Final = 5
OFFICER_CODES: Final = frozenset(
    {FlagCode.RAPID_RISE, FlagCode.HEAVY_STREAK, FlagCode.SEV4_STREAK, FlagCode.NIGHT, FlagCode.LATE_SEVERE}
)
"""WELLBEING.md 'Load flags', column 'who'. BREAKS_SHORT is a fact about a team, REPEAT_VIEW the person's alone."""


@dataclass(frozen=True)
class Shown:
    """What was shown of one severity on one day: whole seconds and cases."""

    seconds: int
    cases: int


@dataclass(frozen=True)
class DayLine:
    """One local date of a person: severity → what was shown; without levels."""

    on: date
    shown: Mapping[int, Shown]


@dataclass(frozen=True)
class OfficerFlag:
    """A load flag as an officer sees it. ``figures``: the numbers of its arithmetic, from daily sums. ``fold``: the number of acts on it.

    ``closed_at``: None while somebody still has to look.
    """

    id: UUID
    subject: UUID
    code: str
    level: str
    local_date: date
    figures: Mapping[str, Any]
    raised_at: datetime
    follow_up_on: date | None
    closed_at: datetime | None
    fold: int


@dataclass(frozen=True)
class MeasureLine:
    """What an officer did. ``from_on`` and ``until_on``: local dates it binds, both included; None where it binds none.

    ``may_end``: it has days left after today.
    """

    id: UUID
    flag_id: UUID | None
    kind: str
    from_on: date | None
    until_on: date | None
    words: str
    set_by: str
    set_at: datetime
    ended_at: datetime | None
    ended_by: str
    may_end: bool


@dataclass(frozen=True)
class OpenRequest:
    """A question of this person that waits for its answer; its words are read one by one."""

    id: UUID
    asked_at: datetime
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True)
class FollowUp:
    """That an officer wanted to look at a flag again on a date."""

    flag_id: UUID
    on: date
    is_due: bool


@dataclass(frozen=True)
class PersonRecord:
    """All that an officer reads of one person. ``today``: their local date."""

    subject: UUID
    today: date
    days: Sequence[DayLine]
    limits: Sequence[InForce]
    flags: Sequence[OfficerFlag]
    measures: Sequence[MeasureLine]
    requests: Sequence[OpenRequest]


@dataclass(frozen=True)
class OpenCount:
    """How many load flags wait for an officer, and how many of them are red."""

    all: int
    red: int


def open_count() -> OpenCount:
    """Return how many flags are open: no names and no figures; one query."""
    levels = list(_open_flags().values_list("level", flat=True))
    return OpenCount(len(levels), levels.count(FlagLevel.RED))


def flags_of_officer() -> list[OfficerFlag]:
    """Return the open flags: red ones first, newest first within each; one query."""
    rows = _open_flags().order_by("-raised_at", "code", "id")
    return sorted(map(_flag, rows), key=lambda one: one.level != FlagLevel.RED)


def flag_of_officer(flag_id: UUID) -> OfficerFlag | None:
    """Return one flag that an officer may see, open or closed."""
    row = LoadFlag.objects.filter(pk=flag_id, code__in=OFFICER_CODES).first()
    return None if row is None else _flag(row)


def follow_ups(*, today: date) -> list[FollowUp]:
    """Return when which open flags are looked at again, the earliest first; one query."""
    rows = _open_flags().filter(follow_up_on__isnull=False).order_by("follow_up_on", "id")
    return [FollowUp(row.pk, on, on <= today) for row in rows if (on := row.follow_up_on)]


def record_of(subject: UUID, *, at: datetime) -> PersonRecord:
    """Return what an officer reads of a person; the same number of queries with a day of history as with ten years."""
    person = read_person_then(subject, at=at)
    told = Values(value for value in person.binding.values if value.scope != OWN)
    person = replace(person, binding=replace(person.binding, values=told))
    today = person.day.date
    return PersonRecord(
        subject=subject,
        today=today,
        days=_days(subject, today, at=at),
        limits=[person.limits[name] for name in FOR_TEAMS],
        flags=_flags(subject),
        measures=measures_of(subject, today=today),
        requests=_requests(subject, at),
    )


def measures_of(subject: UUID, *, today: date) -> list[MeasureLine]:
    """Return what officers did for a person, newest first; *today* is the person's local date. One query."""
    rows = Measure.objects.filter(subject=subject).order_by("-set_at", "-id")
    return [_measure(row, today) for row in rows]


def measures_on(flag_id: UUID, *, today: date) -> list[MeasureLine]:
    """Return what officers did about one flag, newest first; one query."""
    return [
        _measure(row, today) for row in Measure.objects.filter(flag_id=flag_id).order_by("-set_at", "-id")
    ]


def people_short_of_breaks(team_id: int, *, at: datetime) -> int | None:
    """Return how many of a team had breaks cut short within seven days, rounded to five.

    None for a team of fewer than five, of which nothing is told.
    """
    members = members_of(team_id, at=at)
    if len(members) < LEAST_IN_A_TEAM:
        return None
    rows = LoadFlag.objects.filter(
        subject__in=members, code=FlagCode.BREAKS_SHORT, raised_at__gt=at - timedelta(days=7)
    )
    people = rows.values("subject").distinct().count()
    return (people + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def today_of(subject: UUID, *, at: datetime) -> date:
    """Return the local date of a person."""
    return read_person_then(subject, at=at).day.date


def _open_flags() -> QuerySet[LoadFlag]:
    return LoadFlag.objects.filter(closed_at__isnull=True, code__in=OFFICER_CODES).exclude(
        level=FlagLevel.INFO
    )


def _flags(subject: UUID) -> list[OfficerFlag]:
    rows = LoadFlag.objects.filter(subject=subject, code__in=OFFICER_CODES).order_by(
        "-raised_at", "code", "id"
    )
    found = [_flag(row) for row in rows]
    closed = [one for one in found if one.closed_at is not None]
    return [one for one in found if one.closed_at is None] + closed[:CLOSED_SHOWN]


def _flag(row: LoadFlag) -> OfficerFlag:
    return OfficerFlag(
        id=row.pk,
        subject=row.subject,
        code=row.code,
        level=row.level,
        local_date=row.local_date,
        figures=row.figures,
        raised_at=row.raised_at,
        follow_up_on=row.follow_up_on,
        closed_at=row.closed_at,
        fold=row.fold,
    )


def _days(subject: UUID, today: date, *, at: datetime) -> list[DayLine]:
    """Return the days of the last four weeks on which something was shown, newest first.

    Today as of the last full quarter of an hour: from two looks within one, before and after a case, would follow how clearly
    it was seen, by the rest that came after it.
    """
    since = today - timedelta(days=DAYS_SHOWN - 1)
    found: dict[date, dict[int, Shown]] = defaultdict(dict)
    rows = DaySum.objects.filter(subject=subject, local_date__gte=since, local_date__lte=today)
    now = _of_this_quarter(subject, at)
    for on, severity, shown_ms, cases in rows.values_list("local_date", "severity", "shown_ms", "cases"):
        late_ms, late_cases = now.get(severity, (0, 0)) if on == today else (0, 0)
        if shown_ms > late_ms or cases > late_cases:
            found[on][severity] = Shown(max(shown_ms - late_ms, 0) // 1000, max(cases - late_cases, 0))
    return [DayLine(on, found[on]) for on in sorted(found, reverse=True)]


def _of_this_quarter(subject: UUID, at: datetime) -> dict[int, tuple[int, int]]:
    """Return severity → milliseconds and cases of the quarter of an hour that is not over."""
    rows = ExposureSum.objects.filter(subject=subject, quarter_at=quarter_start(at))
    return {row.severity: (row.shown_ms, row.cases) for row in rows}


def _measure(row: Measure, today: date) -> MeasureLine:
    has_days_left = row.until_on is not None and row.until_on > today
    return MeasureLine(
        id=row.pk,
        flag_id=row.flag_id,
        kind=row.kind,
        from_on=row.from_on,
        until_on=row.until_on,
        words=row.words,
        set_by=row.set_by,
        set_at=row.set_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        may_end=row.ended_at is None and has_days_left,
    )


def _requests(subject: UUID, at: datetime) -> list[OpenRequest]:
    rows = Question.objects.filter(subject=subject, answered_at__isnull=True).order_by("due_at", "id")
    return [OpenRequest(row.pk, row.asked_at, row.due_at, row.due_at < at) for row in rows]
