import uuid

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Lower

from audit.migrations._operations import ByVendor, append_only
from people.migrations import _marks as marks

NUMBER = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
RANDOM = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("people", "0001_initial"),
        ("people", "0002_announcements_and_one_spelling_of_a_name"),
        ("people", "0003_shield_setting"),
        ("people", "0004_shield_settings_are_append_only"),
        ("people", "0005_since_when_and_where"),
        ("people", "0006_who_is_here_has_begun"),
        ("people", "0007_marks"),
    ]
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                NUMBER,
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=150, unique=True)),
                ("display_name", models.CharField(blank=True, max_length=150)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(default="en", max_length=12)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("deactivated_at", models.DateTimeField(blank=True, null=True)),
                ("began_on", models.DateField(blank=True, null=True)),
                ("country", models.CharField(blank=True, max_length=2)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(Lower("username"), name="username_once_in_any_capitals")
                ],
            },
        ),
        migrations.CreateModel(
            name="Platform",
            fields=[
                RANDOM,
                ("name", models.CharField(max_length=120, unique=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                NUMBER,
                ("name", models.CharField(max_length=120, unique=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                NUMBER,
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="invitations", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                NUMBER,
                ("name", models.CharField(max_length=200)),
                ("shield_samples", models.PositiveSmallIntegerField(default=32)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("shield_samples__gte", 16), ("shield_samples__lte", 64)),
                        name="shield_samples_16_to_64",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                NUMBER,
                ("prefix", models.CharField(max_length=32, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("scopes", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="api_keys", to="people.platform"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                RANDOM,
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=models.SET_NULL,
                        related_name="subject",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                NUMBER,
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("moderator", "Moderator"),
                            ("lead", "Team lead"),
                            ("wellbeing_officer", "Wellbeing officer"),
                            ("representative", "Representative"),
                            ("auditor", "Auditor"),
                            ("operator", "Operator"),
                        ],
                        max_length=32,
                    ),
                ),
                ("granted_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="role_grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("user", "role"),
                        name="one_open_grant_per_role",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                NUMBER,
                ("code", models.CharField(max_length=40)),
                ("added_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="skills", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "code"), name="skill_once_per_user")]
            },
        ),
        migrations.CreateModel(
            name="TeamMembership",
            fields=[
                NUMBER,
                ("effective_from", models.DateTimeField()),
                ("effective_until", models.DateTimeField(blank=True, null=True)),
                (
                    "team",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="memberships", to="people.team"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="memberships", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("effective_until__isnull", True)),
                        fields=("user",),
                        name="one_open_team_per_user",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="TimeZonePeriod",
            fields=[
                NUMBER,
                ("zone", models.CharField(max_length=64)),
                ("effective_from", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="time_zones", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "effective_from"), name="one_zone_per_instant")
                ]
            },
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                NUMBER,
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("moderator", "Moderator"),
                            ("lead", "Team lead"),
                            ("wellbeing_officer", "Wellbeing officer"),
                            ("representative", "Representative"),
                            ("auditor", "Auditor"),
                            ("operator", "Operator"),
                        ],
                        max_length=32,
                    ),
                ),
                ("announced_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnnouncementRead",
            fields=[
                NUMBER,
                ("read_at", models.DateTimeField()),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="reads", to="people.announcement"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("announcement", "user"), name="announcement_read_once_per_user"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="ShieldSetting",
            fields=[
                NUMBER,
                ("start_samples", models.PositiveSmallIntegerField()),
                ("floor_samples", models.PositiveSmallIntegerField()),
                ("set_at", models.DateTimeField()),
                ("holds_from", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("floor_samples__lte", 64),
                            ("start_samples__gte", 16),
                            ("start_samples__lte", models.F("floor_samples")),
                        ),
                        name="shield_setting_16_to_64",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("key", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("stamp", models.CharField(max_length=36)),
            ],
        ),
        append_only("people_refuse", {"people_shieldsetting": ("id",)}),
        ByVendor(marks.begin, marks.cease),
    ]
