"""Who may take severe work in truth, and what they have had of it today: for evening it out.

For the allocator alone, never for a page: what is one person's own affair is read here.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, Sum

from people.selectors import zones_by_subject
from wellbeing.core.binding import LONGER_THAN_A_DAY
from wellbeing.core.person import Person
from wellbeing.core.rules.caps import Ordered
from wellbeing.core.rules.days import day_of
from wellbeing.core.rules.presence import QUEUE_WORK
from wellbeing.core.rules.ramp import SEVERE_LIMITS, most_in_week, week_of
from wellbeing.core.rules.turns import SEVERE
from wellbeing.limits.selectors.available import Known, known_of, open_to
from wellbeing.models import (
    DaySum,
    Introduction,
    LimitScope,
    Measure,
    MeasureKind,
    OptOut,
    PersonState,
    Presence,
    SevereAgreement,
)

HEARD_WITHIN = timedelta(minutes=15)
OWN_TO_NOBODY = frozenset({"ceiling", "team"})
"""Whose limits of severe work are these is compared with others; whoever has tighter ones of their own is not."""


def at_work(at: datetime) -> set[UUID]:
    """Return who waits or reviews at a desk that was heard of lately; one query."""
    sitting = Presence.objects.filter(closed_at__isnull=True, kind__in=QUEUE_WORK)
    return set(sitting.filter(last_beat_at__gt=at - HEARD_WITHIN).values_list("subject", flat=True))


def comparable(subjects: Collection[UUID], *, at: datetime) -> dict[UUID, frozenset[int]]:
    """Return the severities that are open, in truth, to each person whom severe work is evened out for.

    Whoever opted out of anything, has limits of severe work of their own, or a new starter's share of them, is left out.
    """
    alike = set(subjects) - _opted_out(subjects, at)
    agreed, walked, ordered = _agreed_at(alike), _introduced(alike), _orders(alike, at)
    return {
        one.subject: open_to(
            replace(
                one.who,
                agreed_at=agreed.get(one.subject),
                is_introduced=one.subject in walked,
                ordered=ordered.get(one.subject, []),
            ),
            one.limits,
        )
        for one in known_of(alike, at=at, scopes=LimitScope.values)
        if _is_like_others(one)
    }


def severe_of(subjects: Collection[UUID], *, at: datetime) -> dict[UUID, int]:
    """Return the ms of severity 3 and up of each person's local date, with what they gave back; three queries."""
    today = {subject: day_of(zones, at).date for subject, zones in zones_by_subject(subjects).items()}
    found = dict.fromkeys(subjects, 0)
    rows = DaySum.objects.filter(
        subject__in=subjects, severity__gte=SEVERE, local_date__in=set(today.values())
    )
    for subject, on, shown_ms in rows.values_list("subject", "local_date").annotate(Sum("shown_ms")):
        found[subject] += shown_ms if today[subject] == on else 0
    for state in PersonState.objects.filter(subject__in=subjects):
        found[state.subject] += given_back(state, today[state.subject])
    return found


def severe_now(person: Person) -> int | None:
    """Return the same of one person; None for whom nothing is evened out: an opt-out, limits of their own, a share."""
    if person.opt_outs or any(person.limits[name].scope not in OWN_TO_NOBODY for name in SEVERE_LIMITS):
        return None
    shown = sum(person.ledger.today(severity).shown_ms for severity in (3, 4))
    return shown + given_back(person.state, person.day.date)


def given_back(state: PersonState, on: date) -> int:
    """Return what cases that were given back on that date count here, in ms."""
    return state.given_back_ms if state.given_back_on == on else 0


def _is_like_others(one: Known) -> bool:
    """Say whether somebody has the limits of severe work that their team has, and all of them."""
    on = one.who.day.date
    mine = any(one.limits[name].scope not in OWN_TO_NOBODY for name in SEVERE_LIMITS)
    return not mine and most_in_week(week_of(one.who.began_on or on, on=on)) is None


def _opted_out(subjects: Collection[UUID], at: datetime) -> set[UUID]:
    lasts = Q(until__isnull=True) | Q(until__gt=at)
    chosen = OptOut.objects.filter(lasts, subject__in=subjects, ended_at__isnull=True)
    return set(chosen.values_list("subject", flat=True))


def _agreed_at(subjects: Collection[UUID]) -> Mapping[UUID, datetime]:
    agreed = SevereAgreement.objects.filter(subject__in=subjects, revoked_at__isnull=True)
    return dict(agreed.values_list("subject", "given_at"))


def _introduced(subjects: Collection[UUID]) -> set[UUID]:
    walked = Introduction.objects.filter(subject__in=subjects, done_at__isnull=False)
    return set(walked.values_list("subject", flat=True))


def _orders(subjects: Collection[UUID], at: datetime) -> Mapping[UUID, list[Ordered]]:
    binding = (MeasureKind.REST_DAY, MeasureKind.LIGHTER_QUEUE)
    ordered = Measure.objects.filter(subject__in=subjects, kind__in=binding, ended_at__isnull=True)
    found: dict[UUID, list[Ordered]] = {}
    for one in ordered.filter(until_on__gte=(at - LONGER_THAN_A_DAY).date()):
        if one.from_on is not None and one.until_on is not None:
            order = Ordered(one.kind, one.from_on, one.until_on, one.set_at, one.set_by)
            found.setdefault(one.subject, []).append(order)
    return found
