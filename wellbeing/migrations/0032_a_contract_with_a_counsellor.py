"""The organisation's contract with a counsellor, in place of what was on record about each person.

What was written about people goes now: ``specialist`` asks for nothing about a person. The empty table stays until the
next release, because processes of the one before read it while this runs; to them nobody has counselling, which is tighter.
"""

import uuid

from django.db import migrations, models

from audit.migrations._operations import ByVendor
from wellbeing.migrations import _marks as marks


def forget_what_was_written_about_people(apps, _schema_editor):
    apps.get_model("wellbeing", "Counselling").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0022_a_review_that_is_taken_back_is_kept")]
    operations = [
        migrations.CreateModel(
            name="CounsellorContract",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("counsellor", models.CharField(max_length=120)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("recorded_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_on__lte", models.F("until_on"))),
                        name="contract_begins_before_it_ends",
                    )
                ],
            },
        ),
        ByVendor(marks.of_contracts, marks.leave_contracts),
        migrations.RunPython(forget_what_was_written_about_people, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Counselling")]),
    ]
