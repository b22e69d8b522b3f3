"""What comes next is a preference: how many severe cases came in a row, whether one that was due soon has passed,
and what severe cases that were given back count where severe work is evened out.

The two mild cases that were owed after severity 4, and kept people waiting where none was there, are gone.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0017_whoever_is_named_signs")]
    operations = [
        migrations.AddField("personstate", "severe_run", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("personstate", "has_passed", models.BooleanField(default=False)),
        migrations.AddField("personstate", "given_back_on", models.DateField(blank=True, null=True)),
        migrations.AddField("personstate", "given_back_ms", models.PositiveBigIntegerField(default=0)),
        migrations.RemoveField("personstate", "mild_cases_owed"),
    ]
