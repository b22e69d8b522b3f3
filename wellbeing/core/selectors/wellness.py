"""A person's wellness time: what is left of it today. For nobody but the person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from wellbeing.core.person import Person, read_person_then
from wellbeing.core.rules import wellness
from wellbeing.core.rules.days import Day, day_of
from wellbeing.models import Presence, PresenceKind


@dataclass(frozen=True, slots=True)
class WellnessTime:
    """``left`` of today's; ``until``: when it is used up, while it runs; None while it does not."""

    most: timedelta
    left: timedelta
    until: datetime | None


def wellness_time(subject: UUID, *, at: datetime) -> WellnessTime:
    """Return how a person's wellness time stands at *at*."""
    person = read_person_then(subject, at=at)
    running = person.presence if person.is_wellness_time else None
    until = None if running is None else max(used_up_at(person, running), running.opened_at)
    return WellnessTime(most=_most(person), left=left_of_day(person, at=at), until=until)


def left_of_day(person: Person, *, at: datetime, day: Day | None = None) -> timedelta:
    """Return what is left of a day's wellness time (today's unless told), as far as it was used before *at*."""
    of = day or person.day
    rows = Presence.objects.filter(subject=person.subject, kind=PresenceKind.WELLNESS, opened_at__lt=at)
    lasted = rows.exclude(closed_at__lte=of.start).values_list("opened_at", "closed_at")
    intervals = [(since, at if until is None else min(until, at)) for since, until in lasted]
    return wellness.left(_most(person), wellness.used(intervals, start=of.start, end=of.end))


def used_up_at(person: Person, presence: Presence) -> datetime:
    """Return when an interval of wellness time has used up what was left on the day on which it began."""
    began_at = presence.opened_at
    day = day_of(person.zones, began_at)
    return began_at + left_of_day(person, at=began_at, day=day)


def _most(person: Person) -> timedelta:
    return timedelta(seconds=person.limits["wellness_seconds"].value)
