"""How many statements a case costs. Transaction marks (BEGIN, SAVEPOINT, …) are not counted."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import User
from queues.models import Claim, Queue
from queues.selectors import desk_state
from queues.services import claims, desk
from tests.cast import T0, subject_of
from tests.queues.work import SECOND, a_case_comes_in, asks, finishes, gets, shows
from wellbeing.core.selectors.stage import OnStage

pytestmark = pytest.mark.django_db
MARKS = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        act()
    return len([one for one in seen.captured_queries if not one["sql"].startswith(MARKS)])


@pytest.fixture
def at_work(alice: User, photos: Queue) -> User:
    """A person in the middle of their work: desk open, one case decided, more waiting in several lanes."""
    for number in range(12):
        a_case_comes_in(photos, severity=number % 3, language="en")
    finishes(gets(alice), at=T0 + SECOND)
    return alice


def caps(*, postgresql: int, sqlite: int) -> int:
    """PostgreSQL takes several changes in one statement; SQLite has no round trip to spare."""
    return postgresql if connection.vendor == "postgresql" else sqlite


def test_taking_a_case_and_closing_it(at_work: User) -> None:
    """Lock, person, their rows, how they stand, pick, claim, and one writing of all that changed."""
    subject = subject_of(at_work)
    at = T0 + 2 * SECOND
    assert statements(lambda: claims.claim_next(subject=subject, at=at, beating=True)) <= 7
    claim = gets(at_work, at)
    assert statements(lambda: finishes(claim, at=at + SECOND)) <= caps(postgresql=7, sqlite=8)


def test_finding_nothing(alice: User, photos: Queue) -> None:
    asks(alice)
    assert statements(lambda: asks(alice, T0 + SECOND)) <= 7


def test_showing_a_case_and_a_beat(at_work: User) -> None:
    """Of a beat: lock, person, their rows, the claim, its lease, and one writing (four rows on SQLite)."""
    claim = gets(at_work, T0 + 2 * SECOND)
    assert statements(lambda: shows(claim, at=T0 + 3 * SECOND)) <= caps(postgresql=10, sqlite=12)
    shown = shows(claim, at=T0 + 3 * SECOND)
    subject = subject_of(at_work)
    assert statements(lambda: beat(subject, claim, shown)) <= caps(postgresql=6, sqlite=10)


def beat(subject: UUID, claim: Claim, shown: OnStage) -> None:
    desk.beat(subject=subject, claim_id=claim.id, exposure_id=shown.id, holding=False, at=T0 + 8 * SECOND)


def test_a_page_reads_its_desk(at_work: User) -> None:
    gets(at_work, T0 + 2 * SECOND)
    subject = subject_of(at_work)
    assert statements(lambda: desk_state(subject, T0 + 3 * SECOND)) <= 3


def test_the_number_does_not_grow_with_lanes_or_jobs(at_work: User, photos: Queue) -> None:
    subject = subject_of(at_work)

    def takes(at: datetime) -> int:
        return statements(lambda: claims.claim_next(subject=subject, at=at, beating=True))

    few = takes(T0 + 2 * SECOND)
    finishes(gets(at_work, T0 + 2 * SECOND), at=T0 + 3 * SECOND)
    for number in range(40):
        a_case_comes_in(photos, category=f"OWN_{number}")
    assert takes(T0 + 4 * SECOND) == few
