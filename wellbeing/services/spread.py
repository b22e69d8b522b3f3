"""A severe case that somebody gave back counts, for evening out alone, as if they had done it (promise P8)."""

from uuid import UUID

from wellbeing.core.locked import Locked
from wellbeing.models import Exposure
from wellbeing.rules.spread import left_to_count
from wellbeing.selectors.spread import given_back
from wellbeing.services import ledger


def count_given_back(held: Locked, *, case_ref: UUID, expected_seconds: int) -> None:
    """Count a case for its expected seconds, what was shown of it today among them."""
    day = held.day
    rows = Exposure.objects.filter(subject=held.subject, case_ref=case_ref, opened_at__gte=day.start)
    shown_ms = dict(rows.values_list("pk", "shown_ms"))
    shown_ms |= {pk: row.shown_ms for pk, row in held.unwritten.exposures.items() if pk in shown_ms}
    more = left_to_count(expected_ms=expected_seconds * 1000, shown_ms=sum(shown_ms.values()))
    held.state.given_back_ms = given_back(held.state, day.date) + more
    held.state.given_back_on = day.date
    ledger.keep(held)
