"""What one statement reads is what the tables hold; what one statement writes is written once.

Seen red with ``datetime.fromisoformat`` alone in ``instant`` (SQLite's instants lost that they are UTC), with the
values of all parts merged without a look (a second sum took the first one's place), and with the rows read before
the lock (``wellbeing.core.locked``, on PostgreSQL). What ``undoable`` undoes, without ROLLBACK TO, without
``set_rollback`` and with the hooks of the transaction left as they were.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import AuditPending, AuditRow
from audit.services import IN_LINE, ROW, recorded
from people.exceptions import TwoValues
from people.models import Mark, Skill, TeamMembership, User
from people.selectors import profile_of, worker_of, zones_of
from people.statements import Statement, change_all, change_together, undoable
from queues.models import Queue
from queues.services import claims
from tests.cast import T0, a_team, a_user, subject_of
from tests.queues.work import SECOND, a_case_comes_in, at_once, gets, shows
from wellbeing.core.person import read_person
from wellbeing.core.rules.limits import Counters
from wellbeing.core.services import locking
from wellbeing.models import Exposure, ExposureSum, PersonState, Presence

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
            locking.hold(subject=subject, at=T0 + 6 * SECOND)

    at_once(*[settles] * 8)
    assert ExposureSum.objects.get(subject=subject).shown_ms == 5000
    assert PersonState.objects.get(pk=subject).severe_ms == 5000


# ── what is undone ───────────────────────────────────────────────────────────────────────────────────────────────

STAMPED = Statement("INSERT INTO people_mark (key, stamp) VALUES (%(key)s, '')")


class Moved(Exception):
    """What a block may raise."""


def undone(*steps: Callable[[], object]) -> None:
    """Take these steps in a block that is undone."""
    with undoable(Moved):
        for step in steps:
            step()
        raise Moved


def stamp(*keys: str) -> None:
    """Write these, in a block that is undone where one is there already."""
    with undoable(IntegrityError):
        for key in keys:
            STAMPED.change(key=key)


def stamped() -> set[str]:
    return set(Mark.objects.filter(stamp="").values_list("key", flat=True))


def test_what_a_block_has_written_is_undone_and_what_stood_before_stays() -> None:
    with transaction.atomic():
        STAMPED.change(key="before")
        with pytest.raises(Moved):
            undone(lambda: STAMPED.change(key="in it"), Mark.objects.filter(key="before").delete)
        STAMPED.change(key="after")
    assert stamped() == {"before", "after"}


def test_a_statement_that_is_refused_leaves_the_transaction_as_it_was_before_the_block() -> None:
    with transaction.atomic():
        STAMPED.change(key="before")
        for first in ("in it", "before"):
            with pytest.raises(IntegrityError):
                stamp(first, "before")
        STAMPED.change(key="after")
    assert stamped() == {"before", "after"}


def test_a_row_that_a_model_may_not_save_is_undone_alike() -> None:
    with transaction.atomic():
        Mark(key="before", stamp="").save(force_insert=True)
        with pytest.raises(IntegrityError), undoable(IntegrityError):
            Mark(key="before", stamp="").save(force_insert=True)
        assert stamped() == {"before"}


def test_what_a_block_has_written_stays_where_it_raises_nothing() -> None:
    with transaction.atomic(), undoable(Moved):
        STAMPED.change(key="first")
        assert Mark.objects.filter(key="first").update(stamp="") == 1
        STAMPED.change(key="second")
    assert stamped() == {"first", "second"}


def test_a_block_that_asks_for_nothing_has_nothing_to_undo() -> None:
    with transaction.atomic():
        STAMPED.change(key="before")
        with pytest.raises(Moved):
            undone()
    assert stamped() == {"before"}


def test_of_what_is_undone_nothing_is_done_after_the_commit(django_capture_on_commit_callbacks) -> None:
    done: list[str] = []
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        transaction.on_commit(lambda: done.append("before"))
        with pytest.raises(Moved):
            undone(
                lambda: transaction.on_commit(lambda: done.append("in it")),
                lambda: STAMPED.change(key="in it"),
            )
        transaction.on_commit(lambda: done.append("after"))
    assert done == ["before", "after"]


RECORD, RECORD_IN_LINE = Statement(ROW, keeps_id=True), Statement(IN_LINE)


def test_a_row_s_id_is_told_to_the_statement_that_goes_with_it() -> None:
    with transaction.atomic():
        facts = recorded(actor="system", action="x", target_kind="y", target_id="z", at=T0, detail={"a": [1]})
        change_all([(STAMPED, {"key": "beside"}), (RECORD, facts), (RECORD_IN_LINE, {})])
        row = AuditRow.objects.get(action="x")
    assert (row.actor, row.target_kind, row.target_id, row.at) == ("system", "y", "z", T0)
    assert (row.detail, row.reason) == ({"a": [1]}, "")
    assert AuditPending.objects.filter(row=row).exists()
