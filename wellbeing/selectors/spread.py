"""What somebody has had of severe work today, for evening it out: for the allocator alone, never for a page."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Sum

from people.selectors import zones_by_subject
from wellbeing.models import DaySum, PersonState, Presence
from wellbeing.rules.days import day_of
from wellbeing.rules.presence import QUEUE_WORK
from wellbeing.rules.turns import SEVERE
from wellbeing.selectors.held import Held

HEARD_WITHIN = timedelta(minutes=15)
OWN_TO_NOBODY = frozenset({"ceiling", "team"})
"""Whose limits of severe work are these is compared with others; whoever has tighter ones of their own is not."""
SEVERE_LIMITS = ("seconds_3", "seconds_4", "cases_3", "cases_4")


def at_work(at: datetime) -> set[UUID]:
    """Return who waits or reviews at a desk that was heard of lately; one query."""
    sitting = Presence.objects.filter(closed_at__isnull=True, kind__in=QUEUE_WORK)
    return set(sitting.filter(last_beat_at__gt=at - HEARD_WITHIN).values_list("subject", flat=True))


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


def severe_now(held: Held) -> int | None:
    """Return the same of a person who is held; None for whom nothing is evened out: an opt-out, limits of their own, a share."""
    facts = held.facts
    if facts.opt_outs or any(facts.limits[name].scope not in OWN_TO_NOBODY for name in SEVERE_LIMITS):
        return None
    shown = sum(facts.ledger.today(severity).shown_ms for severity in (3, 4))
    return shown + given_back(held.state, facts.day.date)


def given_back(state: PersonState, on: date) -> int:
    """Return what cases that were given back on that date count here, in ms."""
    return state.given_back_ms if state.given_back_on == on else 0
