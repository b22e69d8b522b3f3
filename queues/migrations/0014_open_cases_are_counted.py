"""Count open cases, waiting and in hand alike: a number that moves when somebody takes a case tells of that person.

The triggers of 0005 under another condition; both the old count and the new one go and come in one transaction.
"""

from importlib import import_module

from django.db import migrations, models

counting = import_module("queues.migrations.0005_counted_by_triggers")

OPEN = ["offering", "waiting", "claimed"]


def count_what_is_open(_apps, schema_editor):
    counting.cease(schema_editor)
    counting.begin(schema_editor, "('offering', 'waiting', 'claimed')")


def count_what_waits(_apps, schema_editor):
    counting.cease(schema_editor)
    counting.begin(schema_editor, counting.WAITS)


class Migration(migrations.Migration):
    dependencies = [("queues", "0011_a_lease_moves_no_index")]
    operations = [
        migrations.RunPython(count_what_is_open, count_what_waits),
        migrations.RemoveIndex(model_name="job", name="job_oldest"),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state__in", OPEN)), fields=["lane", "created_at"], name="job_oldest"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("closed_reason", "decided")), fields=["closed_at"], name="claim_decided"
            ),
        ),
    ]
