"""Count what waits by triggers on the job table, so that every writer is covered, raw SQL too.

A trigger only adds a row that says +1 or -1; ``services.tallies`` folds those rows. The triggers come first
and lock the table, then what waits already is counted, in one transaction: nothing can slip in between.
"""

from django.db import migrations

WAITS = "('offering', 'waiting')"
COUNTED = ("state", "lane_id", "due_at", "expected_seconds")


def quarter(vendor, due_at):
    """Return the SQL of a due time's quarter of an hour since 1970, -1 without one."""
    seconds = {
        "postgresql": f"floor(extract(epoch FROM {due_at}))::bigint",
        # Without the fraction, which SQLite would round up.
        "sqlite": f"CAST(strftime('%s', substr({due_at}, 1, 19)) AS INTEGER)",
    }[vendor]
    return f"COALESCE({seconds} / 900, -1)"


def change(vendor, row, sign):
    """Return the INSERT that tells of one job that began (+) or ceased (-) to wait."""
    values = f"{row}.lane_id, {quarter(vendor, f'{row}.due_at')}, {sign}1, {sign}{row}.expected_seconds"
    return f"INSERT INTO queues_tallychange (lane_id, due_quarter, jobs, seconds) VALUES ({values});"  # noqa: S608 - of constants


def conditions(vendor, states):
    """Return event → when it changes what is counted; else nothing is called."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    moved = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in COUNTED[1:])
    was, is_now = f"OLD.state IN {states}", f"NEW.state IN {states}"
    return {
        "INSERT": is_now,
        f"UPDATE OF {', '.join(COUNTED)}": f"({was}) <> ({is_now}) OR ({was} AND ({moved}))",
        "DELETE": was,
    }


def on_postgresql(states):
    """One function; each event calls it under its own condition."""
    yield f"""
        CREATE FUNCTION queues_tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                IF OLD.state IN {states} THEN {change("postgresql", "OLD", "-")} END IF;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                IF NEW.state IN {states} THEN {change("postgresql", "NEW", "+")} END IF;
            END IF;
            RETURN NULL;
        END $$
    """
    for event, condition in conditions("postgresql", states).items():
        name = event.split()[0].lower()
        yield (
            f"CREATE TRIGGER queues_job_{name}_counted AFTER {event} ON queues_job FOR EACH ROW "
            f"WHEN ({condition}) EXECUTE FUNCTION queues_tell_change()"
        )


def on_sqlite(states):
    """SQLite has no IF in a trigger: the two sides of an update have one each."""
    when = conditions("sqlite", states)
    insert, update, delete = when
    ceased, began = change("sqlite", "OLD", "-"), change("sqlite", "NEW", "+")
    was, is_now = f"OLD.state IN {states}", f"NEW.state IN {states}"
    for name, event, condition, told in (
        ("insert", insert, when[insert], began),
        ("update_from", update, f"({when[update]}) AND {was}", ceased),
        ("update_to", update, f"({when[update]}) AND {is_now}", began),
        ("delete", delete, when[delete], ceased),
    ):
        yield (
            f"CREATE TRIGGER queues_job_{name}_counted AFTER {event} ON queues_job FOR EACH ROW "
            f"WHEN {condition} BEGIN {told} END"
        )


def begin(schema_editor, states):
    """Count the jobs that are in one of these states, a list as SQL writes it, from now on and as they are now."""
    vendor = schema_editor.connection.vendor
    for statement in on_postgresql(states) if vendor == "postgresql" else on_sqlite(states):
        schema_editor.execute(statement, params=None)
    counted = f"SELECT lane_id, {quarter(vendor, 'due_at')} AS due_quarter, COUNT(*), SUM(expected_seconds)"
    counts = f"FROM queues_job WHERE state IN {states} GROUP BY 1, 2"
    schema_editor.execute(
        f"INSERT INTO queues_tally (lane_id, due_quarter, jobs, seconds) {counted} {counts}",
        params=None,
    )


def cease(schema_editor):
    """Count no more, and forget what was counted."""
    events = ("insert", "update", "delete")
    if schema_editor.connection.vendor == "sqlite":
        events = ("insert", "update_from", "update_to", "delete")
    on = " ON queues_job" if schema_editor.connection.vendor == "postgresql" else ""
    for name in events:
        schema_editor.execute(f"DROP TRIGGER queues_job_{name}_counted{on}", params=None)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION queues_tell_change()", params=None)
    for table in ("queues_tally", "queues_tallychange"):
        schema_editor.execute(f"DELETE FROM {table}", params=None)  # noqa: S608 - of constants


def count_what_waits(_apps, schema_editor):
    begin(schema_editor, WAITS)


def count_nothing(_apps, schema_editor):
    cease(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("queues", "0004_board_counters")]
    operations = [migrations.RunPython(count_what_waits, count_nothing)]
