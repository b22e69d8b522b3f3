"""Not one with the first: the tables of second factors refer to users, and the triggers here are on those tables."""

from django.conf import settings
from django.db import migrations, models

from audit.migrations._operations import ByVendor
from people.migrations import _resets as resets

NUMBER = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    replaces = [
        ("people", "0008_whoever_sets_a_sign_in_anew_is_not_that_person"),
        ("people", "0009_leads_who_are_operators_have_14_days"),
        ("people", "0014_who_gave_a_role_and_who_took_it_away"),
    ]
    dependencies = [("people", "0001_squashed_0007_marks"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [
        migrations.CreateModel(
            name="OwnHand",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reset",
            fields=[
                NUMBER,
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
                        on_delete=models.CASCADE, related_name="resets", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_at__isnull", True)),
                        fields=["user"],
                        name="resets_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmation_told_at__isnull", True),
                            ("confirmed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="told_after_it_was_confirmed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResetSignature",
            fields=[
                NUMBER,
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
                    models.ForeignKey(on_delete=models.CASCADE, related_name="signatures", to="people.reset"),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reset", "signed_by"), name="a_reset_is_signed_once_by_each"
                    )
                ]
            },
        ),
        migrations.AddField("invitation", "made_by", models.CharField(blank=True, default="", max_length=80)),
        migrations.AddField("rolegrant", "beside_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "rolegrant", "granted_by", models.CharField(blank=True, max_length=80, null=True)
        ),
        migrations.AddField("announcement", "is_ended", models.BooleanField(default=False)),
        ByVendor(resets.begin, resets.cease),
    ]
