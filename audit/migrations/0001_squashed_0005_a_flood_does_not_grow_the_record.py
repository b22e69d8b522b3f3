from django.db import migrations, models

from audit.migrations import _triggers as triggers
from audit.migrations._operations import ByVendor, append_only

NUMBER = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("audit", "0001_initial"),
        ("audit", "0002_pending_rows_and_the_sealers_lock"),
        ("audit", "0003_append_only"),
        ("audit", "0004_what_was_done_to_queues"),
        ("audit", "0005_a_flood_does_not_grow_the_record"),
    ]
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                NUMBER,
                ("sequence", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sequence",), name="one_checkpoint_per_sequence")
                ]
            },
        ),
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                NUMBER,
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("action", models.CharField(max_length=80)),
                ("target_kind", models.CharField(max_length=40)),
                ("target_id", models.CharField(max_length=80)),
                ("detail", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("target_kind", "queue")),
                        fields=["target_id", "id"],
                        name="audit_of_queues",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=triggers.FIELDS,
                        condition=models.Q(action__in=triggers.BOUNDED),
                        name="one_row_per_quarter_of_an_hour",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("sequence", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("previous_digest", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "row",
                    models.OneToOneField(on_delete=models.PROTECT, related_name="seal", to="audit.auditrow"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditPending",
            fields=[
                (
                    "row",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="pending",
                        serialize=False,
                        to="audit.auditrow",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SealLock",
            fields=[
                NUMBER,
            ],
        ),
        append_only("audit_refuse", triggers.APPEND_ONLY),
        ByVendor(triggers.refusing_a_second, triggers.allowing_a_second),
    ]
