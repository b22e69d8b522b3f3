"""Plain figures by local date, of which load flags are made. Only flags ask for these, so the core does not read them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum

from people.rules.zones import ZonePeriod
from wellbeing.core.rules import parts
from wellbeing.core.rules.caps import DAYS_LOOKED_BACK
from wellbeing.core.rules.days import day_of
from wellbeing.core.rules.flags import DAYS_ASKED, WEEK, Reveals
from wellbeing.core.rules.limits import Spent
from wellbeing.models import Break, DaySum, Exposure, Level, Shift

SEVERE, DISTRESSING = 3, 2
A_ZONE_APART = timedelta(days=2)
FULL = (Level.GREY, Level.COLOUR)


def shifts_between(subject: UUID, since: datetime, until: datetime) -> list[parts.Shift]:
    """Return the planned shifts that touch the time from *since* to *until*."""
    rows = Shift.objects.filter(
        subject=subject, ends_at__gt=since, starts_at__lt=until, cancelled_at__isnull=True
    )
    return [
        parts.Shift(starts_at, ends_at) for starts_at, ends_at in rows.values_list("starts_at", "ends_at")
    ]


def night_ms(subject: UUID, *, on: date) -> dict[date, int]:
    """Return date on which the night began → milliseconds at severity ≥ 2, of the 7 nights up to *on*."""
    rows = _week(subject, on).filter(severity__gte=DISTRESSING, night_ms__gt=0)
    return dict(rows.values_list("local_date").annotate(Sum("night_ms")))


def late_on(subject: UUID, *, on: date) -> set[date]:
    """Return the dates, of the 7 up to *on*, on which a last hour of a shift began that had severity ≥ 3."""
    rows = _week(subject, on).filter(severity__gte=SEVERE, late_ms__gt=0)
    return set(rows.values_list("local_date", flat=True))


def postponed(subject: UUID, zones: Sequence[ZonePeriod], *, since: date, until: date) -> dict[date, int]:
    """Return local date → breaks due on it that were put off, from *since* to *until*."""
    around = (_noon(since) - A_ZONE_APART, _noon(until) + A_ZONE_APART)
    rows = Break.objects.filter(subject=subject, due_at__range=around, postponed_until__isnull=False)
    found: dict[date, int] = {}
    for due_at in rows.values_list("due_at", flat=True):
        on = day_of(zones, due_at).date
        if since <= on <= until:
            found[on] = found.get(on, 0) + 1
    return found


def dates_before(
    subject: UUID, known: Mapping[tuple[date, int], Spent], *, on: date
) -> dict[tuple[date, int], Spent]:
    """Return what was shown on the dates that a flag of *on* may ask for and that lie before all that is *known*."""
    first_known = on - timedelta(days=DAYS_LOOKED_BACK)
    since = on - timedelta(days=DAYS_ASKED)
    return {
        key: spent
        for key, spent in dates(subject, since=since, until=first_known).items()
        if key not in known
    }


def dates(subject: UUID, *, since: date, until: date) -> dict[tuple[date, int], Spent]:
    """Return (local date, severity) → what was shown then, both dates included."""
    rows = DaySum.objects.filter(subject=subject, local_date__gte=since, local_date__lte=until)
    names = ("local_date", "severity", "shown_ms", "cases", "load_units", "units_at_one")
    return {(on, severity): Spent(*shown) for on, severity, *shown in rows.values_list(*names)}


def reveals(subject: UUID, *, since: datetime, until: datetime) -> Reveals:
    """Return how many cases of severity ≥ 3 were shown in a time, and how many of them in full size."""
    rows = Exposure.objects.filter(
        subject=subject, severity__gte=SEVERE, opened_at__gte=since, opened_at__lt=until
    )
    cases = rows.values("case_ref").distinct().count()
    return Reveals(cases, rows.filter(level__in=FULL).values("case_ref").distinct().count())


def _week(subject: UUID, on: date) -> QuerySet[DaySum]:
    return DaySum.objects.filter(
        subject=subject, local_date__gt=on - timedelta(days=WEEK), local_date__lte=on
    )


def _noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
