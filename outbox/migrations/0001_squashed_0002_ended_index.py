from django.db import migrations, models

NUMBER = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("outbox", "0001_initial"),
        ("outbox", "0002_ended_index"),
    ]
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="OutboxEntry",
            fields=[
                NUMBER,
                ("kind", models.CharField(max_length=60)),
                ("arguments", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Pending"), ("done", "Done"), ("quarantined", "Quarantined")],
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("run_after", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["run_after", "id"],
                        name="outbox_due",
                    ),
                    models.Index(fields=["state", "ended_at"], name="outbox_ended"),
                ]
            },
        ),
    ]
