"""How tests that really commit can clean up although audit rows, limits and their like are append-only.

Django's flush empties every table (DELETE on SQLite, TRUNCATE on PostgreSQL), which the triggers refuse,
as they should. Here, and nowhere in Respite, a flush takes the guard down and puts it back, in one
transaction. No back door is left in the schema for it.
"""

import importlib
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

GUARDS = tuple(
    map(
        importlib.import_module,
        (
            "audit.migrations.0003_append_only",
            "wellbeing.migrations.0005_limits_are_append_only",
            "wellbeing.migrations.0007_presets_are_append_only",
            "people.migrations.0004_shield_settings_are_append_only",
            "moderation.migrations.0011_category_versions_are_append_only",
        ),
    )
)


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_audit_guard():
    """Let the flush between committing tests through the guard."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def guarded(self: Any, sql_list: Any) -> None:
        vendor = self.connection.vendor
        with transaction.atomic(using=self.connection.alias):
            for guard in GUARDS:
                _run(self.connection, guard.allowing(vendor))
            flush(self, sql_list)
            # On SQLite the jobs that were just deleted have told the counters so.
            _run(self.connection, ["DELETE FROM queues_tally", "DELETE FROM queues_tallychange"])
            for guard in GUARDS:
                _run(self.connection, guard.forbidding(vendor))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", guarded)
        yield


def guard_down() -> None:
    """Take the guard down, as someone who owns the database could."""
    connections["default"].check_constraints()
    for guard in GUARDS:
        _run(connections["default"], guard.allowing(connections["default"].vendor))


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
