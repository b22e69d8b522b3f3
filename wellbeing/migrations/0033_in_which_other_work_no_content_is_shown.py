"""Leads say of each kind of other paid work whether content is shown in it. Nobody has: so far all of it counts as if."""

from django.db import migrations, models

KINDS = [
    ("reading_policy", "Reading Policy"),
    ("training", "Training"),
    ("peer_talk", "Peer Talk"),
    ("nothing", "Nothing"),
]


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0032_a_contract_with_a_counsellor")]
    operations = [
        migrations.CreateModel(
            name="OtherWorkSaying",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("team_id", models.PositiveBigIntegerField()),
                ("activity", models.CharField(choices=KINDS, max_length=16)),
                ("is_without_content", models.BooleanField()),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "indexes": [models.Index(fields=["team_id", "set_at"], name="other_work_of_team")],
            },
        ),
    ]
