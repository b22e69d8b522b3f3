"""What a decision and the next case cost together, from the lock to the audit row.

Seen red with each of these read or written on its own, as they were: 15 and 36 statements.
"""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moderation.services import decisions
from people.models import User
from queues.models import Queue
from queues.services import claims
from tests.cast import T0, subject_of
from tests.moderation.judging import a_case, a_category, an_item
from tests.queues.work import SECOND, a_case_comes_in, gets, shows

pytestmark = pytest.mark.django_db
MARKS = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        act()
    return len([one for one in seen.captured_queries if not one["sql"].startswith(MARKS)])


def test_a_decision_and_the_next_case(alice: User, photos: Queue) -> None:
    a_category("VIO_ASSAULT", 2)
    for number in range(2):
        case = a_case(photos)
        an_item(case, sha256=f"{number:064x}")
        a_case_comes_in(photos, case_ref=case.id, category="VIO_ASSAULT")
    claim, subject = gets(alice), subject_of(alice)
    shows(claim, at=T0 + SECOND)

    def decide_and_go_on() -> None:
        decisions.decide(
            subject=subject,
            claim_id=claim.id,
            fence=claim.fence,
            decision_id=uuid.uuid4(),
            categories=["VIO_ASSAULT"],
            action="remove",
            rationale="Someone is hit.",
            worse=None,
            at=T0 + 2 * SECOND,
        )
        assert claims.claim_next(subject=subject, at=T0 + 3 * SECOND, beating=True) is not None

    # With audit, outbox, draft, the ledger of what was shown (by quarter and by date) and a verdict on the file.
    assert statements(decide_and_go_on) <= (20 if connection.vendor == "postgresql" else 27)
