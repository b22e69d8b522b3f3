"""What has become late goes back once, behind what can still be in time.

Seen red without the step in ``sweep.STEPS``, without the lower bound of the due time (it went back again and again), and
without the state in ``late._late``.
"""

from datetime import datetime, timedelta

import pytest

from people.models import User
from queues.models import Job, Queue
from queues.rules.order import LATE_WAITS
from queues.services import tallies
from queues.services.late import put_back_next
from queues.services.sweep import STEPS, put_back_what_is_late
from tests.cast import T0
from tests.queues.work import MINUTE, a_case_comes_in, gets

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def late(photos: Queue) -> Job:
    return _comes_in(photos, T0 - MINUTE)


def _comes_in(photos: Queue, due_at: datetime | None) -> Job:
    job = a_case_comes_in(photos, severity=2, due_at=due_at)
    while tallies.fold_next():
        pass
    return job


def place(job: Job) -> int:
    return Job.objects.values_list("sort_key", flat=True).get(pk=job.pk)


def test_it_comes_behind_what_can_still_be_in_time(photos: Queue, alice: User, late: Job) -> None:
    in_time = _comes_in(photos, T0 + HOUR)
    assert put_back_next(T0)
    assert gets(alice).job_id == in_time.pk


def test_where_nothing_else_waits_it_comes(alice: User, late: Job) -> None:
    put_back_next(T0)
    assert gets(alice).job_id == late.pk


def test_it_goes_back_once(late: Job) -> None:
    before = place(late)
    assert put_back_next(T0)
    assert place(late) == before + LATE_WAITS // timedelta(milliseconds=1)
    assert not put_back_next(
        T0 - MINUTE / 2 + LATE_WAITS
    )  # its turn has come again, in the quarter in which it was due
    assert not any(put_back_next(T0 + hours * HOUR) for hours in range(48))


@pytest.mark.parametrize("due_at", [None, T0, T0 + MINUTE, T0 - LATE_WAITS - MINUTE])
def test_what_is_not_late_or_late_for_long_keeps_its_place(photos: Queue, due_at: datetime | None) -> None:
    job = _comes_in(photos, due_at)
    before = place(job)
    assert not put_back_next(T0)
    assert place(job) == before


def test_what_somebody_has_in_hand_keeps_its_place(alice: User, late: Job) -> None:
    gets(alice)
    before = place(late)
    assert not put_back_next(T0)
    assert place(late) == before


def test_it_is_a_step_of_the_sweep() -> None:
    assert put_back_what_is_late in STEPS
