"""Which severities stand open to many people now, as far as a lead may know: for 'nobody is available'.

Limits of the organisation, of teams and of leads, the ramp of a new starter, the night and planned shifts. What is theirs
alone (own limits, opt-outs, the agreement to severity 4, an officer's orders, the walk of the first day)
is not read here at all, so that nothing that is told from it can depend on it. What anybody was shown plays no part. The
same number of queries for any number of people.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from people.selectors import beginnings_of
from wellbeing.core.binding import SHIFTS_REACH
from wellbeing.core.rules.caps import Circumstances, caps_of, closing
from wellbeing.core.rules.days import day_of
from wellbeing.core.rules.limits import CLOSES, DAY_LIMITS, DEFAULT_PRESET
from wellbeing.core.rules.parts import Shift
from wellbeing.core.rules.scopes import InForce
from wellbeing.limits.selectors.capacity import Person, in_force, people_of, rows_of
from wellbeing.models import LimitScope, PersonState
from wellbeing.models import Shift as ShiftRow

ALL = frozenset(range(5))
OF_CAPS = (
    "severe_days_7",
    "severe_days_run",
    "extreme_weeks",
    "late_seconds",
    "late_severity",
    "night_severity",
    "overtime_severity",
    "stop_minute",
)
NAMES: Mapping[str, int] = {name: DEFAULT_PRESET[name] for name in (*DAY_LIMITS, *OF_CAPS)}


@dataclass(frozen=True, slots=True)
class Available:
    """Of one person: the ``severities`` that are open, and whether they are at work by the roster; who has no shift
    planned around this time is by no roster away.
    """

    severities: frozenset[int]
    is_on: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Of one person: the circumstances of their day, and the limits that hold."""

    subject: UUID
    who: Circumstances
    limits: Mapping[str, InForce]


def available(subjects: Collection[UUID], *, at: datetime) -> dict[UUID, Available]:
    """Return for each person what stands open to them at *at*."""
    told = set(LimitScope.values) - {LimitScope.OWN}
    return {
        one.subject: Available(
            severities=open_to(one.who, one.limits),
            is_on=not one.who.shifts or any(part.starts_at <= at < part.ends_at for part in one.who.shifts),
        )
        for one in known_of(subjects, at=at, scopes=told)
    }


def known_of(subjects: Collection[UUID], *, at: datetime, scopes: Collection[str]) -> Iterator[Known]:
    """Yield what a lead may know of each person's day, and their limits of these scopes."""
    rows = rows_of(subjects, at=at, scopes=scopes)
    shifts, began = _shifts(subjects, at), _beginnings(subjects)
    for one in people_of(subjects, at=at):
        who = _circumstances(one, began.get(one.subject), shifts.get(one.subject, ()), at)
        yield Known(one.subject, who, in_force(one, rows, at=at, names=NAMES))


def _circumstances(
    one: Person, began: tuple[date | None, bool] | None, shifts: Sequence[Shift], at: datetime
) -> Circumstances:
    """Return what a lead may know of somebody's day; the agreement is taken for granted."""
    began_on, is_starter = began or (None, True)
    return Circumstances(
        day=day_of(one.zones, at),
        at=at,
        is_known=True,
        began_on=began_on,
        is_starter=is_starter,
        agreed_at=at,
        shifts=shifts,
    )


def _beginnings(subjects: Collection[UUID]) -> dict[UUID, tuple[date | None, bool]]:
    """Return since when each person does this work, and whether they are new to it: else their first day here counts."""
    told = beginnings_of(subjects)
    first = PersonState.objects.filter(subject__in=subjects).values_list("subject", "first_day")
    found: dict[UUID, tuple[date | None, bool]] = {subject: (day, True) for subject, day in first}
    return found | {subject: (day, False) for subject, day in told.items() if day is not None}


def open_to(who: Circumstances, limits: Mapping[str, InForce]) -> frozenset[int]:
    """Return the severities that neither a cap nor a limit of 0 closes."""
    caps = caps_of(who, limits)
    shut = frozenset().union(*(CLOSES[name] for name in DAY_LIMITS if limits[name].value == 0))
    return frozenset(
        severity for severity in ALL - shut if closing(caps, severity=severity, at=who.at) is None
    )


def _shifts(subjects: Collection[UUID], at: datetime) -> dict[UUID, list[Shift]]:
    planned = ShiftRow.objects.filter(subject__in=subjects, cancelled_at__isnull=True)
    near = planned.filter(ends_at__gt=at - SHIFTS_REACH, starts_at__lt=at + SHIFTS_REACH)
    found: dict[UUID, list[Shift]] = {}
    for subject, starts_at, ends_at in near.values_list("subject", "starts_at", "ends_at"):
        found.setdefault(subject, []).append(Shift(starts_at, ends_at))
    return found
