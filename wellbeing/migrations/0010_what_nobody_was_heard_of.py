"""What counts although nothing was heard of its page, and by which two clocks absence is told.

Rows of before have no unheard time: silence was cut. Of whom no sign was noted by both clocks, the wall's tells alone until
the next one.
"""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0009_room_for_hot_rows")]

    operations = [
        migrations.AddField("exposure", "unheard_ms", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("exposure", "cleared_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("personstate", "signed_wall_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("personstate", "signed_ms", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("personstate", "signed_source", models.CharField(blank=True, max_length=40)),
        migrations.AddField("personstate", "signed_looking", models.BooleanField(default=False)),
        migrations.AddField("personstate", "believed_on", models.DateField(blank=True, null=True)),
        migrations.AddField("personstate", "believed_ms", models.PositiveBigIntegerField(default=0)),
        migrations.AddConstraint(
            "exposure",
            models.CheckConstraint(
                condition=Q(unheard_ms__lte=F("shown_ms")), name="exposure_unheard_is_of_shown"
            ),
        ),
    ]
