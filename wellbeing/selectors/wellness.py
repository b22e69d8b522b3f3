"""A person's wellness time: what is left of it today. For nobody but the person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wellbeing.models import Presence, PresenceKind
from wellbeing.rules import wellness
from wellbeing.rules.days import Day, day_of
from wellbeing.selectors.facts import Facts, facts_of


@dataclass(frozen=True, slots=True)
class WellnessTime:
    """``left`` of today's; ``until``: when it is used up, while it runs; None while it does not."""

    most: timedelta
    left: timedelta
    until: datetime | None


def wellness_time(subject: UUID, *, at: datetime) -> WellnessTime:
    """Return how a person's wellness time stands at *at*."""
    facts = facts_of(subject, at=at)
    running = Presence.objects.filter(subject=subject, kind=PresenceKind.WELLNESS, closed_at=None).first()
    until = None if running is None else max(used_up_at(facts, running), running.opened_at)
    left = left_of_day(facts, subject, at=at)
    return WellnessTime(most=_most(facts), left=left, until=until)


def left_of_day(facts: Facts, subject: UUID, *, at: datetime, day: Day | None = None) -> timedelta:
    """Return what is left of a day's wellness time (today's unless told), as far as it was used before *at*."""
    of = day or facts.day
    rows = Presence.objects.filter(subject=subject, kind=PresenceKind.WELLNESS, opened_at__lt=at)
    lasted = rows.exclude(closed_at__lte=of.start).values_list("opened_at", "closed_at")
    intervals = [(since, at if until is None else min(until, at)) for since, until in lasted]
    return wellness.left(_most(facts), wellness.used(intervals, start=of.start, end=of.end))


def used_up_at(facts: Facts, presence: Presence) -> datetime:
    """Return when an interval of wellness time has used up what was left on the day on which it began."""
    began_at = presence.opened_at
    day = day_of(facts.zones, began_at)
    return began_at + left_of_day(facts, presence.subject, at=began_at, day=day)


def _most(facts: Facts) -> timedelta:
    return timedelta(seconds=facts.limits["wellness_seconds"].value)
