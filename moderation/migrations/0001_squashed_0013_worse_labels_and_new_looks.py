import uuid

from django.db import migrations, models

from audit.migrations._operations import append_only
from moderation.migrations._taxonomy import add, remove

NUMBER = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
RANDOM = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("moderation", "0001_initial"),
        ("moderation", "0002_default_taxonomy"),
        ("moderation", "0010_who_set_a_category_and_how_a_shield_was_made"),
        ("moderation", "0011_category_versions_are_append_only"),
        ("moderation", "0012_guidelines_have_a_language"),
        ("moderation", "0013_worse_labels_and_new_looks"),
    ]
    dependencies = [
        ("people", "0001_squashed_0007_marks"),
        ("queues", "0001_squashed_0020_other_paid_work_is_named"),
    ]
    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.PositiveBigIntegerField()),
                ("format", models.CharField(max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[("stored", "Stored"), ("ready", "Ready"), ("rejected", "Rejected")],
                        default="stored",
                        max_length=10,
                    ),
                ),
                ("rejected_reason", models.CharField(blank=True, max_length=300)),
                ("width", models.PositiveIntegerField(blank=True, null=True)),
                ("height", models.PositiveIntegerField(blank=True, null=True)),
                ("frames", models.PositiveIntegerField(blank=True, null=True)),
                ("phash", models.CharField(blank=True, max_length=16)),
                ("dhash", models.CharField(blank=True, max_length=16)),
                ("stored_at", models.DateTimeField()),
                ("prepared_at", models.DateTimeField(blank=True, null=True)),
                ("shield_samples", models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=120)),
                ("dsa_category", models.CharField(max_length=80)),
                ("is_enabled", models.BooleanField(default=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="FeedHead",
            fields=[
                (
                    "platform",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="feed_head",
                        serialize=False,
                        to="people.platform",
                    ),
                ),
                ("position", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="CategoryVersion",
            fields=[
                NUMBER,
                ("severity", models.PositiveSmallIntegerField()),
                ("flags", models.CharField(blank=True, max_length=12)),
                ("effective_from", models.DateTimeField()),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="versions", to="moderation.category"
                    ),
                ),
                ("is_enabled", models.BooleanField(blank=True, null=True)),
                ("set_at", models.DateTimeField(blank=True, null=True)),
                ("set_by", models.CharField(blank=True, max_length=80)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("severity__lte", 4)), name="category_severity_0_to_4"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                NUMBER,
                ("key", models.CharField(max_length=200)),
                ("operation", models.CharField(max_length=120)),
                ("body_digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("body", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                (
                    "platform",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="people.platform"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="idempotency_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("platform", "key"), name="idempotency_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                RANDOM,
                ("external_id", models.CharField(max_length=200)),
                ("current_revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                (
                    "platform",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="items", to="people.platform"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("platform", "external_id"), name="external_id_once_per_platform"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                NUMBER,
                ("code", models.CharField(max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("guidance", models.TextField(blank=True)),
                ("in_force_from", models.DateTimeField()),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="policy_versions", to="queues.queue"
                    ),
                ),
                ("language", models.CharField(default="en", max_length=12)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("queue", "version"), name="policy_version_once_per_queue")
                ]
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                RANDOM,
                ("url", models.URLField(max_length=500)),
                ("secret", models.TextField()),
                ("previous_secret", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("disabled_at", models.DateTimeField(blank=True, null=True)),
                ("disabled_reason", models.CharField(blank=True, max_length=200)),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="webhook_endpoints", to="people.platform"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                RANDOM,
                ("content_digest", models.CharField(max_length=64)),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("decided", "Decided"),
                            ("withdrawn", "Withdrawn"),
                            ("quarantined", "Quarantined"),
                            ("sealed", "Sealed"),
                            ("erased", "Erased"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("category", models.CharField(max_length=40)),
                ("severity", models.PositiveSmallIntegerField()),
                ("labelled_severity", models.PositiveSmallIntegerField()),
                ("language", models.CharField(blank=True, max_length=35)),
                ("medium", models.CharField(max_length=10)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "platform",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="cases", to="people.platform"),
                ),
                (
                    "queue",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="cases", to="queues.queue"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["queue", "content_digest"], name="case_of_content")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("severity__lte", 4)), name="case_severity_0_to_4"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("queue", "content_digest", "revision"),
                        name="one_open_case_per_content",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("job_ref", models.BigIntegerField()),
                ("subject", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[("provisional", "Provisional"), ("final", "Final"), ("undone", "Undone")],
                        default="provisional",
                        max_length=12,
                    ),
                ),
                ("action", models.CharField(max_length=40)),
                ("severity", models.PositiveSmallIntegerField()),
                ("rationale", models.TextField(blank=True)),
                ("language", models.CharField(default="en", max_length=12)),
                ("ground_kind", models.CharField(default="terms", max_length=10)),
                ("ground_reference", models.CharField(blank=True, max_length=120)),
                ("territory", models.CharField(blank=True, max_length=60)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="decisions", to="moderation.case"
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="moderation.decision",
                    ),
                ),
                (
                    "policy_version",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="decisions", to="moderation.policyversion"
                    ),
                ),
                ("hints", models.JSONField(blank=True, default=list)),
                ("labelled_severity", models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["decided_at"], name="decisions_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["provisional", "final"]), ("supersedes__isnull", True)
                        ),
                        fields=("case",),
                        name="one_first_decision_per_case",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["provisional", "final"])),
                        fields=("supersedes",),
                        name="one_decision_supersedes_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DecisionCategory",
            fields=[
                NUMBER,
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "category",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="moderation.category"),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="category_rows", to="moderation.decision"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("decision", "category"), name="category_once_per_decision"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                ("categories", models.JSONField(default=list)),
                ("action", models.CharField(blank=True, max_length=40)),
                ("rationale", models.TextField(blank=True)),
                ("saved_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="drafts", to="moderation.case"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "case"), name="one_draft_per_person_and_case")
                ]
            },
        ),
        migrations.CreateModel(
            name="ItemRevision",
            fields=[
                NUMBER,
                ("number", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("preparing", "Preparing"),
                            ("waiting", "Waiting"),
                            ("decided", "Decided"),
                            ("withdrawn", "Withdrawn"),
                            ("quarantined", "Quarantined"),
                            ("sealed", "Sealed"),
                            ("erased", "Erased"),
                        ],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("status_reason", models.CharField(blank=True, max_length=300)),
                ("content_digest", models.CharField(max_length=64)),
                ("category", models.CharField(max_length=40)),
                ("severity", models.PositiveSmallIntegerField()),
                ("text", models.TextField(blank=True)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("author", models.JSONField(blank=True, default=dict)),
                ("context", models.JSONField(blank=True, default=dict)),
                ("hints", models.JSONField(blank=True, default=dict)),
                ("scores", models.JSONField(blank=True, default=dict)),
                ("metadata", models.JSONField(blank=True, default=dict)),
                ("priority", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="revisions", to="moderation.case"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="revisions", to="moderation.item"
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="people.platform"),
                ),
                (
                    "doubts",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="moderation.decision",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["platform", "status", "id"], name="revisions_by_status"),
                    models.Index(fields=["case", "status"], name="revisions_of_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="revision_once_per_item")
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                RANDOM,
                (
                    "decided_by",
                    models.CharField(
                        choices=[("person", "Person"), ("rule", "Rule"), ("match", "Match")], max_length=10
                    ),
                ),
                ("feed_position", models.PositiveBigIntegerField()),
                ("appealable_until", models.DateTimeField()),
                ("answered_at", models.DateTimeField()),
                (
                    "platform",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="answers", to="people.platform"),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="answers", to="moderation.decision"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="answers", to="moderation.itemrevision"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("platform", "feed_position"), name="one_answer_per_feed_position"
                    ),
                    models.UniqueConstraint(
                        fields=("revision", "decision"), name="one_answer_per_revision_and_decision"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Medium",
            fields=[
                RANDOM,
                ("position", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("filename", models.CharField(blank=True, max_length=255)),
                (
                    "blob",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="media", to="moderation.blob"),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="media", to="moderation.itemrevision"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("revision", "position"), name="medium_once_per_place")
                ]
            },
        ),
        migrations.CreateModel(
            name="MediumVerdict",
            fields=[
                NUMBER,
                ("sha256", models.CharField(max_length=64)),
                ("verdict", models.CharField(max_length=40)),
                ("severity", models.PositiveSmallIntegerField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="medium_verdicts", to="moderation.decision"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["sha256", "severity"], name="verdicts_of_bytes")],
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "sha256"), name="verdict_once_per_medium")
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                NUMBER,
                ("source", models.CharField(max_length=20)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("score", models.FloatField(blank=True, null=True)),
                ("reported_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="reports", to="moderation.case"),
                ),
                (
                    "item",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="reports", to="moderation.item"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookEvent",
            fields=[
                RANDOM,
                ("type", models.CharField(max_length=40)),
                ("body", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="webhook_events",
                        to="moderation.answer",
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="webhook_events", to="people.platform"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                RANDOM,
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("delivered", "Delivered"),
                            ("exhausted", "Exhausted"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="deliveries", to="moderation.webhookendpoint"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="deliveries", to="moderation.webhookevent"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("endpoint", "event"), name="event_once_per_endpoint")
                ]
            },
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                NUMBER,
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("latency_ms", models.PositiveIntegerField()),
                ("error", models.CharField(blank=True, max_length=200)),
                ("response_excerpt", models.CharField(blank=True, max_length=500)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="attempts", to="moderation.webhookdelivery"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("delivery", "number"), name="attempt_once_per_number")
                ]
            },
        ),
        migrations.CreateModel(
            name="LookAgain",
            fields=[
                NUMBER,
                ("content_digest", models.CharField(max_length=64)),
                ("occasion", models.CharField(max_length=20)),
                ("opened_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="looks_again", to="moderation.case"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="looks_again", to="moderation.decision"
                    ),
                ),
                (
                    "policy_version",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="moderation.policyversion"
                    ),
                ),
                ("queue", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="queues.queue")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("queue", "content_digest", "policy_version", "occasion"),
                        name="one_new_look_per_occasion",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="SplitMatch",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="splits", to="moderation.case"),
                ),
                (
                    "item",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="splits", to="moderation.item"),
                ),
                (
                    "own_case",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="moderation.case"),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("item", "case"), name="split_once")]},
        ),
        migrations.AddField(
            "case",
            "earlier",
            models.ForeignKey(
                blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="moderation.decision"
            ),
        ),
        migrations.AddField("case", "hints", models.JSONField(blank=True, default=list)),
        migrations.RunPython(add, remove),
        append_only("moderation_refuse", {"moderation_categoryversion": ("id",)}),
    ]
