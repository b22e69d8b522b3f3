"""Load flags, what the officer did about them, and whom people can talk to."""

import uuid

from django.db import models
from django.db.models import Q


class FlagCode(models.TextChoices):
    """The stored load flags of WELLBEING.md; REVEAL_UP is computed when its person looks and stored nowhere."""

    RAPID_RISE = "RAPID_RISE"
    HEAVY_STREAK = "HEAVY_STREAK"
    SEV4_STREAK = "SEV4_STREAK"
    BREAKS_SHORT = "BREAKS_SHORT"
    NIGHT = "NIGHT"
    LATE_SEVERE = "LATE_SEVERE"
    REPEAT_VIEW = "REPEAT_VIEW"


class FlagLevel(models.TextChoices):
    """``info`` is for the person alone."""

    INFO = "info"
    AMBER = "amber"
    RED = "red"


class LoadFlag(models.Model):
    """A load flag of one person, raised on a local date; ``figures`` are the numbers of its arithmetic (plain JSON).

    ``fold`` is the number of the officer's acts on it: two officers who act at once cannot both be right.
    ``closed_at``: the officer is done with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField()
    code = models.CharField(max_length=16, choices=FlagCode)
    level = models.CharField(max_length=5, choices=FlagLevel)
    local_date = models.DateField()
    figures = models.JSONField()
    raised_at = models.DateTimeField()
    red_at = models.DateTimeField(null=True, blank=True)
    follow_up_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    fold = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "code", "local_date"], name="one_flag_of_a_kind_per_day"
            )
        ]
        indexes = [
            # The officer's list.
            models.Index(fields=["raised_at"], name="flags_open", condition=Q(closed_at__isnull=True)),
            # What binds a person after a red one, in the snapshot.
            models.Index(fields=["subject", "red_at"], name="flags_red", condition=Q(red_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.level} {self.local_date}"


class MeasureKind(models.TextChoices):
    """What an officer did."""

    CONTACT = "contact"
    REST_DAY = "rest_day"
    LIGHTER_QUEUE = "lighter_queue"
    NOTHING = "nothing"


class Measure(models.Model):
    """What an officer did for one person; a rest day and a lighter queue bind the allocator from ``from_on`` to ``until_on``.

    Both are local dates of the person, inclusive; None for the kinds that bind nothing. Stands in no lead's view.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField()
    flag = models.ForeignKey(
        LoadFlag, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    kind = models.CharField(max_length=16, choices=MeasureKind)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    words = models.TextField(blank=True)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "until_on"], name="measures_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_on}"


class Recount(models.Model):
    """That the sums and flags of a person were computed anew from raw rows up to a local date, and whether they agreed.

    ``differences``: (date, severity, what, kept, recomputed) as plain JSON, empty when all agreed.
    """

    subject = models.UUIDField()
    up_to = models.DateField()
    at = models.DateTimeField()
    differences = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "up_to"], name="one_recount_per_day")]

    def __str__(self) -> str:
        return f"recount {self.up_to}"


class Contact(models.Model):
    """An outside line that people can talk to, of one country (ISO 3166, or empty: everywhere)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.CharField(max_length=2, blank=True)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    languages = models.CharField(max_length=120, blank=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
