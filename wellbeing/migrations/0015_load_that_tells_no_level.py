"""The load of days, and what flags are made of, tells nothing of the presentation; a row knows what it adds to it.

What the sums hold until now was weighed by presentation, and is what each row had added. The next recount of the night puts
the last 28 days right from the raw rows.
"""

from django.db import migrations, models


def as_it_was_added(apps, _schema_editor):
    exposure = apps.get_model("wellbeing", "Exposure")
    exposure.objects.update(flat_units=models.F("load_units"))


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0014_order_is_a_preference")]
    operations = [
        migrations.AddField("exposure", "flat_units", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("exposure", "seen_ms", models.PositiveBigIntegerField(default=0)),
        migrations.RunPython(as_it_was_added, migrations.RunPython.noop),
    ]
