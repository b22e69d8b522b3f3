"""A mark that moves, by triggers, with every row of people that decides what somebody may be shown, and when.

A change is told to everybody: users, teams and zones change a few times a day. ``telling`` and ``silencing`` make and take
away the triggers of one table; wellbeing's marks call what the first of them calls, by a text of its own.
"""

TABLES = {
    "people_user": "is_active, began_on",
    "people_subject": "",
    "people_skill": "",
    "people_timezoneperiod": "",
    "people_teammembership": "",
}
"""Table → the columns whose change counts; empty: all. A user's row moves with each sign-in, too."""
EVENTS = ("insert", "update", "delete")

# Of two that move the same mark at once, the second waits for the first to commit: it is one row, taken last but for `rev`.
_POSTGRES_FUNCTION = """
CREATE FUNCTION people_move_mark() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    keys text[] := ARRAY['']::text[];
BEGIN
    IF TG_NARGS = 1 THEN
        keys := ARRAY[]::text[];
        IF TG_OP <> 'INSERT' THEN keys := keys || replace(to_jsonb(OLD) ->> TG_ARGV[0], '-', ''); END IF;
        IF TG_OP <> 'DELETE' THEN keys := keys || replace(to_jsonb(NEW) ->> TG_ARGV[0], '-', ''); END IF;
    END IF;
    INSERT INTO people_mark (key, stamp)
    SELECT key, gen_random_uuid()::text FROM (SELECT DISTINCT unnest(keys) AS key) AS moved ORDER BY key
    ON CONFLICT (key) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END $$
"""


def telling(vendor, table, columns):
    """Return what makes the triggers of one table."""
    for event in EVENTS:
        of = f" OF {columns}" if event == "update" and columns else ""
        if vendor == "postgresql":
            act = "FOR EACH STATEMENT EXECUTE FUNCTION people_move_mark()"
        else:
            # Two steps, not an upsert: inside a trigger the OR clause of the statement outside goes before its own.
            act = (
                "BEGIN DELETE FROM people_mark WHERE key = ''; "
                "INSERT INTO people_mark (key, stamp) VALUES ('', lower(hex(randomblob(16)))); END"
            )
        yield f"CREATE TRIGGER {table}_{event}_marked AFTER {event.upper()}{of} ON {table} {act}"


def silencing(vendor, table):
    """Return what takes them away."""
    on = f" ON {table}" if vendor == "postgresql" else ""
    yield from (f"DROP TRIGGER {table}_{event}_marked{on}" for event in EVENTS)


def begin(vendor):
    if vendor == "postgresql":
        yield _POSTGRES_FUNCTION
    for table, columns in TABLES.items():
        yield from telling(vendor, table, columns)


def cease(vendor):
    for table in TABLES:
        yield from silencing(vendor, table)
    if vendor == "postgresql":
        yield "DROP FUNCTION people_move_mark()"
