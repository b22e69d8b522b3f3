"""Let the rows that a beat moves stay on their page (PostgreSQL): room on it, and vacuum early for what is left.

None of the columns that a beat changes has an index. See queues' 0011, which does the same for jobs and claims.
"""

from django.db import migrations

TABLES = (
    "wellbeing_personstate",
    "wellbeing_exposure",
    "wellbeing_presence",
    "wellbeing_exposuresum",
    "wellbeing_daysum",
    "wellbeing_rev",
)
ROOM = "fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500"


def make_room(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} SET ({ROOM})", params=None)


def as_it_was(_apps, schema_editor):
    names = ", ".join(one.split(" = ")[0] for one in ROOM.split(", "))
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} RESET ({names})", params=None)


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0008_marks")]
    operations = [migrations.RunPython(make_room, as_it_was)]
