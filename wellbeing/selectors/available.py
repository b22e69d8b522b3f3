"""Which severities stand open to many people now, and what they keep away from themselves: for 'nobody is available'.

Told twice: by what a lead may know of each of them (limits of the organisation, of teams and of leads, the ramp of a new
starter, the night, planned shifts), and in truth, with what is theirs alone (own limits, opt-outs, the agreement, an
officer's orders, the walk of the first day). Whoever tells somebody else must look at both
(``queues.rules.manned``). What anybody was shown plays no part. The same number of queries for any number of people.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from people.selectors import beginnings_of
from wellbeing.models import (
    Introduction,
    LimitScope,
    Measure,
    MeasureKind,
    OptOut,
    PersonState,
    SevereAgreement,
)
from wellbeing.models import Shift as ShiftRow
from wellbeing.rules.caps import Circumstances, Ordered, caps_of, closing
from wellbeing.rules.days import day_of
from wellbeing.rules.limits import DAY_LIMITS, DEFAULT_PRESET, SEVERITIES
from wellbeing.rules.opt_outs import MEDIA, NOTHING, OptedOut, opted_out
from wellbeing.rules.parts import Shift
from wellbeing.rules.ramp import most_in_week, week_of
from wellbeing.rules.scopes import InForce
from wellbeing.selectors.capacity import Person, in_force, people_of, rows_of
from wellbeing.selectors.kept import LONGER_THAN_A_DAY, SHIFTS_REACH
from wellbeing.selectors.spread import OWN_TO_NOBODY, SEVERE_LIMITS

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
    """Of one person: the severities that are open as far as a lead may know, and in truth; and what they keep away.

    ``is_compared``: severe work is evened out between them and others: no opt-out, no limits of their own, no ramp.
    """

    known: frozenset[int]
    truly: frozenset[int]
    opted_out: OptedOut = NOTHING
    is_compared: bool = False


@dataclass
class _Private:
    """What is one person's own affair."""

    state: PersonState | None = None
    agreed_at: datetime | None = None
    is_introduced: bool = False
    chosen: list[tuple[str, str]] = field(default_factory=list)
    ordered: list[Ordered] = field(default_factory=list)


def available(subjects: Collection[UUID], *, at: datetime) -> dict[UUID, Available]:
    """Return for each person what stands open to them at *at*."""
    people = people_of(subjects, at=at)
    rows = rows_of(subjects, at=at, scopes=LimitScope.values)
    told = [row for row in rows if row.scope != LimitScope.OWN]
    shifts, private, began = _shifts(subjects, at), _private(subjects, at), beginnings_of(subjects)
    found = {}
    for one in people:
        who, own = one.subject, private[one.subject]
        known = _circumstances(one, own, began.get(who), shifts.get(who, ()), at)
        truly = replace(known, agreed_at=own.agreed_at, is_introduced=own.is_introduced, ordered=own.ordered)
        limits = in_force(one, rows, at=at, names=NAMES)
        opted = opted_out(own.chosen)
        found[who] = Available(
            known=_open(known, in_force(one, told, at=at, names=NAMES)),
            truly=frozenset() if opted.media >= set(MEDIA) else _open(truly, limits),
            opted_out=opted,
            is_compared=not own.chosen and _is_like_others(truly, limits),
        )
    return found


def _circumstances(
    one: Person, own: _Private, began_on: date | None, shifts: Sequence[Shift], at: datetime
) -> Circumstances:
    """Return what a lead may know of somebody's day; the agreement is taken for granted."""
    return Circumstances(
        day=day_of(one.zones, at),
        at=at,
        is_known=True,
        began_on=began_on or (own.state.first_day if own.state else None),
        is_starter=began_on is None,
        agreed_at=at,
        shifts=shifts,
    )


def _is_like_others(who: Circumstances, limits: Mapping[str, InForce]) -> bool:
    """Say whether somebody has the limits of severe work that their team has, and all of them."""
    week = week_of(who.began_on or who.day.date, on=who.day.date)
    mine = any(limits[name].scope not in OWN_TO_NOBODY for name in SEVERE_LIMITS)
    return not mine and most_in_week(week) is None


def _open(who: Circumstances, limits: Mapping[str, InForce]) -> frozenset[int]:
    caps = caps_of(who, limits)
    shut = frozenset().union(*(SEVERITIES[name] for name in DAY_LIMITS if limits[name].value == 0))
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


def _private(subjects: Collection[UUID], at: datetime) -> dict[UUID, _Private]:
    found = {subject: _Private() for subject in subjects}
    for state in PersonState.objects.filter(subject__in=subjects):
        found[state.subject].state = state
    agreed = SevereAgreement.objects.filter(subject__in=subjects, revoked_at__isnull=True)
    for subject, given_at in agreed.values_list("subject", "given_at"):
        found[subject].agreed_at = given_at
    walked = Introduction.objects.filter(subject__in=subjects, done_at__isnull=False)
    for subject in walked.values_list("subject", flat=True):
        found[subject].is_introduced = True
    for subject, kind, value in _opt_outs(subjects, at):
        found[subject].chosen.append((kind, value))
    for subject, order in _orders(subjects, at):
        found[subject].ordered.append(order)
    return found


def _opt_outs(subjects: Collection[UUID], at: datetime) -> Iterable[tuple[UUID, str, str]]:
    lasts = Q(until__isnull=True) | Q(until__gt=at)
    chosen = OptOut.objects.filter(lasts, subject__in=subjects, ended_at__isnull=True)
    return chosen.values_list("subject", "kind", "value")


def _orders(subjects: Collection[UUID], at: datetime) -> Iterable[tuple[UUID, Ordered]]:
    binding = (MeasureKind.REST_DAY, MeasureKind.LIGHTER_QUEUE)
    ordered = Measure.objects.filter(subject__in=subjects, kind__in=binding, ended_at__isnull=True)
    for one in ordered.filter(until_on__gte=(at - LONGER_THAN_A_DAY).date()):
        if one.from_on is not None and one.until_on is not None:
            yield one.subject, Ordered(one.kind, one.from_on, one.until_on, one.set_at, one.set_by)
