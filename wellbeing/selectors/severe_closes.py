"""The severity-4 cases of a person that were closed after they were seen so that a rest follows, and what the next one costs."""

from datetime import datetime, timedelta
from uuid import UUID

from wellbeing.models import SevereClose
from wellbeing.rules import breaks
from wellbeing.rules.breaks import CLUSTER_WINDOW, Cause, is_cluster
from wellbeing.rules.limits import Counters
from wellbeing.rules.parts import shift_began_at
from wellbeing.selectors.desk import Glance
from wellbeing.selectors.facts import Facts, counters_of, facts_in


def would_be_third(subject: UUID, case_ref: UUID, *, facts: Facts, at: datetime) -> bool:
    """Say whether this case, closed at *at*, would ask for a long rest, which is asked for so often a shift; two queries."""
    closes = SevereClose.objects.filter(subject=subject)
    recent = closes.filter(at__gt=at - CLUSTER_WINDOW).values_list("case_ref", "at")
    worked = {quarter for quarter, _ in facts.ledger.spent}
    since = shift_began_at(worked, at, day=facts.day, parts=facts.shifts) or at
    before = closes.filter(is_cluster=True, at__gte=since).count()
    return is_cluster([*recent, (case_ref, at)], at=at, before=before)


def rest_ahead(seen: Glance, subject: UUID, case_ref: UUID) -> timedelta:
    """Return how long a rest follows this case of severity 4 if it is seen clearer than its shield, and closed now."""
    facts, at = facts_in(seen.found, at=seen.now), seen.now
    counters = counters_of(seen.found.state) if seen.found.state else Counters()
    rest = breaks.asked(facts.limits, counters, Cause.COLOUR)
    if would_be_third(subject, case_ref, facts=facts, at=at):
        rest = rest.and_also(breaks.asked(facts.limits, counters, Cause.CLUSTER))
    return rest.length
