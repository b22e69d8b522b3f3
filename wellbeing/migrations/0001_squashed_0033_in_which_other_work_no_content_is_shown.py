import uuid

from django.db import migrations, models

from audit.migrations._operations import ByVendor, append_only, room_for_hot_rows
from wellbeing.migrations import _marks as marks

NUMBER = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
RANDOM = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("wellbeing", "0001_initial"),
        ("wellbeing", "0002_the_person_s_own_clock"),
        ("wellbeing", "0003_what_two_people_sign"),
        ("wellbeing", "0004_one_limit_follows_another"),
        ("wellbeing", "0005_limits_are_append_only"),
        ("wellbeing", "0006_every_rule_of_wellbeing"),
        ("wellbeing", "0007_presets_are_append_only"),
        ("wellbeing", "0008_marks"),
        ("wellbeing", "0009_room_for_hot_rows"),
        ("wellbeing", "0010_what_nobody_was_heard_of"),
        ("wellbeing", "0012_who_was_shown_a_case"),
        ("wellbeing", "0016_load_at_one"),
        ("wellbeing", "0017_whoever_is_named_signs"),
        ("wellbeing", "0014_order_is_a_preference"),
        ("wellbeing", "0018_rests_merge"),
        ("wellbeing", "0022_a_review_that_is_taken_back_is_kept"),
        ("wellbeing", "0032_a_contract_with_a_counsellor"),
        ("wellbeing", "0033_in_which_other_work_no_content_is_shown"),
    ]
    dependencies = [("people", "0001_squashed_0007_marks")]
    operations = [
        migrations.CreateModel(
            name="PersonState",
            fields=[
                ("subject", models.UUIDField(primary_key=True, serialize=False)),
                ("clock_at", models.DateTimeField()),
                ("work_ms", models.PositiveBigIntegerField(default=0)),
                ("severe_ms", models.PositiveBigIntegerField(default=0)),
                ("extreme_ms", models.PositiveBigIntegerField(default=0)),
                ("limit_grace_until", models.DateTimeField(blank=True, null=True)),
                ("wall_at", models.DateTimeField()),
                ("block_load", models.PositiveBigIntegerField(default=0)),
                ("first_day", models.DateField(blank=True, null=True)),
                ("returned_on", models.DateField(blank=True, null=True)),
                ("run_cases", models.PositiveSmallIntegerField(default=0)),
                ("run_category", models.CharField(blank=True, max_length=40)),
                ("spacing_owed", models.PositiveSmallIntegerField(default=0)),
                ("signed_wall_at", models.DateTimeField(blank=True, null=True)),
                ("signed_ms", models.PositiveBigIntegerField(default=0)),
                ("signed_source", models.CharField(blank=True, max_length=40)),
                ("signed_looking", models.BooleanField(default=False)),
                ("believed_on", models.DateField(blank=True, null=True)),
                ("believed_ms", models.PositiveBigIntegerField(default=0)),
                ("severe_run", models.PositiveSmallIntegerField(default=0)),
                ("has_passed", models.BooleanField(default=False)),
                ("given_back_on", models.DateField(blank=True, null=True)),
                ("given_back_ms", models.PositiveBigIntegerField(default=0)),
                ("since_rest_ms", models.PositiveBigIntegerField(default=0)),
                ("breaks_kept", models.PositiveSmallIntegerField(default=0)),
                ("severe_answered_at", models.DateTimeField(blank=True, null=True)),
                ("block_rested_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Rev",
            fields=[
                ("group", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Break",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("work", "Work"),
                            ("severe", "Severe"),
                            ("extreme", "Extreme"),
                            ("long", "Long"),
                            ("colour", "Colour"),
                            ("cluster", "Cluster"),
                            ("too_much", "Too Much"),
                            ("step_away", "Step Away"),
                            ("load", "Load"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Due"), ("running", "Running"), ("over", "Over")], max_length=8
                    ),
                ),
                ("length_ms", models.PositiveBigIntegerField()),
                ("served_ms", models.PositiveBigIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("decide_until", models.DateTimeField(blank=True, null=True)),
                ("postponed_until", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ticked_at", models.DateTimeField(blank=True, null=True)),
                ("over_at", models.DateTimeField(blank=True, null=True)),
                ("with_work", models.BooleanField(default=False)),
                ("is_strict", models.BooleanField(default=False)),
                ("is_third", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "due_at"], name="breaks_of_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "over"), _negated=True),
                        fields=("subject",),
                        name="one_open_break_per_subject",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseSeen",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                ("case_ref", models.UUIDField()),
                ("local_date", models.DateField()),
                ("quarter_at", models.DateTimeField()),
                ("severity", models.PositiveSmallIntegerField()),
                ("openings", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["case_ref"], name="shown_to")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "case_ref", "local_date"), name="case_counts_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExposureSum",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                ("quarter_at", models.DateTimeField()),
                ("severity", models.PositiveSmallIntegerField()),
                ("shown_ms", models.PositiveBigIntegerField(default=0)),
                ("cases", models.PositiveIntegerField(default=0)),
                ("load_units", models.PositiveBigIntegerField(default=0)),
                ("units_at_one", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "quarter_at", "severity"), name="one_sum_per_quarter"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="LimitRow",
            fields=[
                NUMBER,
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("ceiling", "Ceiling"),
                            ("team", "Team"),
                            ("person", "Person"),
                            ("own", "Own"),
                        ],
                        max_length=10,
                    ),
                ),
                ("scope_ref", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(max_length=40)),
                ("value", models.PositiveIntegerField()),
                ("loosens", models.BooleanField(default=False)),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("reason", models.TextField(blank=True)),
                ("follows", models.PositiveBigIntegerField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["scope", "scope_ref", "set_at"], name="limits_of_scope")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scope", "scope_ref", "name", "follows"), name="one_limit_follows_another"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("reviewing", "Reviewing"),
                            ("break", "Break"),
                            ("away", "Away"),
                            ("other_work", "Other Work"),
                            ("lost_line", "Lost Line"),
                            ("wellness", "Wellness"),
                        ],
                        max_length=12,
                    ),
                ),
                ("beating", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("last_beat_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "activity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reading_policy", "Reading Policy"),
                            ("training", "Training"),
                            ("peer_talk", "Peer Talk"),
                            ("nothing", "Nothing"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "opened_at"], name="presence_of_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("subject",),
                        name="one_open_presence_per_subject",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordReading",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                ("reader", models.CharField(max_length=80)),
                ("what", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["subject", "at"], name="readings_of_person")]},
        ),
        migrations.CreateModel(
            name="SevereClose",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                ("case_ref", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("is_cluster", models.BooleanField(default=False)),
            ],
            options={"indexes": [models.Index(fields=["subject", "at"], name="severe_close_of_person")]},
        ),
        migrations.CreateModel(
            name="Exposure",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                ("case_ref", models.UUIDField()),
                ("claim_ref", models.UUIDField()),
                ("quarter_at", models.DateTimeField()),
                ("category", models.CharField(max_length=40)),
                ("severity", models.PositiveSmallIntegerField()),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("shielded", "Shielded"),
                            ("lens", "Lens"),
                            ("grey", "Grey"),
                            ("colour", "Colour"),
                        ],
                        max_length=10,
                    ),
                ),
                ("medium", models.CharField(max_length=10)),
                ("with_text", models.BooleanField(default=False)),
                ("sound", models.BooleanField(default=False)),
                ("full_screen", models.BooleanField(default=False)),
                ("beating", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("last_beat_at", models.DateTimeField()),
                ("falls_back_at", models.DateTimeField(blank=True, null=True)),
                ("shown_ms", models.PositiveBigIntegerField(default=0)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_reason", models.CharField(blank=True, max_length=20)),
                ("limits_version", models.PositiveBigIntegerField(default=0)),
                ("load_model_version", models.PositiveSmallIntegerField()),
                (
                    "continues",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.SET_NULL,
                        related_name="+",
                        to="wellbeing.exposure",
                    ),
                ),
                ("covers_at", models.DateTimeField(blank=True, null=True)),
                ("clearest", models.PositiveSmallIntegerField(default=0)),
                ("line_ms", models.PositiveBigIntegerField(default=0)),
                ("load_units", models.PositiveBigIntegerField(default=0)),
                ("was_covered", models.BooleanField(default=False)),
                ("unheard_ms", models.PositiveBigIntegerField(default=0)),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
                ("units_at_one", models.PositiveBigIntegerField(default=0)),
                ("case_ms", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "case_ref"], name="exposure_of_case"),
                    models.Index(fields=["subject", "opened_at"], name="exposure_of_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("subject",),
                        name="one_open_exposure_per_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__lte", 4)), name="exposure_severity_0_to_4"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unheard_ms__lte", models.F("shown_ms"))),
                        name="exposure_unheard_is_of_shown",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LoadModel",
            fields=[
                ("version", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("weight_0", models.PositiveSmallIntegerField(default=0)),
                ("weight_1", models.PositiveSmallIntegerField(default=25)),
                ("weight_2", models.PositiveSmallIntegerField(default=100)),
                ("weight_3", models.PositiveSmallIntegerField(default=200)),
                ("weight_4", models.PositiveSmallIntegerField(default=400)),
                ("set_at", models.DateTimeField()),
                ("holds_from", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("reason", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="LimitRequest",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                ("name", models.CharField(max_length=40)),
                ("value", models.PositiveIntegerField()),
                ("reason", models.TextField()),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("agreed", models.BooleanField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("subject", "name"),
                        name="one_open_request_per_limit",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                RANDOM,
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ceiling", "Ceiling"),
                            ("category", "Category"),
                            ("weight", "Weight"),
                            ("shield", "Shield"),
                        ],
                        max_length=10,
                    ),
                ),
                ("target", models.CharField(max_length=40)),
                ("before", models.JSONField()),
                ("value", models.JSONField()),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("announced", "Announced"),
                            ("adopted", "Adopted"),
                            ("withdrawn", "Withdrawn"),
                            ("void", "Void"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("proposed_by", models.CharField(max_length=80)),
                ("proposed_as", models.CharField(max_length=32)),
                ("proposed_at", models.DateTimeField()),
                ("signed_by", models.CharField(blank=True, max_length=80)),
                ("signed_as", models.CharField(blank=True, max_length=32)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("announced_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "adopted"), _negated=True),
                            models.Q(
                                models.Q(("signed_by", ""), _negated=True),
                                models.Q(("signed_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="adopted_by_two_people",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "announced"))),
                        fields=("kind", "target"),
                        name="one_open_proposal_per_target",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                ("about", models.CharField(max_length=20)),
                ("about_ref", models.CharField(max_length=40)),
                ("words", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_by", models.CharField(blank=True, max_length=80)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=["due_at"],
                        name="question_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("subject", "about", "about_ref"),
                        name="one_open_question_per_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                RANDOM,
                ("country", models.CharField(blank=True, max_length=2)),
                ("name", models.CharField(max_length=120)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("hours", models.CharField(blank=True, max_length=120)),
                ("languages", models.CharField(blank=True, max_length=120)),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Introduction",
            fields=[
                ("subject", models.UUIDField(primary_key=True, serialize=False)),
                ("begun_at", models.DateTimeField()),
                ("steps", models.JSONField(default=list)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Buddy",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                ("buddy", models.UUIDField()),
                ("asked_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("subject",),
                        name="one_buddy_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject", models.F("buddy")), _negated=True),
                        name="nobody_is_their_own_buddy",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Counselling",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                ("until_on", models.DateField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["subject", "until_on"], name="counselling_of_person")]},
        ),
        migrations.CreateModel(
            name="DaySum",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                ("local_date", models.DateField()),
                ("severity", models.PositiveSmallIntegerField()),
                ("shown_ms", models.PositiveBigIntegerField(default=0)),
                ("cases", models.PositiveIntegerField(default=0)),
                ("load_units", models.PositiveBigIntegerField(default=0)),
                ("night_ms", models.PositiveBigIntegerField(default=0)),
                ("late_ms", models.PositiveBigIntegerField(default=0)),
                ("units_at_one", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "local_date", "severity"), name="one_sum_per_day"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="LimitReview",
            fields=[
                RANDOM,
                ("due_on", models.DateField()),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("held_on", models.DateField(blank=True, null=True)),
                ("held_with", models.CharField(blank=True, max_length=80)),
                ("words", models.TextField(blank=True)),
                ("recorded_by", models.CharField(blank=True, max_length=80)),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("fold", models.PositiveSmallIntegerField(default=0)),
                ("objected_by", models.CharField(blank=True, max_length=80)),
                ("objected_at", models.DateTimeField(blank=True, null=True)),
                ("objection", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("recorded_at__isnull", True)),
                        name="one_open_limit_review",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded_at__isnull", True),
                            models.Q(
                                models.Q(("held_with", ""), _negated=True),
                                models.Q(("held_with", models.F("recorded_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="review_held_with_somebody",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="LoadFlag",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("RAPID_RISE", "Rapid Rise"),
                            ("HEAVY_STREAK", "Heavy Streak"),
                            ("SEV4_STREAK", "Sev4 Streak"),
                            ("BREAKS_SHORT", "Breaks Short"),
                            ("NIGHT", "Night"),
                            ("LATE_SEVERE", "Late Severe"),
                            ("REPEAT_VIEW", "Repeat View"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("info", "Info"), ("amber", "Amber"), ("red", "Red")], max_length=5
                    ),
                ),
                ("local_date", models.DateField()),
                ("figures", models.JSONField()),
                ("raised_at", models.DateTimeField()),
                ("red_at", models.DateTimeField(blank=True, null=True)),
                ("follow_up_on", models.DateField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("fold", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["raised_at"],
                        name="flags_open",
                    ),
                    models.Index(
                        condition=models.Q(("red_at__isnull", False)),
                        fields=["subject", "red_at"],
                        name="flags_red",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "code", "local_date"), name="one_flag_of_a_kind_per_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OptOut",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("category", "Category"),
                            ("medium", "Medium"),
                            ("sound", "Sound"),
                            ("language", "Language"),
                            ("queue", "Queue"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=64)),
                ("set_at", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["subject"],
                        name="opt_outs_of_person",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("subject", "kind", "value"),
                        name="one_open_opt_out_per_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recount",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                ("up_to", models.DateField()),
                ("at", models.DateTimeField()),
                ("differences", models.JSONField(default=list)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "up_to"), name="one_recount_per_day")
                ]
            },
        ),
        migrations.CreateModel(
            name="SevereAgreement",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                ("given_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("subject",),
                        name="one_open_agreement_per_subject",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("planned_by", models.CharField(max_length=80)),
                ("planned_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "ends_at"], name="shifts_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="shift_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at__isnull", True)),
                        fields=("subject", "starts_at"),
                        name="one_shift_starts_at_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamPreset",
            fields=[
                NUMBER,
                ("team_id", models.PositiveBigIntegerField()),
                (
                    "preset",
                    models.CharField(
                        choices=[
                            ("default", "Default"),
                            ("specialist", "Specialist"),
                            ("volunteer", "Volunteer"),
                            ("starter", "Starter"),
                        ],
                        max_length=12,
                    ),
                ),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("reason", models.TextField(blank=True)),
            ],
            options={"indexes": [models.Index(fields=["team_id", "set_at"], name="presets_of_team")]},
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                RANDOM,
                ("subject", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact", "Contact"),
                            ("rest_day", "Rest Day"),
                            ("lighter_queue", "Lighter Queue"),
                            ("nothing", "Nothing"),
                        ],
                        max_length=16,
                    ),
                ),
                ("from_on", models.DateField(blank=True, null=True)),
                ("until_on", models.DateField(blank=True, null=True)),
                ("words", models.TextField(blank=True)),
                ("set_by", models.CharField(max_length=80)),
                ("set_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                (
                    "flag",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="measures",
                        to="wellbeing.loadflag",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["subject", "until_on"], name="measures_of_person")]},
        ),
        migrations.CreateModel(
            name="ProposalObjection",
            fields=[
                NUMBER,
                ("subject", models.UUIDField()),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="objections", to="wellbeing.proposal"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("proposal", "subject"), name="one_objection_per_person")
                ]
            },
        ),
        migrations.CreateModel(
            name="ReviewTakenBack",
            fields=[
                NUMBER,
                ("held_on", models.DateField()),
                ("held_with", models.CharField(blank=True, max_length=80)),
                ("words", models.TextField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("taken_by", models.CharField(max_length=80)),
                ("taken_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CounsellorContract",
            fields=[
                RANDOM,
                ("counsellor", models.CharField(max_length=120)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField()),
                ("recorded_by", models.CharField(max_length=80)),
                ("recorded_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_on__lte", models.F("until_on"))),
                        name="contract_begins_before_it_ends",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="OtherWorkSaying",
            fields=[
                NUMBER,
                ("team_id", models.PositiveBigIntegerField()),
                (
                    "activity",
                    models.CharField(
                        choices=[
                            ("reading_policy", "Reading Policy"),
                            ("training", "Training"),
                            ("peer_talk", "Peer Talk"),
                            ("nothing", "Nothing"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_without_content", models.BooleanField()),
                ("set_at", models.DateTimeField()),
                ("set_by", models.CharField(max_length=80)),
                ("reason", models.TextField(blank=True)),
            ],
            options={"indexes": [models.Index(fields=["team_id", "set_at"], name="other_work_of_team")]},
        ),
        append_only("wellbeing_refuse", {"wellbeing_limitrow": ("id",), "wellbeing_loadmodel": ("version",)}),
        append_only("wellbeing_refuse_preset", {"wellbeing_teampreset": ("id",)}),
        ByVendor(marks.begin, marks.cease),
        ByVendor(marks.of_contracts, marks.leave_contracts),
        room_for_hot_rows(
            "wellbeing_personstate",
            "wellbeing_exposure",
            "wellbeing_presence",
            "wellbeing_exposuresum",
            "wellbeing_daysum",
            "wellbeing_rev",
        ),
        # The next release takes the table away: processes of the one before read it.
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Counselling")]),
    ]
