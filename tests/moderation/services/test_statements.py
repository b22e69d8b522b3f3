"""What a decision and the next case cost together, shown and told to the page, from the lock to the audit row."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moderation.services.decisions import Said, decide_and_go_on
from people.models import User
from queues.models import Queue
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

    def goes_on() -> None:
        said = Said(claim.id, claim.fence, uuid.uuid4(), ["VIO_ASSAULT"], "remove", "Someone is hit.")
        state = decide_and_go_on(subject=subject, said=said, at=T0 + 2 * SECOND, beating=True)
        assert state.exposure is not None

    # With audit, outbox, draft, the ledger of what was shown (by quarter and by date), a verdict on the file, the next case
    # on the stage, and what the page says of it. It was 28 in three transactions and a reading.
    assert statements(goes_on) <= (11 if connection.vendor == "postgresql" else 25)
