"""What was shown: stretches, their quarter-hour sums, and which cases were counted."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from wellbeing.core.rules import clock
from wellbeing.core.rules.load import CLEARNESS


class Level(models.TextChoices):
    """What is on the stage, from least to clearest. ``covered`` has no exposure row."""

    TEXT = "text"
    SHIELDED = "shielded"
    LENS = "lens"
    GREY = "grey"
    COLOUR = "colour"


class Exposure(models.Model):
    """A stretch of time in which one presentation of one case was shown to one person.

    It never crosses a quarter of an hour (UTC), so a case's seconds can be re-counted exactly at another
    severity: past the boundary what was is kept as a closed row of its own, and the open row, whose id
    the page knows, goes on (``continues``) from there. ``opened_at`` + ``shown_ms`` is until when it
    is counted. ``beating`` tells a page that beats from one that counts in full until its next request.
    ``covers_at``: when the page was told to cover itself, because a break or a limit is reached then.
    ``unheard_ms``: of ``shown_ms``, what counts although nothing was heard of the page. ``cleared_at``: since when nothing
    of it is served, while it still counts because its page has not been heard of since; ``closed_reason`` says why.
    ``load_units``: what this row alone adds to the load (``core.rules.load``); for that, ``line_ms`` is how long the case had
    been shown in this presentation on this local date before, and ``clearest`` the clearest presentation until then.
    ``units_at_one``: the same with every picture and video at a factor of 1, silent, the one bound of 600 s over the whole
    case; for that, ``case_ms`` is how long the case had been shown, however clearly, on this local date before.
    ``was_covered``: the stage was covered before, so that this is an opening and not a step from one level to another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField()
    case_ref = models.UUIDField()
    claim_ref = models.UUIDField()
    quarter_at = models.DateTimeField()
    category = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10, choices=Level)
    medium = models.CharField(max_length=10)
    with_text = models.BooleanField(default=False)
    sound = models.BooleanField(default=False)
    full_screen = models.BooleanField(default=False)
    beating = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    last_beat_at = models.DateTimeField()
    falls_back_at = models.DateTimeField(null=True, blank=True)
    covers_at = models.DateTimeField(null=True, blank=True)
    shown_ms = models.PositiveBigIntegerField(default=0)
    unheard_ms = models.PositiveBigIntegerField(default=0)
    cleared_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=20, blank=True)
    continues = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    limits_version = models.PositiveBigIntegerField(default=0)
    load_model_version = models.PositiveSmallIntegerField()
    load_units = models.PositiveBigIntegerField(default=0)
    line_ms = models.PositiveBigIntegerField(default=0)
    clearest = models.PositiveSmallIntegerField(default=0)
    units_at_one = models.PositiveBigIntegerField(default=0)
    case_ms = models.PositiveBigIntegerField(default=0)
    was_covered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(closed_at__isnull=True), name="one_open_exposure_per_subject"
            ),
            models.CheckConstraint(condition=Q(severity__lte=4), name="exposure_severity_0_to_4"),
            models.CheckConstraint(
                condition=Q(unheard_ms__lte=F("shown_ms")), name="exposure_unheard_is_of_shown"
            ),
        ]
        indexes = [
            # Re-counting a case, and a person's own record.
            models.Index(fields=["subject", "case_ref"], name="exposure_of_case"),
            models.Index(fields=["subject", "opened_at"], name="exposure_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.id}"

    @property
    def is_bare_shield(self) -> bool:
        """Whether the presentation is the shield and nothing else."""
        return self.level == Level.SHIELDED and not (self.with_text or self.sound or self.full_screen)

    def is_served(self, at: datetime) -> bool:
        """Say whether anything of it may leave at *at* of the person's clock, as text or as bytes, while it is open.

        Not once it was taken from the stage, its page was to cover itself, or its page has been silent: of one that says it
        beats for 10 s, of another for 10 min.
        """
        if self.cleared_at is not None or (self.covers_at is not None and self.covers_at <= at):
            return False
        return clock.may_be_served(last_beat_at=self.last_beat_at, at=at, beating=self.beating)

    def has_fallen_back(self, at: datetime) -> bool:
        """Say whether it is colour that was not held, and is grey again."""
        return self.level == Level.COLOUR and self.falls_back_at is not None and self.falls_back_at <= at

    def shows(self, level: str, *, with_text: bool, at: datetime) -> bool:
        """Say whether *level* is on the stage: nothing clearer than the row, and text only where it was unfolded."""
        if with_text or level == Level.TEXT:
            return self.with_text or self.level == Level.TEXT
        is_grey_again = level == Level.COLOUR and self.has_fallen_back(at)
        return not is_grey_again and CLEARNESS[level] <= CLEARNESS[self.level]


class ExposureSum(models.Model):
    """Milliseconds, cases and load of one person, quarter of an hour (UTC start) and severity.

    ``load_units`` as it was shown, for the person alone; ``units_at_one``: the load that limits, flags and officers read,
    which is the same however clearly somebody looked.
    """

    subject = models.UUIDField()
    quarter_at = models.DateTimeField()
    severity = models.PositiveSmallIntegerField()
    shown_ms = models.PositiveBigIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)
    load_units = models.PositiveBigIntegerField(default=0)
    units_at_one = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            # Also the 'may I?' query: one person, the quarters of a day.
            models.UniqueConstraint(fields=["subject", "quarter_at", "severity"], name="one_sum_per_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.quarter_at} {self.severity}"


class DaySum(models.Model):
    """The same of one person, local date and severity: what flags and the limits of several days are made of.

    ``night_ms``: of it between 22:00 and 06:00, under the date on which the night began. ``late_ms``: of it in the last
    hour of a shift.
    """

    subject = models.UUIDField()
    local_date = models.DateField()
    severity = models.PositiveSmallIntegerField()
    shown_ms = models.PositiveBigIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)
    load_units = models.PositiveBigIntegerField(default=0)
    units_at_one = models.PositiveBigIntegerField(default=0)
    night_ms = models.PositiveBigIntegerField(default=0)
    late_ms = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            # Also what the snapshot reads: one person, the last 28 days.
            models.UniqueConstraint(fields=["subject", "local_date", "severity"], name="one_sum_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.local_date} {self.severity}"


class CaseSeen(models.Model):
    """That a case was counted for a person on a local date: a case counts once a day, when first shown.

    ``openings``: how often it came onto a covered stage on that date.
    """

    subject = models.UUIDField()
    case_ref = models.UUIDField()
    local_date = models.DateField()
    quarter_at = models.DateTimeField()
    severity = models.PositiveSmallIntegerField()
    openings = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "case_ref", "local_date"], name="case_counts_once_a_day"
            )
        ]
        indexes = [
            # Who was shown a case that turned out to be worse.
            models.Index(fields=["case_ref"], name="shown_to"),
        ]

    def __str__(self) -> str:
        return f"{self.case_ref} {self.local_date}"


class SevereClose(models.Model):
    """That a severity-4 case was closed that was seen so that a rest follows: three in 15 minutes make a long one due.

    ``is_cluster``: that was the third of them, twice a shift at most.
    """

    subject = models.UUIDField()
    case_ref = models.UUIDField()
    at = models.DateTimeField()
    is_cluster = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="severe_close_of_person")]

    def __str__(self) -> str:
        return f"{self.case_ref} {self.at}"
