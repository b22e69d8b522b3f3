"""The database itself refuses to change or remove what was recorded."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.models import AuditRow
from audit.rules.telling import last_full_quarter
from audit.selectors import told_of, verify
from tests.audit.steps import run, seal_all, write
from tests.cast import T0

TABLES = ["audit_auditrow", "audit_auditseal", "audit_auditcheckpoint"]


def refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(sql)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "column"), [(TABLES[0], "reason"), (TABLES[1], "digest"), (TABLES[2], "digest")]
)
def test_an_update_is_refused(table: str, column: str):
    write(1)
    seal_all()
    refused(f"UPDATE {table} SET {column} = 'other'")


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_a_delete_is_refused(table: str):
    write(1)
    seal_all()
    refused(f"DELETE FROM {table}")


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_replacing_a_row_is_refused(table: str):
    write(1)
    seal_all()
    if connection.vendor == "postgresql":
        key = "sequence" if table == "audit_auditseal" else "id"
        clash = f"ON CONFLICT ({key}) DO UPDATE SET {key} = EXCLUDED.{key}"
        refused(f"INSERT INTO {table} SELECT * FROM {table} {clash}")
    else:
        refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_emptying_a_table_is_refused(table: str):
    write(1)
    seal_all()
    connection.check_constraints()
    # SQLite has no TRUNCATE; its DELETE without a condition is the same shortcut.
    refused(f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_the_guard_stands_again_after_the_flush_of_a_committing_test(turn: str):
    assert not AuditRow.objects.exists()
    write(1)
    seal_all()
    for table in TABLES:
        refused(f"DELETE FROM {table}")


@pytest.mark.django_db
def test_the_orm_meets_the_same_guard():
    write(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditRow.objects.update(reason="other")


@pytest.mark.django_db
def test_the_command_prints_the_count_and_the_public_key(capsys):
    write(3)
    seal_all()
    call_command("verify_audit")
    out = capsys.readouterr().out
    assert out.startswith("3 audit rows hold, 3 of them under a signed checkpoint")
    assert "Ed25519" in out


@pytest.mark.django_db
def test_the_command_counts_nothing_of_this_quarter_of_an_hour(capsys):
    """Each decision writes a row: run each second, the number would tell who decides when. Seen red without ``told_of``."""
    write(3)
    seal_all()
    now = timezone.now()
    for number in range(4):
        call_command("verify_audit")
        write(2, at=now)
        if number % 2:
            seal_all(at=now)
    told = set(capsys.readouterr().out.splitlines())
    counts = [line for line in told if "audit rows hold" in line]
    assert counts == ["3 audit rows hold, 3 of them under a signed checkpoint; 0 wait for their seal."]


@pytest.mark.django_db
@pytest.mark.parametrize(("minute", "quarter"), [(0, 0), (14, 0), (15, 15), (59, 45)])
def test_rows_are_told_of_until_the_last_full_quarter(minute, quarter):
    write(1, at=T0.replace(minute=quarter) - timedelta(microseconds=1))
    write(5, at=T0.replace(minute=quarter))
    seal_all()
    before = last_full_quarter(T0.replace(minute=minute, second=59))
    assert (told_of(verify(), before=before).count, verify().count) == (1, 6)


@pytest.mark.django_db
def test_the_command_names_the_first_broken_link_and_exits_with_1():
    from tests.append_only import guard_down

    write(3)
    seal_all()
    guard_down()
    run("UPDATE audit_auditrow SET reason = 'other'")
    with pytest.raises(CommandError, match="link 1") as error:
        call_command("verify_audit")
    assert error.value.returncode == 1


@pytest.mark.django_db
def test_verifying_takes_the_same_queries_for_few_and_for_many(django_assert_num_queries):
    write(20)
    seal_all()
    with django_assert_num_queries(4):
        verify()
