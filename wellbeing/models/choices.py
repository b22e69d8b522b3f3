"""What a person chose for themselves: read by nobody else."""

import uuid

from django.db import models
from django.db.models import Q


class OptOutKind(models.TextChoices):
    """Of what a person has opted out; ``sound`` has no value, it means everything that has sound."""

    CATEGORY = "category"
    MEDIUM = "medium"
    SOUND = "sound"
    LANGUAGE = "language"
    QUEUE = "queue"


class OptOut(models.Model):
    """A person does not want to be handed this, from ``set_at`` until ``until`` (None: until they end it).

    ``value``: a category's code, a medium, a language (BCP 47), or the id of a queue as text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField()
    kind = models.CharField(max_length=10, choices=OptOutKind)
    value = models.CharField(max_length=64, blank=True)
    set_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "kind", "value"],
                condition=Q(ended_at__isnull=True),
                name="one_open_opt_out_per_thing",
            )
        ]
        indexes = [
            models.Index(fields=["subject"], name="opt_outs_of_person", condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class SevereAgreement(models.Model):
    """That a person agreed to be handed severity 4, until they revoke it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField()
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(revoked_at__isnull=True),
                name="one_open_agreement_per_subject",
            )
        ]

    def __str__(self) -> str:
        return f"agreement {self.given_at}"


class Introduction(models.Model):
    """The paid walk through desk, ladder, breaks and contacts before the first real case: how far a person has come."""

    subject = models.UUIDField(primary_key=True)
    begun_at = models.DateTimeField()
    steps = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"introduction {self.begun_at}"


class Buddy(models.Model):
    """A colleague whom a person asked to be there for a talk; it holds once they said yes, and until either ends it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField()
    buddy = models.UUIDField()
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(ended_at__isnull=True), name="one_buddy_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(subject=models.F("buddy")), name="nobody_is_their_own_buddy"),
        ]

    def __str__(self) -> str:
        return f"buddy since {self.asked_at}"
