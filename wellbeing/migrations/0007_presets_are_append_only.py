"""Forbid UPDATE and DELETE (and TRUNCATE) on the presets of teams, as 0005 does on limits.

To change one would hide that a team worked under looser limits, or without counselling (promise P6).
"""

from django.db import migrations

TABLE = "wellbeing_teampreset"


def forbidding(vendor):
    """Return the statements that put the guard up."""
    if vendor == "postgresql":
        row, statement = (
            f"FOR EACH {each} EXECUTE FUNCTION wellbeing_refuse_preset()" for each in ("ROW", "STATEMENT")
        )
        return [
            _POSTGRES_FUNCTION,
            f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE OR DELETE ON {TABLE} {row}",
            f"CREATE TRIGGER {TABLE}_stays_whole BEFORE TRUNCATE ON {TABLE} {statement}",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
    exists = f"EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)"  # noqa: S608 - the name of our own table
    return [
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} {refuse}",
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} {refuse}",
        f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} WHEN {exists} {refuse}",
    ]


def allowing(vendor):
    """Return the statements that take the guard down."""
    if vendor == "postgresql":
        drops = [f"DROP TRIGGER {TABLE}_{what} ON {TABLE}" for what in ("stays", "stays_whole")]
        return [*drops, "DROP FUNCTION wellbeing_refuse_preset()"]
    return [f"DROP TRIGGER {TABLE}_{what}" for what in ("no_update", "no_delete", "no_replace")]


# A function of its own: the guards come down and go up one by one, each with what it needs.
_POSTGRES_FUNCTION = """
CREATE FUNCTION wellbeing_refuse_preset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""


def forbid(_apps, schema_editor):
    for statement in forbidding(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def allow(_apps, schema_editor):
    for statement in allowing(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0006_every_rule_of_wellbeing")]
    operations = [migrations.RunPython(forbid, allow)]
