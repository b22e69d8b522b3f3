"""How tests that really commit can clean up although audit rows, limits and their like are append-only.

Django would empty every table after each of them (DELETE on SQLite, TRUNCATE on PostgreSQL) and fill in the permissions
anew. The triggers refuse that, as they should, and nearly all of the tables are empty. Here, and nowhere in Respite, the
triggers of the tables that have rows are taken away, the rows deleted and the triggers put back, in one transaction. No back
door is left in the schema for it. Those that only move marks, or look at a user who changes, stay: a changed schema is read
again by every connection, and most of these tests leave rows under no other trigger.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import TransactionTestCase

THE_CHAIN = ["audit_auditrow", "audit_auditseal", "audit_auditcheckpoint"]
MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}
"""The same in every database that was just migrated; no test changes them."""
MARKS = "people_mark"
"""Moved by the triggers that stay, also when rows are deleted; so it is emptied last."""


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_audit_guard():
    """Delete what a committing test left, past the guard, and only that."""

    def teardown(self: Any) -> None:
        for alias in self._databases_names(include_mirrors=False):
            empty(connections[alias])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        # Nothing of a connection is changed by this flush: no sequence, and no table that it knows.
        patch.setattr(TransactionTestCase, "_should_reload_connections", lambda _self: False)
        yield


def empty(connection: Any) -> None:
    """Delete every row of every table but MADE_BY_MIGRATE; the sequences go on where they were."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        full = _tables_with_rows(connection, cursor)
        down, up = TRIGGERS_OF[connection.vendor](cursor, full)
        _run(cursor, down)
        _run(cursor, [f"DELETE FROM {table}" for table in (*full, MARKS)])
        _run(cursor, up)


def _tables_with_rows(connection: Any, cursor: Any) -> list[str]:
    """Ask for all of them in one statement."""
    cursor.execute(_which_have_rows(connection.alias))
    return [table for (table,) in cursor.fetchall()]


@cache
def _which_have_rows(alias: str) -> str:
    tables = {*connections[alias].introspection.django_table_names()} - MADE_BY_MIGRATE - {MARKS}
    return " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {t})" for t in sorted(tables))


def _triggers_on_sqlite(cursor: Any, tables: list[str]) -> tuple[list[str], list[str]]:
    """Return what drops the tables' triggers, and what makes them again as they were."""
    cursor.execute(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        " AND name NOT LIKE '%marked' AND name NOT LIKE 'people_user_update%'"
    )
    found = [(name, sql) for name, table, sql in cursor.fetchall() if table in tables]
    return [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found]


def _triggers_on_postgres(cursor: Any, tables: list[str]) -> tuple[list[str], list[str]]:
    """Return what puts the tables' own triggers to sleep, and what wakes them; foreign keys stay awake."""
    cursor.execute(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgname NOT LIKE '%marked%' AND tgname NOT LIKE 'people_user_update%'"
    )
    found = [table for (table,) in cursor.fetchall() if table in tables]
    down, up = ([f"ALTER TABLE {t} {verb} TRIGGER USER" for t in found] for verb in ("DISABLE", "ENABLE"))
    # A table may not be altered while its foreign keys wait to be looked at.
    return down, ["SET CONSTRAINTS ALL IMMEDIATE", *up]


TRIGGERS_OF = {"sqlite": _triggers_on_sqlite, "postgresql": _triggers_on_postgres}


def guard_down() -> None:
    """Take the guard of the audit chain down, as someone who owns the database could."""
    connection = connections["default"]
    connection.check_constraints()
    with connection.cursor() as cursor:
        down, _ = TRIGGERS_OF[connection.vendor](cursor, THE_CHAIN)
        _run(cursor, down)


def _run(cursor: Any, statements: Iterable[str]) -> None:
    for statement in statements:
        cursor.execute(statement)
