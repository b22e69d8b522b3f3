"""What a moderator concluded on a case, and what each item is answered."""

import uuid

from django.db import models
from django.db.models import Q

from moderation.models.content import Case, Item, ItemRevision
from moderation.models.taxonomy import Category, PolicyVersion
from people.models import Platform
from queues.models import Queue


class DecisionState(models.TextChoices):
    """Provisional until the grace of the queue is over."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    UNDONE = "undone"


class DecidedBy(models.TextChoices):
    """Whether a person looked, a rule decided, or the content was known."""

    PERSON = "person"
    RULE = "rule"
    MATCH = "match"


class Decision(models.Model):
    """A conclusion on a case. ``id`` is the UUID that the browser made: sent twice, it counts once.

    ``severity``, ``labelled_severity`` and ``hints`` are the case's when it was decided. Provisional until ``effective_at``, when the
    outbox finalises it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    job_ref = models.BigIntegerField()
    subject = models.UUIDField()
    state = models.CharField(max_length=12, choices=DecisionState, default=DecisionState.PROVISIONAL)
    action = models.CharField(max_length=40)
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="decisions")
    severity = models.PositiveSmallIntegerField()
    labelled_severity = models.PositiveSmallIntegerField(null=True, blank=True)
    hints = models.JSONField(default=list, blank=True)
    rationale = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")
    ground_kind = models.CharField(max_length=10, default="terms")
    ground_reference = models.CharField(max_length=120, blank=True)
    territory = models.CharField(max_length=60, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["provisional", "final"], supersedes__isnull=True),
                name="one_first_decision_per_case",
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=Q(state__in=["provisional", "final"]),
                name="one_decision_supersedes_another",
            ),
        ]
        indexes = [
            # How far labels were off in a stretch of weeks.
            models.Index(fields=["decided_at"], name="decisions_by_time"),
        ]

    def __str__(self) -> str:
        return f"decision {self.id}"


class DecisionCategory(models.Model):
    """A category that the decision found. None of them means 'none of these'."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="category_rows")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "category"], name="category_once_per_decision")
        ]

    def __str__(self) -> str:
        return self.category_id


class MediumVerdict(models.Model):
    """What the decision says of one file, by its bytes. Severity 0 or 1 lifts the start of the shield (P3)."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="medium_verdicts")
    sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "sha256"], name="verdict_once_per_medium")]
        indexes = [models.Index(fields=["sha256", "severity"], name="verdicts_of_bytes")]

    def __str__(self) -> str:
        return f"{self.verdict} {self.sha256[:12]}"


class FeedHead(models.Model):
    """The last feed position given to a platform. Locked to give the next: gap-free, in commit order."""

    platform = models.OneToOneField(
        Platform, primary_key=True, on_delete=models.CASCADE, related_name="feed_head"
    )
    position = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.platform_id} {self.position}"


class Answer(models.Model):
    """What one item revision is told: a final decision, at a position of the platform's feed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="answers")
    revision = models.ForeignKey(ItemRevision, on_delete=models.PROTECT, related_name="answers")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="answers")
    decided_by = models.CharField(max_length=10, choices=DecidedBy)
    feed_position = models.PositiveBigIntegerField()
    appealable_until = models.DateTimeField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "feed_position"], name="one_answer_per_feed_position"
            ),
            models.UniqueConstraint(
                fields=["revision", "decision"], name="one_answer_per_revision_and_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.id}"


class Draft(models.Model):
    """What a person has chosen and written so far on a case. Theirs alone; kept when the claim is lost."""

    subject = models.UUIDField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    categories = models.JSONField(default=list)
    action = models.CharField(max_length=40, blank=True)
    rationale = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "case"], name="one_draft_per_person_and_case")
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class LookAgain(models.Model):
    """What opened a new look at decided content: at most once per content, policy version and occasion.

    ``occasion``: ``authority``, ``trusted_flagger``, or ``users_10``, ``users_100``, … ``decision``: what stood then.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    content_digest = models.CharField(max_length=64)
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=20)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="looks_again")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="looks_again")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "content_digest", "policy_version", "occasion"],
                name="one_new_look_per_occasion",
            )
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.case_id}"


class SplitMatch(models.Model):
    """That a person split an item off a case with equal content: that match is never made again."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="splits")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="splits")
    own_case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    subject = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "case"], name="split_once")]

    def __str__(self) -> str:
        return f"item {self.item_id} is no match of {self.case_id}"
