"""Items as the platform sent them, the cases they join, and the media they carry."""

import uuid

from django.db import models
from django.db.models import Q

from people.models import Platform
from queues.models import Queue


class CaseState(models.TextChoices):
    """How far a case is; an open one awaits its decision."""

    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    QUARANTINED = "quarantined"
    SEALED = "sealed"
    ERASED = "erased"


class Case(models.Model):
    """One or more items with the same content (text, media bytes, context), awaiting one decision.

    ``content_digest`` is the SHA-256 over that content. ``revision``: 1 is the case that every item of this content joins;
    higher ones were split off, each for one item. ``severity`` only rises. ``labelled_severity``: what the label said
    until somebody was shown it. ``hints``: those given as true of any of its items. ``earlier``: the decision that stood
    on this content when this look was opened, shown beside it; an open case with one of its own is looked at anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="cases")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="cases")
    content_digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=CaseState, default=CaseState.OPEN)
    category = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()
    labelled_severity = models.PositiveSmallIntegerField()
    hints = models.JSONField(default=list, blank=True)
    earlier = models.ForeignKey(
        "moderation.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=35, blank=True)
    medium = models.CharField(max_length=10)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "content_digest", "revision"],
                condition=Q(state="open"),
                name="one_open_case_per_content",
            ),
            models.CheckConstraint(condition=Q(severity__lte=4), name="case_severity_0_to_4"),
        ]
        indexes = [
            # Joining known content, open or decided.
            models.Index(fields=["queue", "content_digest"], name="case_of_content"),
        ]

    def __str__(self) -> str:
        return f"case {self.id}"


class ItemStatus(models.TextChoices):
    """What a platform is told of an item (API.md). A look in progress is not among them."""

    RECEIVED = "received"
    PREPARING = "preparing"
    WAITING = "waiting"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    QUARANTINED = "quarantined"
    SEALED = "sealed"
    ERASED = "erased"


class Item(models.Model):
    """The thing on the platform, known by its ``external_id``. Its content is in its revisions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="items")
    external_id = models.CharField(max_length=200)
    current_revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "external_id"], name="external_id_once_per_platform")
        ]

    def __str__(self) -> str:
        return f"item {self.id}"


class ItemRevision(models.Model):
    """The content of an item at one revision. A new revision may have another case; else only a split gives it one.

    ``doubts``: the decision on its case that gives it no answer, because something spoke against the match.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="revisions")
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=ItemStatus, default=ItemStatus.RECEIVED)
    status_reason = models.CharField(max_length=300, blank=True)
    content_digest = models.CharField(max_length=64)
    category = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    author = models.JSONField(default=dict, blank=True)
    context = models.JSONField(default=dict, blank=True)
    hints = models.JSONField(default=dict, blank=True)
    scores = models.JSONField(default=dict, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    priority = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    doubts = models.ForeignKey(
        "moderation.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="revision_once_per_item")]
        indexes = [
            models.Index(fields=["platform", "status", "id"], name="revisions_by_status"),
            models.Index(fields=["case", "status"], name="revisions_of_case"),
        ]

    def __str__(self) -> str:
        return f"item {self.item_id} revision {self.number}"


class Report(models.Model):
    """Someone or something said that an item may break a policy."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="reports")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    source = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000, blank=True)
    score = models.FloatField(null=True, blank=True)
    reported_at = models.DateTimeField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"report {self.pk}"


class BlobState(models.TextChoices):
    """Whether renditions were made of these bytes."""

    STORED = "stored"
    READY = "ready"
    REJECTED = "rejected"


class Blob(models.Model):
    """Bytes, known by their SHA-256, with what was derived from them. Shared by equal media.

    ``shield_samples``: with how many samples its shield was made.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    format = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=BlobState, default=BlobState.STORED)
    rejected_reason = models.CharField(max_length=300, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    frames = models.PositiveIntegerField(null=True, blank=True)
    phash = models.CharField(max_length=16, blank=True)
    dhash = models.CharField(max_length=16, blank=True)
    shield_samples = models.PositiveSmallIntegerField(null=True, blank=True)
    stored_at = models.DateTimeField()
    prepared_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.sha256


class Medium(models.Model):
    """One file of an item revision, at its place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(ItemRevision, on_delete=models.CASCADE, related_name="media")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="media")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    filename = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "position"], name="medium_once_per_place")]

    def __str__(self) -> str:
        return f"medium {self.id}"
