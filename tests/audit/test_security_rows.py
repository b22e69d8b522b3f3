"""A flood does not grow the record; what an auditor is told of it holds codes and pseudonyms, to the minute.

Seen red: without the constraint, without SQLite's trigger against a second, with a whole detail told, with the seconds, without
the last full quarter.
"""

import io
import json
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.models import AuditRow
from audit.rules.chain import Link
from audit.rules.security import BOUNDED, DETAILS, told
from audit.selectors import verify
from audit.services import AlreadyRecorded, Unbounded, record, record_once
from tests.audit.steps import run, seal_all
from tests.cast import T0

QUARTER = timedelta(minutes=15)


def refusal(*, at: datetime = T0, actor: str = "stranger", where: str = "desk/") -> AuditRow:
    return record_once(actor=actor, action="door.refused", target_kind="door", target_id=where, at=at)


def rows(*words: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("security_rows", *words, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.django_db
def test_a_quarter_of_an_hour_has_one_row_that_bears_its_beginning() -> None:
    refusal(at=T0 + timedelta(minutes=14, seconds=59))
    for seconds in (0, 1, 899):
        with pytest.raises(AlreadyRecorded):
            refusal(at=T0 + timedelta(seconds=seconds))
    refusal(at=T0 + QUARTER)
    assert list(AuditRow.objects.order_by("id").values_list("at", flat=True)) == [T0, T0 + QUARTER]
    assert seal_all() >= 2
    assert verify().count == 2


@pytest.mark.django_db
def test_another_person_and_another_door_have_rows_of_their_own() -> None:
    refusal()
    refusal(actor="somebody else")
    refusal(where="lead/")
    assert AuditRow.objects.count() == 3


@pytest.mark.django_db
def test_what_is_recorded_each_time_is_not_written_by_this_way_and_has_no_bound() -> None:
    with pytest.raises(Unbounded):
        record_once(actor="a", action="person.link_made", target_kind="person", target_id="b", at=T0)
    for _ in range(2):
        with transaction.atomic():
            record(actor="a", action="person.link_made", target_kind="person", target_id="b", at=T0)
    assert AuditRow.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_write_one_row() -> None:
    gate, lost = Barrier(2), []

    def write() -> None:
        gate.wait()
        try:
            refusal()
        except AlreadyRecorded:
            lost.append(1)
        finally:
            connection.close()

    both = [Thread(target=write) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert (len(lost), AuditRow.objects.count()) == (1, 1)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_replacing_a_row_by_another_of_its_quarter_is_refused() -> None:
    refusal()
    columns = "at, actor, action, target_kind, target_id, detail, reason"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f"INSERT OR REPLACE INTO audit_auditrow ({columns}) SELECT {columns} FROM audit_auditrow")
    assert AuditRow.objects.count() == 1


@pytest.mark.any_database
def test_an_auditor_is_told_codes_and_pseudonyms_to_the_minute() -> None:
    detail = {"zone": "Europe/Brussels", "began_on": "2024-03-04", "skills": ["senior"], "active": True}
    at = datetime(2026, 11, 23, 9, 0, 59, 999, tzinfo=UTC)
    row = told(Link(7, at, "a-subject", "person.created", "person", "a-subject", detail, "because of Ines"))
    assert row == {
        "id": 7,
        "at": "2026-11-23T09:00Z",
        "action": "person.created",
        "actor": "a-subject",
        "target_kind": "person",
        "target_id": "a-subject",
        "detail": {"active": True},
    }


@pytest.mark.any_database
def test_every_bounded_action_is_told() -> None:
    assert set(BOUNDED) <= DETAILS.keys()


@pytest.mark.django_db
def test_the_command_prints_what_is_about_security_until_the_last_full_quarter() -> None:
    now = timezone.now()
    refusal(at=now - QUARTER)
    refusal(at=now)
    with transaction.atomic():
        record(
            actor="a",
            action="person.deactivated",
            target_kind="person",
            target_id="b",
            at=now - QUARTER,
            reason="Ines left",
        )
        record(actor="a", action="record.read", target_kind="person", target_id="b", at=now - QUARTER)
        record(
            actor="a", action="sign_in.done", target_kind="person", target_id="a", at=now - timedelta(days=8)
        )
    assert [row["action"] for row in rows()] == ["door.refused", "person.deactivated"]
    assert "Ines" not in str(rows())
    since = (now - timedelta(days=9)).date().isoformat()
    assert [row["action"] for row in rows("--since", since)] == [
        "door.refused",
        "person.deactivated",
        "sign_in.done",
    ]


@pytest.mark.django_db
def test_a_since_that_is_no_date_is_refused() -> None:
    with pytest.raises(CommandError, match="--since"):
        rows("--since", "yesterday")
