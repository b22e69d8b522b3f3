"""The severity-4 cases of a person that were closed after they were seen so that a rest follows, and what the next one costs."""

from datetime import timedelta
from uuid import UUID

from wellbeing.core.person import Person
from wellbeing.core.rules import breaks
from wellbeing.core.rules.breaks import CLUSTER_WINDOW, Cause, is_cluster
from wellbeing.core.rules.parts import shift_began_at
from wellbeing.models import SevereClose


def would_be_third(person: Person, case_ref: UUID) -> bool:
    """Say whether this case, closed now, would ask for a long rest, which is asked for so often a shift; two queries."""
    at = person.at
    closes = SevereClose.objects.filter(subject=person.subject)
    recent = closes.filter(at__gt=at - CLUSTER_WINDOW).values_list("case_ref", "at")
    worked = {quarter for quarter, _ in person.rows.spent}
    since = shift_began_at(worked, at, day=person.day, parts=person.binding.shifts) or at
    before = closes.filter(is_cluster=True, at__gte=since).count()
    return is_cluster([*recent, (case_ref, at)], at=at, before=before)


def rest_ahead(person: Person, case_ref: UUID) -> timedelta:
    """Return how long a rest follows this case of severity 4 if it is seen clearer than its shield, and closed now."""
    rest = breaks.asked(person.limits, person.counters, Cause.COLOUR)
    if would_be_third(person, case_ref):
        rest = rest.and_also(breaks.asked(person.limits, person.counters, Cause.CLUSTER))
    return rest.length
