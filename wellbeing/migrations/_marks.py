"""Move people's mark with every row of wellbeing that says what binds a person, and is not moved by looking.

Rows of one person move that person's mark, rows for everybody or for a team the mark of all. A limit is either.
"""

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
CONTRACTS = "wellbeing_counsellorcontract"
LIMITS = "wellbeing_limitrow"
PERSONAL = "('person', 'own')"
EVENTS = ("insert", "update", "delete")
CALL = "EXECUTE FUNCTION people_move_mark"


def on_postgresql():
    """Return the triggers, each calling the function of people's marks, with the column of the key or without."""
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


def begin(vendor):
    return on_postgresql() if vendor == "postgresql" else on_sqlite()


def cease(vendor):
    on_pg = vendor == "postgresql"
    for table in (*OF_A_PERSON, *OF_ALL, LIMITS):
        for event in EVENTS:
            names = ["marked", "marked_for_all"] if on_pg and table == LIMITS else ["marked"]
            for name in names:
                yield f"DROP TRIGGER {table}_{event}_{name}{f' ON {table}' if on_pg else ''}"


def of_contracts(vendor):
    """Return the triggers by which every change of a contract moves the mark of all: it came later than the other tables."""
    for event in EVENTS:
        if vendor == "postgresql":
            after = f"AFTER {event.upper()} ON {CONTRACTS} FOR EACH STATEMENT"
            yield f"CREATE TRIGGER {CONTRACTS}_{event}_marked {after} {CALL}()"
        else:
            yield _moves(CONTRACTS, event, ["''"])


def leave_contracts(_vendor):
    """The triggers go with their table."""
    return ()
