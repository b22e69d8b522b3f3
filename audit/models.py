"""The append-only, hash-chained record of who changed what. Triggers forbid UPDATE and DELETE."""

from django.db import models
from django.db.models import Q

from audit.rules.security import BOUNDED


class AuditRow(models.Model):
    """One change. ``actor`` is a subject, ``platform:<id>`` or ``system``; never a name, never exposure."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=80)
    target_kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            # What a lead reads of the team's queues, among millions of rows about everything else.
            models.Index(fields=["target_id", "id"], name="audit_of_queues", condition=Q(target_kind="queue"))
        ]
        constraints = [
            # What anybody can bring about at will; ``at`` is the beginning of its quarter of an hour.
            models.UniqueConstraint(
                fields=["actor", "action", "target_kind", "target_id", "at"],
                condition=Q(action__in=BOUNDED),
                name="one_row_per_quarter_of_an_hour",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_kind} {self.target_id}"


class AuditPending(models.Model):
    """A row that waits for its seal: written with it, removed by the sealer.

    It is a list of work, not part of the record: rows commit in another order than their ids, so
    'the next id' would miss some, and looking for rows without a seal would read the whole chain.
    """

    row = models.OneToOneField(AuditRow, on_delete=models.CASCADE, primary_key=True, related_name="pending")

    def __str__(self) -> str:
        return f"row {self.row_id}"


class AuditSeal(models.Model):
    """The place of a committed row in the chain: ``digest`` = SHA-256(previous digest + the row).

    Sealed after the commit, because rows commit in another order than their ids.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    row = models.OneToOneField(AuditRow, on_delete=models.PROTECT, related_name="seal")
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sequence} {self.digest[:12]}"


class AuditCheckpoint(models.Model):
    """A signed statement that the chain was ``digest`` at ``sequence``."""

    sequence = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sequence"], name="one_checkpoint_per_sequence")]

    def __str__(self) -> str:
        return f"checkpoint {self.sequence}"


class SealLock(models.Model):
    """The single row that a sealer holds, so that two sealers cannot fork the chain."""

    def __str__(self) -> str:
        return "the sealer's lock"
