"""A severe case that somebody gave back counts, for evening out alone, as if they had done it (promise P8)."""

from uuid import UUID

from wellbeing.core.locked import Locked
from wellbeing.core.services import ledger
from wellbeing.limits.rules.spread import left_to_count
from wellbeing.limits.selectors.spread import given_back
from wellbeing.models import Exposure


def count_given_back(locked: Locked, *, case_ref: UUID, expected_seconds: int) -> None:
    """Count a case for its expected seconds, what was shown of it today among them."""
    day = locked.day
    rows = Exposure.objects.filter(subject=locked.subject, case_ref=case_ref, opened_at__gte=day.start)
    shown_ms = dict(rows.values_list("pk", "shown_ms"))
    shown_ms |= {pk: row.shown_ms for pk, row in locked.unwritten.exposures.items() if pk in shown_ms}
    more = left_to_count(expected_ms=expected_seconds * 1000, shown_ms=sum(shown_ms.values()))
    locked.state.given_back_ms = given_back(locked.state, day.date) + more
    locked.state.given_back_on = day.date
    ledger.keep(locked)
