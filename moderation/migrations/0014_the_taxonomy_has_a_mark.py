"""A mark that moves, by triggers, with every row that says which categories are in force, and how severe they are.

It is one of people's marks (their migration 0007), of a key of its own: a changed category moves nothing else that is kept,
and whoever changes one waits for nobody but who changes another one.
"""

from django.db import migrations

TABLES = ("moderation_category", "moderation_categoryversion")
EVENTS = ("insert", "update", "delete")

_POSTGRES_FUNCTION = """
CREATE FUNCTION moderation_move_taxonomy_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_mark (key, stamp) VALUES ('taxonomy', gen_random_uuid()::text)
    ON CONFLICT (key) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END $$
"""


def telling(vendor):
    """Return what makes the triggers, and the first stamp: categories stand there already."""
    if vendor == "postgresql":
        yield _POSTGRES_FUNCTION
        act = "FOR EACH STATEMENT EXECUTE FUNCTION moderation_move_taxonomy_mark()"
        yield "INSERT INTO people_mark (key, stamp) VALUES ('taxonomy', gen_random_uuid()::text)"
    else:
        # Two steps, not an upsert: inside a trigger the OR clause of the statement outside goes before its own.
        new = "INSERT INTO people_mark (key, stamp) VALUES ('taxonomy', lower(hex(randomblob(16))))"
        act = f"BEGIN DELETE FROM people_mark WHERE key = 'taxonomy'; {new}; END"  # noqa: S608 - of constants
        yield new
    for table in TABLES:
        for event in EVENTS:
            yield f"CREATE TRIGGER {table}_{event}_marked AFTER {event.upper()} ON {table} {act}"


def silencing(vendor):
    """Return what takes them away."""
    on_postgresql = vendor == "postgresql"
    for table in TABLES:
        for event in EVENTS:
            yield f"DROP TRIGGER {table}_{event}_marked{f' ON {table}' if on_postgresql else ''}"
    if on_postgresql:
        yield "DROP FUNCTION moderation_move_taxonomy_mark()"
    yield "DELETE FROM people_mark WHERE key = 'taxonomy'"


def begin(_apps, schema_editor):
    for statement in telling(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def cease(_apps, schema_editor):
    for statement in silencing(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0013_worse_labels_and_new_looks"), ("people", "0007_marks")]
    operations = [migrations.RunPython(begin, cease)]
