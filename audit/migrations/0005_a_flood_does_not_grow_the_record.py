"""One row per quarter of an hour of what anybody can bring about at will.

SQLite's INSERT OR REPLACE would delete the row that it meets under the new index, and fire no DELETE trigger (0003): so such an
INSERT is refused, as one that meets an existing id is.
"""

from django.db import migrations, models
from django.db.models import Q

BOUNDED = ("sign_in.refused", "sign_in.locked", "door.refused", "key.refused", "link.refused")
FIELDS = ("actor", "action", "target_kind", "target_id", "at")
TRIGGER = "audit_auditrow_no_second"


def refuse_a_second(_apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    bounded = ", ".join(f"'{action}'" for action in BOUNDED)
    same = " AND ".join(f"{field} = NEW.{field}" for field in FIELDS)
    there = f"SELECT 1 FROM audit_auditrow WHERE action IN ({bounded}) AND {same}"  # noqa: S608 - names of our own
    schema_editor.execute(
        f"CREATE TRIGGER {TRIGGER} BEFORE INSERT ON audit_auditrow "
        f"WHEN NEW.action IN ({bounded}) AND EXISTS ({there}) "
        "BEGIN SELECT RAISE(ABORT, 'audit_auditrow is append-only'); END",
        params=None,
    )


def allow_a_second(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TRIGGER}", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_what_was_done_to_queues"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="auditrow",
            constraint=models.UniqueConstraint(
                fields=list(FIELDS), condition=Q(action__in=BOUNDED), name="one_row_per_quarter_of_an_hour"
            ),
        ),
        migrations.RunPython(refuse_a_second, allow_a_second),
    ]
