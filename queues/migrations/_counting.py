"""Count jobs by triggers on their table, so that every writer is covered, raw SQL too.

A trigger only adds a row that says +1 or -1; ``services.tallies`` folds those rows. The triggers come first
and lock the table, then what is there already is counted, in one transaction: nothing can slip in between.
"""

WAITING = "('offering', 'waiting')"
OPEN = "('offering', 'waiting', 'claimed')"
"""Lists of states as SQL writes them. A number that moves when somebody takes a case tells of that person: the second one
is counted."""
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


def begin(vendor, states):
    """Return what counts the jobs that are in one of these states from now on, and as they are now."""
    yield from on_postgresql(states) if vendor == "postgresql" else on_sqlite(states)
    counted = f"SELECT lane_id, {quarter(vendor, 'due_at')} AS due_quarter, COUNT(*), SUM(expected_seconds)"
    counts = f"FROM queues_job WHERE state IN {states} GROUP BY 1, 2"
    yield f"INSERT INTO queues_tally (lane_id, due_quarter, jobs, seconds) {counted} {counts}"


def cease(vendor):
    """Return what counts no more, and forgets what was counted."""
    sides = {
        "postgresql": ("insert", "update", "delete"),
        "sqlite": ("insert", "update_from", "update_to", "delete"),
    }
    on = " ON queues_job" if vendor == "postgresql" else ""
    for name in sides[vendor]:
        yield f"DROP TRIGGER queues_job_{name}_counted{on}"
    if vendor == "postgresql":
        yield "DROP FUNCTION queues_tell_change()"
    for table in ("queues_tally", "queues_tallychange"):
        yield f"DELETE FROM {table}"  # noqa: S608 - of constants


def begin_with_open_ones(vendor):
    return begin(vendor, OPEN)


def begin_with_waiting_ones(vendor):
    return begin(vendor, WAITING)


def waiting_to_open(vendor):
    """Return what takes the old count away and puts the new one in its place."""
    yield from cease(vendor)
    yield from begin_with_open_ones(vendor)


def open_to_waiting(vendor):
    yield from cease(vendor)
    yield from begin_with_waiting_ones(vendor)
