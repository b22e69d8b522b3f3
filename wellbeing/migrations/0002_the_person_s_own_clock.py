from django.db import migrations, models
from django.db.models import F


def begin_with_the_person_s_clock(apps, _schema_editor):
    state = apps.get_model("wellbeing", "PersonState")
    state.objects.filter(wall_at__isnull=True).update(wall_at=F("clock_at"))


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0001_initial")]

    operations = [
        migrations.AddField("exposure", "covers_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("personstate", "wall_at", models.DateTimeField(null=True)),
        migrations.RunPython(begin_with_the_person_s_clock, migrations.RunPython.noop),
        migrations.AlterField("personstate", "wall_at", models.DateTimeField()),
    ]
