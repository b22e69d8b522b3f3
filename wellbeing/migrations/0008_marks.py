"""Move people's mark with every row of wellbeing that says what binds a person, and is not moved by looking.

Rows of one person move that person's mark, rows for everybody or for a team the mark of all. A limit is either.
"""

from django.db import migrations

OF_A_PERSON = (
    "wellbeing_shift",
    "wellbeing_measure",
    "wellbeing_loadflag",
    "wellbeing_optout",
    "wellbeing_severeagreement",
    "wellbeing_counselling",
    "wellbeing_introduction",
)
OF_ALL = ("wellbeing_teampreset", "wellbeing_loadmodel")
LIMITS = "wellbeing_limitrow"
PERSONAL = "('person', 'own')"
EVENTS = ("insert", "update", "delete")
CALL = "EXECUTE FUNCTION people_move_mark"


def on_postgresql():
    """Return the triggers, each calling the function of people's 0007, with the column of the key or without."""
    for event in EVENTS:
        after = f"AFTER {event.upper()} ON"
        for table in OF_A_PERSON:
            yield f"CREATE TRIGGER {table}_{event}_marked {after} {table} FOR EACH ROW {CALL}('subject')"
        for table in OF_ALL:
            yield f"CREATE TRIGGER {table}_{event}_marked {after} {table} FOR EACH STATEMENT {CALL}()"
        is_personal = f"{'OLD' if event == 'delete' else 'NEW'}.scope IN {PERSONAL}"
        row = f"{after} {LIMITS} FOR EACH ROW WHEN"
        yield f"CREATE TRIGGER {LIMITS}_{event}_marked {row} ({is_personal}) {CALL}('scope_ref')"
        yield f"CREATE TRIGGER {LIMITS}_{event}_marked_for_all {row} (NOT {is_personal}) {CALL}()"


def on_sqlite():
    """Return the same: SQLite calls nothing, so each trigger has the steps in it."""
    for event in EVENTS:
        sides = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}[event]
        for table in OF_A_PERSON:
            yield _moves(table, event, [f"replace({side}.subject, '-', '')" for side in sides])
        for table in OF_ALL:
            yield _moves(table, event, ["''"])
        whose = "CASE WHEN {0}.scope IN {1} THEN replace({0}.scope_ref, '-', '') ELSE '' END"
        yield _moves(LIMITS, event, [whose.format(side, PERSONAL) for side in sides])


def _moves(table, event, keys):
    # Two steps, not an upsert: inside a trigger the OR clause of the statement outside goes before its own.
    steps = " ".join(
        f"DELETE FROM people_mark WHERE key = {key}; "  # noqa: S608 - of constants
        f"INSERT INTO people_mark (key, stamp) VALUES ({key}, lower(hex(randomblob(16))));"
        for key in keys
    )
    return f"CREATE TRIGGER {table}_{event}_marked AFTER {event.upper()} ON {table} BEGIN {steps} END"


def begin(_apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in on_postgresql() if vendor == "postgresql" else on_sqlite():
        schema_editor.execute(statement, params=None)


def cease(_apps, schema_editor):
    on_pg = schema_editor.connection.vendor == "postgresql"
    for table in (*OF_A_PERSON, *OF_ALL, LIMITS):
        for event in EVENTS:
            names = ["marked", "marked_for_all"] if on_pg and table == LIMITS else ["marked"]
            for name in names:
                on = f" ON {table}" if on_pg else ""
                schema_editor.execute(f"DROP TRIGGER {table}_{event}_{name}{on}", params=None)


class Migration(migrations.Migration):
    dependencies = [("people", "0007_marks"), ("wellbeing", "0007_presets_are_append_only")]
    operations = [migrations.RunPython(begin, cease)]
