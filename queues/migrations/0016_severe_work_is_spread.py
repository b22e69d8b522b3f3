"""How much severe work of the day puts somebody back, by queue and for a quarter of an hour."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queues", "0015_what_may_be_told_of_a_queue")]
    operations = [
        migrations.CreateModel(
            name="Spread",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter_at", models.DateTimeField()),
                ("most_ms", models.PositiveBigIntegerField(null=True)),
                (
                    "queue",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spread",
                        to="queues.queue",
                    ),
                ),
            ],
        ),
    ]
