"""Let a beat move a lease without touching an index, and let hot rows stay on their page (PostgreSQL).

With room on the page and no index on what changed, a new version of a row costs neither an index entry nor, soon after, any
space: dead versions go as the page is read. Vacuum comes early for what is left: dead rows slow the pick down most.
"""

from django.db import migrations

TABLES = ("queues_job", "queues_claim")
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
    dependencies = [("queues", "0010_claims_know_their_limits")]
    operations = [
        migrations.RemoveIndex(model_name="claim", name="claim_lease"),
        migrations.RunPython(make_room, as_it_was),
    ]
