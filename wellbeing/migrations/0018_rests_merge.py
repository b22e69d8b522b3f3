"""Rests merge, every third break is long instead of one after two hours, and the third severity-4 case counts per shift.

Whoever is at work during the upgrade has worked since any rest as long as since the last break.
"""

from django.db import migrations, models
from django.db.models import F

CAUSES = [
    ("work", "Work"),
    ("severe", "Severe"),
    ("extreme", "Extreme"),
    ("long", "Long"),
    ("colour", "Colour"),
    ("cluster", "Cluster"),
    ("too_much", "Too Much"),
    ("step_away", "Step Away"),
    ("load", "Load"),
]


def fill(apps, _schema_editor):
    apps.get_model("wellbeing", "PersonState").objects.update(since_rest_ms=F("work_ms"))


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0014_order_is_a_preference")]
    operations = [
        migrations.AddField("personstate", "since_rest_ms", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("personstate", "breaks_kept", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("personstate", "severe_answered_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("personstate", "block_rested_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("break", "with_work", models.BooleanField(default=False)),
        migrations.AddField("break", "is_strict", models.BooleanField(default=False)),
        migrations.AddField("break", "is_third", models.BooleanField(default=False)),
        migrations.AlterField("break", "cause", models.CharField(choices=CAUSES, max_length=12)),
        migrations.AddField("severeclose", "is_cluster", models.BooleanField(default=False)),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField("personstate", "long_work_ms"),
    ]
