"""Squashed migrations make the database that those make which they replace, and an installation is upgraded from wherever it is.

Seen red: with columns of an index turned round, without the marks of contracts, without the taxonomy; with one left out of ``replaces``.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import load_backend

from tests.schema import Schema, schema_of

Key = tuple[str, str]
"""App and name of a migration."""


class OldLoader(MigrationLoader):
    """Finds the migrations as if none had been squashed."""

    def load_disk(self) -> None:
        super().load_disk()
        last_of = {key: one.replaces[-1] for key, one in self.disk_migrations.items() if one.replaces}
        self.disk_migrations = {key: one for key, one in self.disk_migrations.items() if key not in last_of}
        for one in self.disk_migrations.values():
            vars(one)["dependencies"] = [last_of.get(needed, needed) for needed in one.dependencies]


class OldExecutor(MigrationExecutor):
    """Migrates as a version did that had none squashed."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.loader = OldLoader(connection)


def all_of(executor: MigrationExecutor) -> list[Key]:
    """Return what a new database runs, in order."""
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    return [(one.app_label, one.name) for one, _ in plan]


def migrate(executor: MigrationExecutor, *, up_to: int | None = None) -> list[Migration]:
    """Run what is missing, *up_to* so many; return it."""
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())[:up_to]
    executor.migrate([(one.app_label, one.name) for one, _ in plan], plan)
    return [one for one, _ in plan]


@contextmanager
def in_a_new_database() -> Iterator[Any]:
    """Put a database without any table in the place of the one that tests use."""
    usual = connections["default"]
    with (_new_on_postgresql if usual.vendor == "postgresql" else _new_on_sqlite)(usual) as name:
        backend = load_backend(usual.settings_dict["ENGINE"])
        connections["default"] = new = backend.DatabaseWrapper(
            usual.settings_dict | {"NAME": name}, "default"
        )
        try:
            yield new
        finally:
            connections["default"] = usual
            new.close()


@contextmanager
def _new_on_sqlite(_usual: Any) -> Iterator[str]:
    yield ":memory:"


@contextmanager
def _new_on_postgresql(usual: Any) -> Iterator[str]:
    name = f"migrated_{uuid4().hex}"
    with usual._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield name
    finally:
        with usual._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


@pytest.fixture(scope="module")
def by_the_old_ones(django_db_blocker: Any) -> Schema:
    """What every migration makes, none of them squashed."""
    with django_db_blocker.unblock(), in_a_new_database() as new:
        migrate(OldExecutor(new))
        return schema_of(new)


def test_a_new_database_is_the_same_as_by_the_old_ones(
    django_db_blocker: Any, by_the_old_ones: Schema
) -> None:
    with django_db_blocker.unblock(), in_a_new_database() as new:
        ran = migrate(MigrationExecutor(new))
        assert not replaced(ran)
        assert differences(schema_of(new), by_the_old_ones) == {}


def test_one_that_ran_some_of_the_old_ones_goes_on_to_the_same(
    django_db_blocker: Any, by_the_old_ones: Schema
) -> None:
    with django_db_blocker.unblock(), in_a_new_database() as new:
        before = migrate(OldExecutor(new), up_to=len(all_of(OldExecutor(new))) // 2)
        after = migrate(MigrationExecutor(new))
        assert replaced(before)
        assert replaced(after)
        assert differences(schema_of(new), by_the_old_ones) == {}


@pytest.mark.django_db
def test_one_that_ran_all_of_the_old_ones_has_nothing_to_run() -> None:
    as_if_applied(all_of(OldExecutor(connection)))
    assert migrate(MigrationExecutor(connection)) == []
    squashed = {key for key, one in MigrationLoader(None).disk_migrations.items() if one.replaces}
    assert squashed
    assert squashed <= MigrationRecorder(connection).applied_migrations().keys()


@pytest.mark.django_db
def test_wherever_an_installation_is_what_it_lacks_is_run_once() -> None:
    """After each migration of the old order, and wherever an app was when it alone was brought forward."""
    old = OldExecutor(connection)
    order = all_of(old)
    places = [order[:reached] for reached in range(len(order))]
    places += [old.loader.graph.forwards_plan(key) for key in order]
    for applied in places:
        as_if_applied(applied)
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        plan = [one for one, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        runs = [old_key for one in plan for old_key in one.replaces or [(one.app_label, one.name)]]
        assert sorted(runs) == sorted(set(order) - set(applied))


def as_if_applied(keys: Iterable[Key]) -> None:
    """Let the tests' database say that these were applied and no other."""
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.all().delete()
    recorder.migration_qs.bulk_create(recorder.Migration(app=app, name=name) for app, name in keys)


def replaced(ran: list[Migration]) -> set[Key]:
    """Return which of them a squashed migration replaces."""
    of_others = {key for one in MigrationLoader(None).disk_migrations.values() for key in one.replaces}
    return of_others & {(one.app_label, one.name) for one in ran}


def differences(made: Schema, expected: Schema) -> dict[str, Any]:
    return {
        what: (made.get(what), expected.get(what))
        for what in made.keys() | expected.keys()
        if made.get(what) != expected.get(what)
    }
