"""How severe cases were shared in a queue: the last full week, everybody who works there, nobody by name.

Seen red with the week that runs, with mild cases counted, and without those who had none.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Team, TeamMembership, User
from queues.models import Claim, ClaimState, Queue
from queues.rules.sharing import Share
from queues.selectors.sharing import SharedQueue, last_full_week, shared_queues
from tests import cast
from tests.cast import T0
from tests.queues.work import SECOND, a_case_comes_in

DAY = timedelta(days=1)
MONDAY = T0.replace(hour=0)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ten(north: Team) -> list[User]:
    people = [cast.a_user(f"person{number}", "moderator", team=north) for number in range(10)]
    TeamMembership.objects.update(effective_from=T0 - 30 * DAY)
    return people


def decided(user: User, queue: Queue, count: int, *, at=MONDAY - DAY, severity: int = 3) -> None:
    """The person decided so many cases of a severity."""
    for number in range(count):
        job = a_case_comes_in(queue, severity=severity)
        Claim.objects.create(
            job=job,
            subject=cast.subject_of(user),
            fence=number,
            state=ClaimState.CLOSED,
            closed_reason="decided",
            claimed_at=at,
            lease_until=at,
            closed_at=at,
        )


def shared(at=T0) -> SharedQueue:
    (found,) = shared_queues(at)
    return found


def test_a_week_is_the_last_full_one() -> None:
    assert last_full_week(T0) == (MONDAY - 7 * DAY, MONDAY)
    assert last_full_week(MONDAY + 7 * DAY - SECOND) == (MONDAY - 7 * DAY, MONDAY)
    assert last_full_week(MONDAY + 7 * DAY) == (MONDAY, MONDAY + 7 * DAY)


def test_who_had_none_is_counted_and_nobody_is_named(ten: list[User], photos: Queue) -> None:
    for user in ten[:6]:
        decided(user, photos, 2)
    assert shared().shares == [Share(5, 85), Share(5, 15)]


def test_mild_ones_and_those_of_another_week_and_queue_do_not_count(ten: list[User], photos: Queue) -> None:
    other = cast.a_queue(platform=cast.a_platform("Umbra"), name="Posts")
    for user in ten:
        decided(user, photos, 1)
    decided(ten[0], photos, 20, severity=2)
    decided(ten[0], photos, 20, at=MONDAY)
    decided(ten[0], photos, 20, at=MONDAY - 7 * DAY - SECOND)
    decided(ten[0], other, 20)
    line = next(one for one in shared_queues(T0) if one.name == photos.name)
    assert line.shares == [Share(5, 50), Share(5, 50)]


def test_of_a_team_of_nine_nothing_is_told(ten: list[User], photos: Queue) -> None:
    decided(ten[0], photos, 20)
    assert shared().shares
    User.objects.filter(pk=ten[9].pk).update(is_active=False)
    assert shared().shares == []


def test_what_happens_this_week_changes_nothing_that_is_told(ten: list[User], photos: Queue) -> None:
    for user in ten[:5]:
        decided(user, photos, 3)
    before = shared()
    decided(ten[9], photos, 9, at=T0)
    assert shared(T0 + 5 * DAY) == before


def test_the_same_queries_for_any_number_of_people(ten: list[User], photos: Queue) -> None:
    decided(ten[0], photos, 9)
    with CaptureQueriesContext(connection) as seen:
        shared()
    assert len(seen.captured_queries) == 4
