"""What takes a case away from somebody at once: an officer's order, or that they never agreed to its severity."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from wellbeing.core.person import Person
from wellbeing.core.rules.caps import NOTHING_AT_ALL
from wellbeing.models import Measure, MeasureKind

A_DAY = timedelta(days=1)
BY_OFFICER = "officer"
AGREEMENT = "agreement"


def most_ordered(person: Person) -> int | None:
    """Return the highest severity that an officer's orders leave this person now (-1: none); None without an order."""
    caps = [cap.most for cap in person.caps if cap.scope == BY_OFFICER and cap.holds(person.at)]
    return min(caps, default=None)


def must_let_go(person: Person, *, severity: int) -> bool:
    """Say whether a case in hand leaves this person at once now that it has this severity.

    So it does where an officer ordered less, or where they never agreed to it; a limit leaves five minutes to decide.
    """
    caps = [cap for cap in person.caps if cap.scope == BY_OFFICER or cap.name == AGREEMENT]
    return any(cap.most < severity and cap.holds(person.at) for cap in caps)


def rests(person: Person) -> bool:
    """Say whether this is a rest day that an officer ordered."""
    return most_ordered(person) == NOTHING_AT_ALL


def may_rest_today(at: datetime) -> list[UUID]:
    """Return who has a rest day on a local date that *at* may be (no zone is further than a day from UTC)."""
    today = at.astimezone(UTC).date()
    ordered = Measure.objects.filter(kind=MeasureKind.REST_DAY, ended_at__isnull=True)
    near = ordered.filter(from_on__lte=today + A_DAY, until_on__gte=today - A_DAY)
    return list(near.order_by("subject").values_list("subject", flat=True).distinct())
