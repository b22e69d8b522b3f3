"""P9. All time at the desk counts. Waiting, breaks, reading policy and check-ins are working time in the time record.

Seen red without each of the kinds in ``selectors.one_day.presence_of``, without ``_rested_away`` (a break taken with the desk
closed), and with a break's whole absence in it instead of its length.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from people.models import User
from queues.models import Queue
from queues.services import claims, desk, other_work
from tests.cast import T0, subject_of
from tests.promises.test_p05_a_break_is_a_break import rests
from tests.queues.work import MINUTE, SECOND, a_case_comes_in, beats_until, finishes, gets, has_worked
from tests.web.desk.scene import works_today
from tests.web.lead.office import Office, signs_in
from wellbeing.core.rules.presence import Activity, Kind
from wellbeing.models import Presence
from wellbeing.my_day.selectors.one_day import one_day
from wellbeing.my_day.selectors.today import my_day

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
Did = Callable[[User, datetime], datetime]
"""Something that a person does from an instant on; returns when it is over."""


def waits(user: User, at: datetime) -> datetime:
    claims.claim_next(subject=subject_of(user), at=at, beating=True)
    beats_until(user, at, at + 6 * MINUTE)
    return at + 6 * MINUTE


def reviews(user: User, at: datetime) -> datetime:
    a_case_comes_in(Queue.objects.get(), at=at, severity=1)
    claim = gets(user, at)
    beats_until(user, at, at + 4 * MINUTE, claim)
    finishes(claim, at=at + 4 * MINUTE)
    return at + 4 * MINUTE


def reads_policy(user: User, at: datetime) -> datetime:
    return _works_otherwise(user, at, Activity.READING_POLICY)


def trains(user: User, at: datetime) -> datetime:
    return _works_otherwise(user, at, Activity.TRAINING)


def waits_for_other_work(user: User, at: datetime) -> datetime:
    return _works_otherwise(user, at, Activity.NOTHING)


def _works_otherwise(user: User, at: datetime, activity: Activity) -> datetime:
    other_work.do_other_work(subject=subject_of(user), activity=activity, at=at, beating=True)
    beats_until(user, at, at + 7 * MINUTE)
    other_work.back_to_the_queue(subject=subject_of(user), at=at + 7 * MINUTE, beating=True)
    return at + 7 * MINUTE


def steps_away(user: User, at: datetime) -> datetime:
    desk.step_away(subject=subject_of(user), at=at)
    end = rests(user, at, 3 * MINUTE)
    desk.return_from_break(subject=subject_of(user), at=end, beating=True)
    return end


def takes_wellness_time(user: User, at: datetime) -> datetime:
    other_work.take_wellness_time(subject=subject_of(user), at=at)
    end = rests(user, at, 5 * MINUTE)
    desk.return_from_break(subject=subject_of(user), at=end, beating=True)
    return end


def takes_a_break(user: User, at: datetime) -> datetime:
    end = rests(user, _a_break_begins(user, at), 12 * MINUTE)
    desk.return_from_break(subject=subject_of(user), at=end, beating=True)
    return end


def loses_the_line(user: User, at: datetime) -> datetime:
    claims.claim_next(subject=subject_of(user), at=at, beating=True)
    beats_until(user, at, at)
    beats_until(user, at + 4 * MINUTE, at + 4 * MINUTE)
    return at + 4 * MINUTE


def _a_break_begins(user: User, at: datetime) -> datetime:
    has_worked(user, 50, at=at)
    desk.catch_up(subject=subject_of(user), at=at)
    return at


EVERYTHING: list[Did] = [
    waits,
    reviews,
    reads_policy,
    trains,
    waits_for_other_work,
    steps_away,
    takes_wellness_time,
    takes_a_break,
    loses_the_line,
]


def is_all_of(working: timedelta, span: timedelta, *, acts: int = 1) -> bool:
    """Tell whether a span is working time whole; a beat at an instant that was counted already may add its five seconds."""
    return span <= working <= span + acts * 5 * SECOND


@pytest.fixture
def sat_down(alice: User, photos: Queue) -> User:
    desk.open_desk(subject=subject_of(alice), at=T0, beating=True)
    return alice


@pytest.mark.parametrize("did", EVERYTHING)
def test_whatever_is_done_at_the_desk_is_working_time(sat_down: User, did: Did) -> None:
    end = did(sat_down, T0)
    assert end - T0 >= 3 * MINUTE
    desk.sign_out(subject=subject_of(sat_down), at=end)
    assert is_all_of(my_day(subject_of(sat_down), end + HOUR).working, end - T0)


def test_a_whole_shift_is_told_without_a_gap(sat_down: User) -> None:
    at = T0
    for did in EVERYTHING:
        at = did(sat_down, at)
    desk.sign_out(subject=subject_of(sat_down), at=at)
    day = one_day(subject_of(sat_down), on=T0.date(), at=at + HOUR)
    assert all(before.closed_at == after.opened_at for before, after in pairwise(day.presence))
    assert is_all_of(day.working, at - T0, acts=len(EVERYTHING))
    assert {line.kind for line in day.presence} == set(Kind)


@pytest.mark.parametrize("away", [4 * MINUTE, 10 * MINUTE, 45 * MINUTE])
def test_a_break_taken_with_the_desk_closed_is_paid_for_its_length_and_no_longer(
    sat_down: User, away: timedelta
) -> None:
    beats_until(sat_down, T0, T0 + MINUTE)
    _a_break_begins(sat_down, T0 + MINUTE)
    desk.sign_out(subject=subject_of(sat_down), at=T0 + 2 * MINUTE)
    at = T0 + 2 * MINUTE + away
    paid = MINUTE + min(MINUTE + away, 10 * MINUTE)
    assert is_all_of(my_day(subject_of(sat_down), at).working, paid)
    assert is_all_of(one_day(subject_of(sat_down), on=T0.date(), at=at).working, paid)


def test_time_away_without_a_break_is_nobodys_working_time(sat_down: User) -> None:
    beats_until(sat_down, T0, T0 + MINUTE)
    desk.sign_out(subject=subject_of(sat_down), at=T0 + MINUTE)
    assert is_all_of(my_day(subject_of(sat_down), T0 + HOUR).working, MINUTE)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_page_tells_every_kind_of_it(alice: User, kind: Kind) -> None:
    began = timezone.now() - HOUR
    works_today(alice)
    Presence.objects.create(
        subject=subject_of(alice),
        kind=kind,
        opened_at=began,
        last_beat_at=began,
        closed_at=began + 23 * MINUTE + 7 * SECOND,
    )
    page = Office(signs_in(alice), alice).opens("/my-day/")
    assert "All of it is working time." in page.text
    assert page.text.count("23 min 07 s") >= 2
