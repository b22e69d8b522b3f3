"""What a database is made of, as its own catalogue tells it: to compare two that were migrated by different ways."""

from collections import defaultdict
from typing import Any

Schema = dict[str, list[Any]]
"""What it is about, such as 'trigger wellbeing_limitrow_stays' or 'rows of moderation_category' → what is told of it."""

ON_SQLITE = {"definition": "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL"}
"""Every column, default, check and key stands in the definitions."""
OF_US = "JOIN pg_namespace n ON n.oid = {}namespace AND n.nspname = current_schema()"
ON_POSTGRES = {
    "table": f"SELECT relname, relkind, reloptions FROM pg_class c {OF_US.format('c.rel')}",
    # A column that was taken away leaves a gap in attnum: the place is counted.
    "column": f"""
        SELECT c.relname || '.' || a.attname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum),
               format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attcollation,
               pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c {OF_US.format("c.rel")}
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind = 'r'
    """,
    "constraint": f"""
        SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(o.oid), convalidated, condeferrable, condeferred
        FROM pg_constraint o {OF_US.format("o.con")}
    """,
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    "trigger": "SELECT tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
    "function": f"SELECT proname, pg_get_functiondef(p.oid) FROM pg_proc p {OF_US.format('p.pro')}",
    "sequence": """
        SELECT sequencename, data_type, start_value, increment_by, cycle, last_value
        FROM pg_sequences WHERE schemaname = current_schema() AND sequencename NOT LIKE 'django_migrations%'
    """,
}
CATALOGUES = {"sqlite": ON_SQLITE, "postgresql": ON_POSTGRES}
HISTORY = "django_migrations"
NOT_RANDOM = {"people_mark": "key"}
"""Table → what of its rows is the same in every database; of all others everything."""


def schema_of(connection: Any) -> Schema:
    """Read all of it, and the rows of every table but the history of migrations."""
    found: Schema = defaultdict(list)
    with connection.cursor() as cursor:
        for kind, query in CATALOGUES[connection.vendor].items():
            cursor.execute(query)
            for name, *told in cursor.fetchall():
                in_any_order = kind == "definition" and name.startswith("table")
                found[f"{kind} {name}"].append(_parts(told[0]) if in_any_order else told)
        for table in sorted({*connection.introspection.table_names(cursor)} - {HISTORY}):
            cursor.execute(f"SELECT {NOT_RANDOM.get(table, '*')} FROM {table} ORDER BY 1")
            found[f"rows of {table}"] = cursor.fetchall()
    return dict(found)


def _parts(definition: str) -> list[str]:
    """Return the columns and constraints of a CREATE TABLE, sorted.

    A change that makes a table anew on SQLite puts a key to the table itself last.
    """
    head, _, body = definition.removesuffix(")").partition("(")
    parts, depth = [""], 0
    for letter in body:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [head, *sorted(part.strip() for part in parts)]
