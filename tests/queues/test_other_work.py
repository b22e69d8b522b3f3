"""Other paid work and wellness time: no queue work, no break, and nobody's but the person's.

Seen red without ``tickets.drop`` (a case came to somebody who read policy), without ``_is_due`` (other work was refused
where a break was due), and without ``_keep_to_the_wellness_time`` (an hour stood as wellness time).
"""

from datetime import timedelta

import pytest

from people.models import User
from queues.exceptions import OnBreak
from queues.models import Claim, ClaimState, Queue, Ticket
from queues.selectors import desk_state
from queues.services import desk, other_work
from tests.cast import T0, subject_of
from tests.queues.work import (
    MINUTE,
    SECOND,
    a_case_comes_in,
    act,
    asks,
    beats_until,
    gets,
    has_worked,
    settles,
    shows,
)
from wellbeing.core.rules.presence import Activity
from wellbeing.core.selectors.wellness import wellness_time
from wellbeing.my_day.selectors.today import my_day

pytestmark = pytest.mark.django_db


def goes_to(user: User, activity: Activity = Activity.READING_POLICY, at=T0 + SECOND) -> None:
    other_work.do_other_work(subject=subject_of(user), activity=activity, at=at, beating=True)


def comes_back(user: User, at) -> Claim | None:
    return other_work.back_to_the_queue(subject=subject_of(user), at=at, beating=True)


def state(user: User, at) -> str:
    return desk_state(subject_of(user), at).kind


def test_who_waits_may_do_something_else_and_is_handed_nothing(alice: User, photos: Queue) -> None:
    asks(alice)
    goes_to(alice)
    a_case_comes_in(photos, at=T0 + 2 * SECOND)
    seen = desk_state(subject_of(alice), T0 + 3 * SECOND)
    assert (seen.kind, seen.person.other_work) == ("other_work", "reading_policy")
    assert not Ticket.objects.exists()


def test_the_case_in_hand_is_covered_and_waits_ten_minutes(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    shows(claim)
    goes_to(alice)
    claim.refresh_from_db()
    assert claim.state == ClaimState.PARKED
    assert desk_state(subject_of(alice), T0 + SECOND).exposure is None
    assert comes_back(alice, T0 + 9 * MINUTE) == claim


def test_after_that_the_case_goes_to_others(alice: User, amina: User, photos: Queue) -> None:
    job = a_case_comes_in(photos)
    gets(alice)
    goes_to(alice)
    desk.catch_up(subject=subject_of(alice), at=T0 + 11 * MINUTE)
    settles(T0 + 11 * MINUTE)
    assert state(alice, T0 + 11 * MINUTE) == "other_work"
    assert gets(amina, T0 + 11 * MINUTE).job_id == job.pk


def test_one_may_change_over_and_come_back_with_nothing_there(alice: User, photos: Queue) -> None:
    asks(alice)
    goes_to(alice)
    goes_to(alice, Activity.PEER_TALK, T0 + MINUTE)
    assert desk_state(subject_of(alice), T0 + MINUTE).person.other_work == "peer_talk"
    assert comes_back(alice, T0 + 2 * MINUTE) is None
    assert state(alice, T0 + 2 * MINUTE) == "waiting"


def test_it_opens_a_desk_that_was_closed(alice: User) -> None:
    goes_to(alice, Activity.TRAINING)
    assert state(alice, T0 + SECOND) == "other_work"


def test_other_work_is_no_break_however_long(alice: User, photos: Queue) -> None:
    asks(alice)
    has_worked(alice, 49)
    goes_to(alice)
    at = T0 + 20 * MINUTE
    comes_back(alice, at)
    desk.catch_up(subject=subject_of(alice), at=at)
    beats_until(alice, at, at + 70 * SECOND)
    assert state(alice, at + 70 * SECOND) == "break"


def test_a_break_that_is_due_begins_instead(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    has_worked(alice, 60)
    goes_to(alice)
    claim.refresh_from_db()
    assert (state(alice, T0 + SECOND), claim.state) == ("break", ClaimState.PARKED)
    with pytest.raises(OnBreak):
        goes_to(alice, at=T0 + MINUTE)


def test_all_of_it_is_working_time(alice: User) -> None:
    other_work.do_other_work(subject=subject_of(alice), activity=Activity.NOTHING, at=T0, beating=False)
    desk.sign_out(subject=subject_of(alice), at=T0 + 30 * MINUTE)
    assert my_day(subject_of(alice), T0 + 30 * MINUTE).working == 30 * MINUTE


# ── wellness time ────────────────────────────────────────────────────────────────────────────────────────────────


def takes_wellness_time(user: User, at) -> None:
    other_work.take_wellness_time(subject=subject_of(user), at=at)


def test_wellness_time_is_moved_as_one_likes(alice: User) -> None:
    asks(alice)
    for begin, end in [(0, 20), (60, 75)]:
        takes_wellness_time(alice, T0 + begin * MINUTE)
        desk.return_from_break(subject=subject_of(alice), at=T0 + end * MINUTE, beating=False)
    assert wellness_time(subject_of(alice), at=T0 + 80 * MINUTE).left == 10 * MINUTE


def test_beyond_it_one_is_simply_away(alice: User) -> None:
    asks(alice)
    takes_wellness_time(alice, T0)
    told = wellness_time(subject_of(alice), at=T0 + 50 * MINUTE)
    assert (told.left, told.until) == (timedelta(0), T0 + 45 * MINUTE)
    desk.return_from_break(subject=subject_of(alice), at=T0 + 60 * MINUTE, beating=False)
    lasted = {line.kind: line.lasted for line in my_day(subject_of(alice), T0 + 60 * MINUTE).presence}
    assert (lasted["wellness"], lasted["away"]) == (45 * MINUTE, 15 * MINUTE)
    takes_wellness_time(alice, T0 + 61 * MINUTE)
    assert not desk_state(subject_of(alice), T0 + 61 * MINUTE).person.is_wellness_time


def test_the_next_day_has_its_own(alice: User) -> None:
    asks(alice)
    takes_wellness_time(alice, T0)
    desk.return_from_break(subject=subject_of(alice), at=T0 + 60 * MINUTE, beating=False)
    assert wellness_time(subject_of(alice), at=T0 + timedelta(days=1)).left == 45 * MINUTE


def test_nothing_is_handed_out_meanwhile_and_the_case_waits(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos)
    claim = gets(alice)
    takes_wellness_time(alice, T0 + SECOND)
    with pytest.raises(OnBreak):
        desk.show(**act(claim, T0 + 2 * SECOND), level="grey", beating=True)
    assert desk_state(subject_of(alice), T0 + 2 * SECOND).kind == "break"
    assert desk.return_from_break(subject=subject_of(alice), at=T0 + 5 * MINUTE, beating=True) == claim
