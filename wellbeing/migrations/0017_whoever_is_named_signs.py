"""Whoever is named as agreeing has signed: a review waits for the person named, who signs or objects."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0016_load_at_one")]

    operations = [
        migrations.AddField("limitreview", "signed_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddField("limitreview", "fold", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "limitreview",
            "objected_by",
            models.CharField(max_length=80, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField("limitreview", "objected_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddField(
            "limitreview", "objection", models.TextField(blank=True, default=""), preserve_default=False
        ),
    ]
