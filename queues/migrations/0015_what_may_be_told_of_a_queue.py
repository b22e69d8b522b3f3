import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queues", "0014_open_cases_are_counted")]
    operations = [
        migrations.CreateModel(
            name="QueueCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.IntegerField()),
                ("counted_at", models.DateTimeField()),
                ("is_told", models.BooleanField()),
                ("work", models.JSONField(default=list)),
                ("lanes", models.JSONField(default=list)),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counts",
                        to="queues.queue",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["queue", "step"], name="count_once_per_step")
                ],
            },
        ),
    ]
