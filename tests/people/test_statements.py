"""What one statement reads is what the tables hold; what one statement writes is written once.

Seen red with ``datetime.fromisoformat`` alone in ``instant`` (SQLite's instants lost that they are UTC), with the
values of all parts merged without a look (a second sum took the first one's place), and with the rows read before
the lock (``wellbeing.services.person._locked``, on PostgreSQL).
"""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from people.exceptions import TwoValues
from people.models import Skill, TeamMembership, User
from people.selectors import profile_of, worker_of, zones_of
from people.statements import Statement, change_all, change_together
from queues.models import Queue
from queues.services import claims
from tests.cast import T0, a_team, a_user, subject_of
from tests.queues.work import SECOND, a_case_comes_in, at_once, gets, shows
from wellbeing.core.person import read_person
from wellbeing.models import Exposure, ExposureSum, PersonState, Presence
from wellbeing.rules.limits import Counters
from wellbeing.services import person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ADD = Statement("UPDATE people_team SET name = %(name)s WHERE id = %(id)s")
RENAME = Statement("UPDATE people_user SET display_name = %(name)s WHERE id = %(user)s")


def test_a_person_is_what_the_tables_hold(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=3)
    shows(gets(alice), level="grey", at=T0 + SECOND)
    subject = subject_of(alice)
    found = read_person(subject, at=T0 + SECOND)
    for row in (found.state, found.exposure, found.presence):
        assert row is not None
        stored = type(row)._default_manager.get(pk=str(row.pk))
        names = [field.attname for field in row._meta.concrete_fields]
        assert [getattr(row, name) for name in names] == [getattr(stored, name) for name in names]
    sums = ExposureSum.objects.filter(subject=subject)
    assert {(one.quarter_at, one.severity): one.cases for one in sums} == {
        key: spent.cases for key, spent in found.rows.spent.items()
    }
    assert (Exposure.objects.count(), Presence.objects.filter(closed_at=None).count()) == (1, 1)


def test_a_person_without_rows_is_as_they_would_begin_now(db: None) -> None:
    found = read_person(uuid4(), at=T0)
    assert (found.exposure, found.open_break, found.presence, found.rev) == (None,) * 3 + (0,)
    assert (found.at, found.counters, found.rows.spent) == (T0, Counters(), {})
    assert not found.profile.is_active


def test_a_profile_is_what_people_hold() -> None:
    user = a_user("zoe", "moderator", team=a_team(), skills=("senior", "lang:fr"), zone="Asia/Kathmandu")
    Skill.objects.create(user=user, code="lang:nl", added_at=T0)
    subject = subject_of(user)
    profile = profile_of(subject, since=T0 - DAY)
    assert list(profile.zones) == zones_of(subject)
    assert profile.worker(T0) == worker_of(subject, at=T0)
    assert profile.worker(T0).skills == {"senior"}
    assert profile.worker(T0).languages == {"fr", "nl"}
    assert profile.worker(T0 - SECOND).team_id is None
    TeamMembership.objects.filter(user=user).update(effective_until=T0 - 2 * DAY)
    assert not profile_of(subject, since=T0 - DAY).stays


@pytest.mark.postgres  # SQLite runs the parts one by one
def test_values_that_differ_under_one_name_are_refused() -> None:
    with pytest.raises(TwoValues):
        change_together([(ADD, {"id": 1, "name": "North"}), (RENAME, {"user": 1, "name": "Zoe"})])


def test_the_same_text_twice_changes_both_rows(alice: User, amina: User) -> None:
    change_all((RENAME, {"user": user.pk, "name": f"New {user.username}"}) for user in (alice, amina))
    names = User.objects.filter(pk__in=[alice.pk, amina.pk]).values_list("display_name", flat=True)
    assert set(names) == {"New alice", "New amina"}


def test_it_is_told_how_many_rows_each_part_changed(alice: User) -> None:
    nobody = {"id": 0, "name": "x"}
    assert change_together([(RENAME, {"user": alice.pk, "name": "x"}), (ADD, nobody)]) == [1, 0]


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_the_lock_sees_what_the_one_before_left(alice: User, photos: Queue) -> None:
    for _ in range(6):
        a_case_comes_in(photos)
    subject = subject_of(alice)

    def asks() -> object:
        return claims.claim_next(subject=subject, at=T0 + SECOND, beating=True)

    taken = at_once(*[asks] * 6)
    assert len({claim.pk for claim in taken}) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_who_settle_at_once_count_the_same_seconds_once(alice: User, photos: Queue) -> None:
    a_case_comes_in(photos, severity=3)
    shows(gets(alice), level="grey", at=T0 + SECOND)
    subject, gate = subject_of(alice), threading.Barrier(8)

    def settles() -> None:
        connection.ensure_connection()
        gate.wait(10)
        with transaction.atomic():
            person.hold(subject=subject, at=T0 + 6 * SECOND)

    at_once(*[settles] * 8)
    assert ExposureSum.objects.get(subject=subject).shown_ms == 5000
    assert PersonState.objects.get(pk=subject).severe_ms == 5000
