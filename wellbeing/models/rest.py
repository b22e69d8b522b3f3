"""Breaks, and what a person at the desk is doing."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from wellbeing.core.rules import breaks, clock


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
    LOAD = "load"


class BreakState(models.TextChoices):
    """``due`` until the claim ended or is parked, then ``running``, then ``over``."""

    DUE = "due"
    RUNNING = "running"
    OVER = "over"


class Break(models.Model):
    """A rest. ``served_ms`` grows by ticks of at most 10 s, so no clock jump shortens it.

    A step away has length 0: it ends when the person returns, and counts as the break that is
    asked for if it was long enough. ``with_work``: it is the break after time at the desk as well; ``is_strict``: it cannot
    be put off, whatever ``cause`` names; ``is_third``: a long one, for two of its kind were kept since the last.
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
    with_work = models.BooleanField(default=False)
    is_strict = models.BooleanField(default=False)
    is_third = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=~Q(state="over"), name="one_open_break_per_subject"
            )
        ]
        indexes = [models.Index(fields=["subject", "due_at"], name="breaks_of_person")]

    def __str__(self) -> str:
        return f"{self.cause} {self.state}"

    def is_binding(self, at: datetime) -> bool:
        """Say whether it forbids looking and taking at *at* of the person's clock, while it is open."""
        return breaks.is_binding(state=self.state, postponed_until=self.postponed_until, at=at)

    def back_at(self, at: datetime) -> datetime | None:
        """Return the earliest clock time of return from a break that runs; None before it runs."""
        if self.state != BreakState.RUNNING:
            return None
        return at + clock.ms(max(self.length_ms - self.served_ms, 0))


class PresenceKind(models.TextChoices):
    """What a person at the desk is doing."""

    WAITING = "waiting"
    REVIEWING = "reviewing"
    BREAK = "break"
    AWAY = "away"
    OTHER_WORK = "other_work"
    LOST_LINE = "lost_line"
    WELLNESS = "wellness"


class Activity(models.TextChoices):
    """What a person does at other paid work, as they picked it themselves."""

    READING_POLICY = "reading_policy"
    TRAINING = "training"
    PEER_TALK = "peer_talk"
    NOTHING = "nothing"


class OtherWorkSaying(models.Model):
    """What a lead said of one kind of other paid work of their team: whether content is shown in it. Only followed by another.

    ``activity``: any but ``nothing``, in which none is. That none is shown loosens: it holds from each person's next local day.
    """

    team_id = models.PositiveBigIntegerField()
    activity = models.CharField(max_length=16, choices=Activity)
    is_without_content = models.BooleanField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["team_id", "set_at"], name="other_work_of_team")]

    def __str__(self) -> str:
        return f"{self.activity} of team {self.team_id}"


class Presence(models.Model):
    """An interval at the desk. All of it is working time (promise P9). ``activity``: of other paid work only."""

    subject = models.UUIDField()
    kind = models.CharField(max_length=12, choices=PresenceKind)
    activity = models.CharField(max_length=16, choices=Activity, blank=True)
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
