import django.db.models.deletion
from django.db import migrations, models

from audit.migrations._operations import ByVendor
from people.migrations import _resets as resets


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_marks"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        migrations.CreateModel(
            name="OwnHand",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.user",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="invitation",
            name="made_by",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="beside_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Reset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("password", "Password"),
                            ("factor", "Second factor"),
                            ("address", "Address"),
                            ("first", "First password"),
                        ],
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(blank=True, max_length=80)),
                ("last_factor", models.BigIntegerField()),
                ("last_grant", models.BigIntegerField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("confirmation_told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resets",
                        to="people.user",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(confirmation_told_at__isnull=True)
                        | models.Q(confirmed_at__isnull=False),
                        name="told_after_it_was_confirmed",
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(confirmed_at__isnull=True), fields=["user"], name="resets_open"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResetSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signed_as", models.CharField(max_length=32)),
                (
                    "way",
                    models.CharField(
                        choices=[("in_person", "In person"), ("call", "By a call")], max_length=9
                    ),
                ),
                ("signed_at", models.DateTimeField()),
                (
                    "reset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="people.reset",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.user"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["reset", "signed_by"], name="a_reset_is_signed_once_by_each"
                    )
                ],
            },
        ),
        ByVendor(resets.begin, resets.cease),
    ]
