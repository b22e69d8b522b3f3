import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("queues", "0003_queue_state"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lane",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tallies",
                        to="queues.lane",
                    ),
                ),
                ("due_quarter", models.IntegerField()),
                ("jobs", models.BigIntegerField()),
                ("seconds", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["lane", "due_quarter"], name="tally_once_per_quarter")
                ],
            },
        ),
        migrations.CreateModel(
            name="TallyChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lane",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="queues.lane",
                    ),
                ),
                ("due_quarter", models.IntegerField()),
                ("jobs", models.SmallIntegerField()),
                ("seconds", models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="queue",
            name="version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state__in", ["offering", "waiting"])),
                fields=["lane", "created_at"],
                name="job_oldest",
            ),
        ),
    ]
