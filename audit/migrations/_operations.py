"""Operations that migrations of several apps are made of. What they run has run on installations: it never changes."""

from django.db.migrations.operations.base import Operation

ROOM = "fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500"


class ByVendor(Operation):
    """Runs what *forwards* returns for 'sqlite' or 'postgresql', and *backwards* to undo it.

    It asks for no model: a RunPython has all models of all apps made anew, which is half a second of a migration's time.
    """

    reduces_to_sql = True

    def __init__(self, forwards, backwards):
        self.forwards, self.backwards = forwards, backwards

    def state_forwards(self, app_label, state):
        """Models stay as they are."""

    def database_forwards(self, _app_label, schema_editor, _from_state, _to_state):
        _run(schema_editor, self.forwards)

    def database_backwards(self, _app_label, schema_editor, _from_state, _to_state):
        _run(schema_editor, self.backwards)


def _run(schema_editor, statements_for):
    for statement in statements_for(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def append_only(function, tables):
    """Return the operation that forbids UPDATE and DELETE (and TRUNCATE) on tables, in the database itself.

    *function* is PostgreSQL's that refuses; *tables* is table → its keys. SQLite's INSERT OR REPLACE deletes without firing a
    DELETE trigger, so an INSERT that meets an existing key is refused as well. Whoever owns the database file can drop a
    trigger; of the audit, the chain tells then.
    """

    def forbidding(vendor):
        if vendor == "postgresql":
            return [_refusing(function), *(s for table in tables for s in _on_postgresql(function, table))]
        return [s for table, keys in tables.items() for s in _on_sqlite(table, keys)]

    def allowing(vendor):
        if vendor == "postgresql":
            drops = [f"DROP TRIGGER {t}_{w} ON {t}" for t in tables for w in ("stays", "stays_whole")]
            return [*drops, f"DROP FUNCTION {function}()"]
        return [f"DROP TRIGGER {t}_{w}" for t in tables for w in ("no_update", "no_delete", "no_replace")]

    return ByVendor(forbidding, allowing)


def _refusing(function):
    return f"""
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""


def _on_postgresql(function, table):
    row, statement = (f"FOR EACH {each} EXECUTE FUNCTION {function}()" for each in ("ROW", "STATEMENT"))
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


def room_for_hot_rows(*tables):
    """Return the operation that lets rows that often change stay on their page (PostgreSQL).

    With room on the page and no index on what changed, a new version of a row costs neither an index entry nor, soon after,
    any space: dead versions go as the page is read. Vacuum comes early for what is left: dead rows slow reads down most.
    """
    names = ", ".join(one.split(" = ")[0] for one in ROOM.split(", "))

    def altering(change):
        return lambda vendor: [f"ALTER TABLE {t} {change}" for t in tables] if vendor == "postgresql" else []

    return ByVendor(altering(f"SET ({ROOM})"), altering(f"RESET ({names})"))
