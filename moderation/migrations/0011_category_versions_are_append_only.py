"""Forbid UPDATE and DELETE (and TRUNCATE) on category versions, in the database itself.

To delete a version, or to change one, would lower a severity without a reason, a day's wait and a second
signature (promise P6).
SQLite's INSERT OR REPLACE deletes without firing a DELETE trigger, so an INSERT that meets an existing key is refused too.
"""

from django.db import migrations

TABLES = {"moderation_categoryversion": ("id",)}


def forbidding(vendor):
    """Return the statements that put the guard up."""
    if vendor == "postgresql":
        return [_POSTGRES_FUNCTION, *(s for table in TABLES for s in _on_postgres(table))]
    return [s for table, keys in TABLES.items() for s in _on_sqlite(table, keys)]


def allowing(vendor):
    """Return the statements that take the guard down."""
    if vendor == "postgresql":
        drops = [f"DROP TRIGGER {t}_{w} ON {t}" for t in TABLES for w in ("stays", "stays_whole")]
        return [*drops, "DROP FUNCTION moderation_refuse()"]
    return [f"DROP TRIGGER {t}_{w}" for t in TABLES for w in ("no_update", "no_delete", "no_replace")]


_POSTGRES_FUNCTION = """
CREATE FUNCTION moderation_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""


def _on_postgres(table):
    row, statement = (
        f"FOR EACH {each} EXECUTE FUNCTION moderation_refuse()" for each in ("ROW", "STATEMENT")
    )
    return [
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} {row}",
        f"CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE ON {table} {statement}",
    ]


def _on_sqlite(table, keys):
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    known = " OR ".join(f"{key} = NEW.{key}" for key in keys)
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {known})"  # noqa: S608 - names of our own tables
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {exists} {refuse}",
    ]


def forbid(_apps, schema_editor):
    for statement in forbidding(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def allow(_apps, schema_editor):
    for statement in allowing(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0010_who_set_a_category_and_how_a_shield_was_made")]
    operations = [migrations.RunPython(forbid, allow)]
