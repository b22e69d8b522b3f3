"""Whoever is named as agreeing has signed.

A review waits for the person named, who signs or objects. Where nobody is elected representative, a looser ceiling is
announced to everybody and void when a third of the moderators object.
"""

import django.db.models.deletion
from django.db import migrations, models

STATES = [
    ("open", "Open"),
    ("announced", "Announced"),
    ("adopted", "Adopted"),
    ("withdrawn", "Withdrawn"),
    ("void", "Void"),
]


def empty_text(name):
    return migrations.AddField(
        "limitreview", name, models.TextField(blank=True, default=""), preserve_default=False
    )


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
        empty_text("objection"),
        migrations.AddField("proposal", "announced_at", models.DateTimeField(null=True, blank=True)),
        migrations.AlterField(
            "proposal", "state", models.CharField(max_length=10, choices=STATES, default="open")
        ),
        migrations.RemoveConstraint("proposal", "one_open_proposal_per_target"),
        migrations.AddConstraint(
            "proposal",
            models.UniqueConstraint(
                fields=["kind", "target"],
                condition=models.Q(state__in=("open", "announced")),
                name="one_open_proposal_per_target",
            ),
        ),
        migrations.CreateModel(
            name="ProposalObjection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.UUIDField()),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objections",
                        to="wellbeing.proposal",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "proposalobjection",
            models.UniqueConstraint(fields=["proposal", "subject"], name="one_objection_per_person"),
        ),
    ]
