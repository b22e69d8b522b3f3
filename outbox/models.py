"""Background work that a transaction promised, as rows: leased, fenced, retried, swept."""

from django.db import models
from django.db.models import Q


class OutboxState(models.TextChoices):
    """Quarantined is what was tried as often as its kind allows: kept and listed, never dropped."""

    PENDING = "pending"
    DONE = "done"
    QUARANTINED = "quarantined"


class OutboxEntry(models.Model):
    """One promise. ``fence`` grows with each lease, so a worker that slept past its lease changes nothing."""

    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=OutboxState, default=OutboxState.PENDING)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The lease query: what is due, oldest first.
            models.Index(fields=["run_after", "id"], name="outbox_due", condition=Q(state="pending")),
            # The purge, and the list of what was given up.
            models.Index(fields=["state", "ended_at"], name="outbox_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
