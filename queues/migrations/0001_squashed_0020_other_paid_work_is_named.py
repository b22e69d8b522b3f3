import uuid

from django.db import migrations, models

from audit.migrations._operations import ByVendor, room_for_hot_rows
from queues.migrations import _counting as counting

NUMBER = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
RANDOM = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("queues", "0001_initial"),
        ("queues", "0002_every_team"),
        ("queues", "0003_queue_state"),
        ("queues", "0004_board_counters"),
        ("queues", "0005_counted_by_triggers"),
        ("queues", "0010_claims_know_their_limits"),
        ("queues", "0011_a_lease_moves_no_index"),
        ("queues", "0014_open_cases_are_counted"),
        ("queues", "0015_what_may_be_told_of_a_queue"),
        ("queues", "0016_severe_work_is_spread"),
        ("queues", "0020_other_paid_work_is_named"),
    ]
    dependencies = [("people", "0001_squashed_0007_marks")]
    operations = [
        migrations.CreateModel(
            name="Queue",
            fields=[
                NUMBER,
                ("name", models.CharField(max_length=120)),
                ("client_name", models.CharField(max_length=200)),
                ("purpose", models.CharField(max_length=300)),
                ("decision_use", models.CharField(max_length=300)),
                ("trains_model", models.BooleanField(default=False)),
                ("is_default", models.BooleanField(default=False)),
                ("grace_seconds", models.PositiveIntegerField(default=0)),
                ("target_seconds", models.PositiveIntegerField(default=86400)),
                ("appeal_days", models.PositiveIntegerField(default=180)),
                ("extra_actions", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "platform",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="queues", to="people.platform"),
                ),
                ("teams", models.ManyToManyField(blank=True, related_name="queues", to="people.team")),
                ("every_team", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("open", "Open"),
                            ("paused", "Paused"),
                            ("draining", "Draining"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("is_severe", models.BooleanField(db_default=True, default=True)),
                ("other_work", models.CharField(blank=True, db_default="", default="", max_length=120)),
                ("other_work_with", models.CharField(blank=True, db_default="", default="", max_length=80)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("platform", "name"), name="queue_name_once_per_platform"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("platform",),
                        name="one_default_queue_per_platform",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                NUMBER,
                ("language", models.CharField(blank=True, max_length=35)),
                ("category", models.CharField(max_length=40)),
                ("severity", models.PositiveSmallIntegerField()),
                ("skill", models.CharField(blank=True, max_length=40)),
                (
                    "queue",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="lanes", to="queues.queue"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("queue", "language", "category", "severity", "skill"),
                        name="lane_once_per_queue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__lte", 4)), name="lane_severity_0_to_4"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                NUMBER,
                ("case_ref", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first", "First"),
                            ("escalated", "Escalated"),
                            ("second", "Second"),
                            ("appeal", "Appeal"),
                            ("quality", "Quality"),
                        ],
                        default="first",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offering", "Offering"),
                            ("waiting", "Waiting"),
                            ("claimed", "Claimed"),
                            ("done", "Done"),
                            ("ended", "Ended"),
                        ],
                        default="offering",
                        max_length=8,
                    ),
                ),
                ("sort_key", models.BigIntegerField()),
                ("fence", models.PositiveIntegerField(default=0)),
                ("medium", models.CharField(max_length=10)),
                ("sound", models.BooleanField(default=False)),
                ("mild_confirmed", models.BooleanField(default=False)),
                ("expected_seconds", models.PositiveIntegerField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("lane", models.ForeignKey(on_delete=models.PROTECT, related_name="jobs", to="queues.lane")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["lane", "sort_key", "id"],
                        name="job_pick",
                    ),
                    models.Index(
                        condition=models.Q(("state", "offering")), fields=["id"], name="job_offering"
                    ),
                    models.Index(fields=["case_ref"], name="job_of_case"),
                    models.Index(
                        condition=models.Q(("state__in", ["offering", "waiting", "claimed"])),
                        fields=["lane", "created_at"],
                        name="job_oldest",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["offering", "waiting", "claimed"])),
                        fields=("case_ref", "kind"),
                        name="one_open_job_per_case_and_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Skip",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                ("case_ref", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("subject", "case_ref"), name="skip_once")]
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("subject", models.UUIDField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("last_beat_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(models.F("since"), models.F("subject"), name="ticket_order")]},
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                ("fence", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("live", "Live"), ("parked", "Parked"), ("closed", "Closed")],
                        default="live",
                        max_length=6,
                    ),
                ),
                ("arrived_while_waiting", models.BooleanField(default=False)),
                ("claimed_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField()),
                ("parked_at", models.DateTimeField(blank=True, null=True)),
                ("reserved_until", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_reason", models.CharField(blank=True, max_length=20)),
                ("job", models.ForeignKey(on_delete=models.PROTECT, related_name="claims", to="queues.job")),
                ("limits_version", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "parked")),
                        fields=["reserved_until"],
                        name="claim_reserved",
                    ),
                    models.Index(
                        condition=models.Q(("closed_reason", "decided")),
                        fields=["closed_at"],
                        name="claim_decided",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=("job",),
                        name="one_claim_per_job",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=("subject",),
                        name="one_claim_per_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                NUMBER,
                (
                    "lane",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="tallies", to="queues.lane"),
                ),
                ("due_quarter", models.IntegerField()),
                ("jobs", models.BigIntegerField()),
                ("seconds", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("lane", "due_quarter"), name="tally_once_per_quarter")
                ]
            },
        ),
        migrations.CreateModel(
            name="TallyChange",
            fields=[
                NUMBER,
                (
                    "lane",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="+",
                        to="queues.lane",
                    ),
                ),
                ("due_quarter", models.IntegerField()),
                ("jobs", models.SmallIntegerField()),
                ("seconds", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="QueueCount",
            fields=[
                NUMBER,
                ("step", models.IntegerField()),
                ("counted_at", models.DateTimeField()),
                ("is_told", models.BooleanField()),
                ("work", models.JSONField(default=list)),
                ("lanes", models.JSONField(default=list)),
                (
                    "queue",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="counts", to="queues.queue"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("queue", "step"), name="count_once_per_step")]
            },
        ),
        migrations.CreateModel(
            name="Spread",
            fields=[
                NUMBER,
                ("quarter_at", models.DateTimeField()),
                ("most_ms", models.PositiveBigIntegerField(null=True)),
                (
                    "queue",
                    models.OneToOneField(on_delete=models.CASCADE, related_name="spread", to="queues.queue"),
                ),
            ],
        ),
        room_for_hot_rows("queues_job", "queues_claim"),
        ByVendor(counting.begin_with_open_ones, counting.cease),
    ]
