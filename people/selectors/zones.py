"""Where people are: their time zones, as periods."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from people.models import TimeZonePeriod
from people.rules.zones import ZonePeriod
from people.statements import instant, many_from_json


def periods_from(zones: str | None) -> tuple[ZonePeriod, ...]:
    """Return the periods of a ``{list}`` of zone and beginning, earliest first."""
    found = [ZonePeriod(zone, instant(begins)) for zone, begins in many_from_json(zones)]
    return tuple(sorted(found, key=lambda period: period.effective_from))


def zones_of(subject: UUID) -> list[ZonePeriod]:
    """Return the time zone periods of a person, earliest first; UTC holds before the first."""
    periods = TimeZonePeriod.objects.filter(user__subject=subject).order_by("effective_from")
    return [ZonePeriod(*row) for row in periods.values_list("zone", "effective_from")]


def zones_of_all(*, at: datetime, subjects: Collection[UUID] | None = None) -> frozenset[str]:
    """Return the time zones that hold at *at* for all active people, or for those of *subjects*; one query."""
    periods = TimeZonePeriod.objects.filter(user__is_active=True, effective_from__lte=at)
    if subjects is not None:
        periods = periods.filter(user__subject__in=subjects)
    # The last of each person's periods wins.
    return frozenset(dict(periods.order_by("effective_from").values_list("user_id", "zone")).values())


def zones_by_subject(subjects: Collection[UUID]) -> dict[UUID, list[ZonePeriod]]:
    """Return the time zone periods of many people, each earliest first, as ``zones_of`` does; one query."""
    periods = TimeZonePeriod.objects.filter(user__subject__in=subjects).order_by("effective_from")
    found: dict[UUID, list[ZonePeriod]] = {subject: [] for subject in subjects}
    for subject, zone, effective_from in periods.values_list("user__subject", "zone", "effective_from"):
        found[subject].append(ZonePeriod(zone, effective_from))
    return found
