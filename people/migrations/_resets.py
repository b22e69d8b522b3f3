"""What changes a person's sign-in is written down by triggers, unless the person's own hand did it (``OwnHand``).

``watching`` and ``unwatching`` make and take away the triggers: a migration that makes one of the two tables anew on
SQLite takes its triggers away with it, and has to call ``watching`` again.
"""

ACTS = (
    ("people_user", "update", "password", "password", "id"),
    ("people_user", "update", "email", "address", "id"),
    ("mfa_authenticator", "insert", "", "factor", "user_id"),
    ("mfa_authenticator", "update", "data", "factor", "user_id"),
    ("mfa_authenticator", "delete", "", "factor", "user_id"),
)
"""Table, event, column whose change counts, kind of the reset, column of the user."""

# Using a recovery code, and looking at them, moves these two of its data: neither is another factor.
_SAME_FACTOR = {
    "postgresql": "{row}.data::jsonb - 'used_mask' - 'viewed_at'",
    "sqlite": "json_remove({row}.data, '$.used_mask', '$.viewed_at')",
}
_NOW = {"postgresql": "statement_timestamp()", "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')"}

_POSTGRES_FUNCTION = """
CREATE FUNCTION people_note_reset() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
    who bigint := (changed ->> TG_ARGV[1])::bigint;
    before bigint := 9223372036854775807;
BEGIN
    IF EXISTS (SELECT 1 FROM people_ownhand WHERE user_id = who) THEN RETURN NULL; END IF;
    IF TG_ARGV[0] = 'factor' AND TG_OP <> 'DELETE' THEN before := (changed ->> 'id')::bigint; END IF;
    INSERT INTO people_reset (user_id, kind, made_at, made_by, last_factor, last_grant)
    SELECT who, TG_ARGV[0], statement_timestamp(), '',
           coalesce((SELECT max(id) FROM mfa_authenticator WHERE user_id = who AND id < before), 0),
           coalesce((SELECT max(id) FROM people_rolegrant), 0);
    RETURN NULL;
END $$
"""


def watching(vendor):
    """Return what makes the triggers."""
    for table, event, column, kind, user in ACTS:
        of = f" OF {column}" if column else ""
        row = "OLD" if event == "delete" else "NEW"
        name = f"{table}_{event}{'_' + column if column else ''}_reset"
        differs = _differs(vendor, table, column)
        if vendor == "postgresql":
            when = f" WHEN ({differs})" if differs else ""
            act = f"FOR EACH ROW{when} EXECUTE FUNCTION people_note_reset('{kind}', '{user}')"
        else:
            by_others = f"NOT EXISTS (SELECT 1 FROM people_ownhand WHERE user_id = {row}.{user})"  # noqa: S608
            before = "" if kind != "factor" or event == "delete" else f" AND id < {row}.id"
            act = (  # only constants
                f"FOR EACH ROW WHEN {' AND '.join(filter(None, [differs, by_others]))} BEGIN "  # noqa: S608
                "INSERT INTO people_reset (user_id, kind, made_at, made_by, last_factor, last_grant) "
                f"VALUES ({row}.{user}, '{kind}', {_NOW[vendor]}, '', "
                f"coalesce((SELECT max(id) FROM mfa_authenticator WHERE user_id = {row}.{user}{before}), 0), "
                "coalesce((SELECT max(id) FROM people_rolegrant), 0)); END"
            )
        yield f"CREATE TRIGGER {name} AFTER {event.upper()}{of} ON {table} {act}"


def unwatching(vendor):
    """Return what takes them away."""
    for table, event, column, *_ in ACTS:
        on = f" ON {table}" if vendor == "postgresql" else ""
        yield f"DROP TRIGGER {table}_{event}{'_' + column if column else ''}_reset{on}"


def _differs(vendor, table, column):
    if not column:
        return ""
    if table == "people_user":
        return f"OLD.{column} <> NEW.{column}"
    return "{} <> {}".format(*(_SAME_FACTOR[vendor].format(row=row) for row in ("OLD", "NEW")))


def begin(vendor):
    if vendor == "postgresql":
        yield _POSTGRES_FUNCTION
    yield from watching(vendor)


def cease(vendor):
    yield from unwatching(vendor)
    if vendor == "postgresql":
        yield "DROP FUNCTION people_note_reset()"
