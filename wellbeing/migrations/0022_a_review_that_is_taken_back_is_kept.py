"""A review that was written down and taken back stays listed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0018_rests_merge")]
    operations = [
        migrations.CreateModel(
            name="ReviewTakenBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField()),
                ("held_with", models.CharField(blank=True, max_length=80)),
                ("words", models.TextField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("taken_by", models.CharField(max_length=80)),
                ("taken_at", models.DateTimeField()),
            ],
        ),
    ]
