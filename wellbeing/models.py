"""What a person was shown, what may still be shown, and their rest. Read by ``wellbeing`` alone.

Every row bears a *subject* (``people.Subject``), never a user. Durations are whole milliseconds,
so that moving seconds between sums leaves no rounding behind.
"""

import uuid

from django.db import models
from django.db.models import Q


class Level(models.TextChoices):
    """What is on the stage, from least to clearest. ``covered`` has no exposure row."""

    TEXT = "text"
    SHIELDED = "shielded"
    LENS = "lens"
    GREY = "grey"
    COLOUR = "colour"


class PersonState(models.Model):
    """The row that is locked for every act of one person: 'the wellbeing row'.

    ``clock_at`` never goes back: under the lock ``at = max(at, clock_at)``; ``wall_at`` is the wall
    clock of the last act. The counters run since the last break that answers them (WELLBEING.md
    'Breaks').
    """

    subject = models.UUIDField(primary_key=True)
    clock_at = models.DateTimeField()
    wall_at = models.DateTimeField()
    work_ms = models.PositiveBigIntegerField(default=0)
    severe_ms = models.PositiveBigIntegerField(default=0)
    extreme_ms = models.PositiveBigIntegerField(default=0)
    long_work_ms = models.PositiveBigIntegerField(default=0)
    mild_cases_owed = models.PositiveSmallIntegerField(default=0)
    limit_grace_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.subject)


class Rev(models.Model):
    """A change number per group (``person.<subject>``). Live pages re-read when it moves."""

    group = models.CharField(max_length=80, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.group} {self.number}"


class Exposure(models.Model):
    """A stretch of time in which one presentation of one case was shown to one person.

    It never crosses a quarter of an hour (UTC), so a case's seconds can be re-counted exactly at another
    severity: past the boundary what was is kept as a closed row of its own, and the open row, whose id
    the page knows, goes on (``continues``) from there. ``opened_at`` + ``shown_ms`` is until when it
    is counted. ``beating`` tells a page that beats from one that counts in full until its next request.
    ``covers_at``: when the page was told to cover itself, because a break or a limit is reached then.
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
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=20, blank=True)
    continues = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    limits_version = models.PositiveBigIntegerField(default=0)
    load_model_version = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(closed_at__isnull=True), name="one_open_exposure_per_subject"
            ),
            models.CheckConstraint(condition=Q(severity__lte=4), name="exposure_severity_0_to_4"),
        ]
        indexes = [
            # Re-counting a case, and a person's own record.
            models.Index(fields=["subject", "case_ref"], name="exposure_of_case"),
            models.Index(fields=["subject", "opened_at"], name="exposure_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.id}"


class ExposureSum(models.Model):
    """Milliseconds and cases of one person, quarter of an hour (UTC start) and severity."""

    subject = models.UUIDField()
    quarter_at = models.DateTimeField()
    severity = models.PositiveSmallIntegerField()
    shown_ms = models.PositiveBigIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # Also the 'may I?' query: one person, the quarters of a day.
            models.UniqueConstraint(fields=["subject", "quarter_at", "severity"], name="one_sum_per_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.quarter_at} {self.severity}"


class CaseSeen(models.Model):
    """That a case was counted for a person on a local date: a case counts once a day, when first shown."""

    subject = models.UUIDField()
    case_ref = models.UUIDField()
    local_date = models.DateField()
    quarter_at = models.DateTimeField()
    severity = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "case_ref", "local_date"], name="case_counts_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_ref} {self.local_date}"


class SevereClose(models.Model):
    """That a severity-4 case was closed: three in 15 minutes make a break due."""

    subject = models.UUIDField()
    case_ref = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="severe_close_of_person")]

    def __str__(self) -> str:
        return f"{self.case_ref} {self.at}"


class LimitScope(models.TextChoices):
    """Whose limit it is; the tightest of all holds."""

    CEILING = "ceiling"
    TEAM = "team"
    PERSON = "person"
    OWN = "own"


class LimitRow(models.Model):
    """One value of one limit in one scope, from when it was set. Never changed, only followed by another.

    ``scope_ref`` is empty for the ceiling, a team's id, or a subject. A row that ``loosens`` holds
    from each person's next local day; a tighter one at once.
    """

    scope = models.CharField(max_length=10, choices=LimitScope)
    scope_ref = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=40)
    value = models.PositiveIntegerField()
    loosens = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["scope", "scope_ref", "set_at"], name="limits_of_scope")]

    def __str__(self) -> str:
        return f"{self.scope} {self.name} {self.value}"


class BreakCause(models.TextChoices):
    """Why a rest is due (WELLBEING.md 'Breaks')."""

    WORK = "work"
    SEVERE = "severe"
    EXTREME = "extreme"
    LONG = "long"
    COLOUR = "colour"
    CLUSTER = "cluster"
    TOO_MUCH = "too_much"
    STEP_AWAY = "step_away"


class BreakState(models.TextChoices):
    """``due`` until the claim ended or is parked, then ``running``, then ``over``."""

    DUE = "due"
    RUNNING = "running"
    OVER = "over"


class Break(models.Model):
    """A rest. ``served_ms`` grows by ticks of at most 10 s, so no clock jump shortens it.

    A step away has length 0: it ends when the person returns, and counts as the break that is
    asked for if it was long enough.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField()
    cause = models.CharField(max_length=12, choices=BreakCause)
    state = models.CharField(max_length=8, choices=BreakState)
    length_ms = models.PositiveBigIntegerField()
    served_ms = models.PositiveBigIntegerField(default=0)
    due_at = models.DateTimeField()
    decide_until = models.DateTimeField(null=True, blank=True)
    postponed_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ticked_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=~Q(state="over"), name="one_open_break_per_subject"
            )
        ]
        indexes = [models.Index(fields=["subject", "due_at"], name="breaks_of_person")]

    def __str__(self) -> str:
        return f"{self.cause} {self.state}"


class PresenceKind(models.TextChoices):
    """What a person at the desk is doing."""

    WAITING = "waiting"
    REVIEWING = "reviewing"
    BREAK = "break"
    AWAY = "away"
    OTHER_WORK = "other_work"
    LOST_LINE = "lost_line"


class Presence(models.Model):
    """An interval at the desk. All of it is working time (promise P9)."""

    subject = models.UUIDField()
    kind = models.CharField(max_length=12, choices=PresenceKind)
    beating = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    last_beat_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(closed_at__isnull=True), name="one_open_presence_per_subject"
            )
        ]
        indexes = [models.Index(fields=["subject", "opened_at"], name="presence_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.opened_at}"


class RecordReading(models.Model):
    """That someone read a person's record: shown to that person ('Who read my data')."""

    subject = models.UUIDField()
    reader = models.CharField(max_length=80)
    what = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="readings_of_person")]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
