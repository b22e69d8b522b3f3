"""When people planned to work: from when to when, by whom."""

import uuid

from django.db import models
from django.db.models import F, Q


class Shift(models.Model):
    """A planned shift, in whole quarters of an hour (UTC). It is cancelled, never moved: a new one is planned instead.

    ``planned_by``: the subject of the person, or of a lead. One that has begun stays as it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned_by = models.CharField(max_length=80)
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["subject", "starts_at"],
                condition=Q(cancelled_at__isnull=True),
                name="one_shift_starts_at_once",
            ),
        ]
        # The shifts around an instant of one person.
        indexes = [models.Index(fields=["subject", "ends_at"], name="shifts_of_person")]

    def __str__(self) -> str:
        return f"{self.starts_at} to {self.ends_at}"
