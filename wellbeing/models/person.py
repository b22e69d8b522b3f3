"""The row that is locked for every act of one person, and who read a record."""

from django.db import models


class PersonState(models.Model):
    """The row that is locked for every act of one person: 'the wellbeing row'.

    ``clock_at`` never goes back: under the lock ``at = max(at, clock_at)``; ``wall_at`` is the wall
    clock of the last act. The counters run since the last break that answers them (WELLBEING.md
    'Breaks'), ``since_rest_ms`` since any rest; ``breaks_kept``: of the breaks after minutes, since the last long rest;
    ``severe_answered_at``, ``block_rested_at``: when the counter at severity 3, and the load of the block, were answered last;
    ``block_load`` is the load since the last break of 10 min, in units of ``core.rules.load``.
    ``run_category`` to ``has_passed``: what the cases before say about the next one (``core.rules.turns.Turn``). ``given_back_ms``: what severe cases
    that were given back on that local date count where severe work is evened out. ``first_day``: the local date on which this desk was first opened;
    ``returned_on``: the last one on which it was opened after 14 days away. ``signed_wall_at``, ``signed_ms`` and
    ``signed_source``: what both clocks said (``core.rules.clock.Moment``) at the last sign of this person, ``signed_looking``
    whether something was on their stage then. ``believed_ms``: how much silence of ``believed_on`` was believed covered.
    """

    subject = models.UUIDField(primary_key=True)
    clock_at = models.DateTimeField()
    wall_at = models.DateTimeField()
    work_ms = models.PositiveBigIntegerField(default=0)
    severe_ms = models.PositiveBigIntegerField(default=0)
    extreme_ms = models.PositiveBigIntegerField(default=0)
    since_rest_ms = models.PositiveBigIntegerField(default=0)
    breaks_kept = models.PositiveSmallIntegerField(default=0)
    severe_answered_at = models.DateTimeField(null=True, blank=True)
    block_rested_at = models.DateTimeField(null=True, blank=True)
    limit_grace_until = models.DateTimeField(null=True, blank=True)
    block_load = models.PositiveBigIntegerField(default=0)
    run_category = models.CharField(max_length=40, blank=True)
    run_cases = models.PositiveSmallIntegerField(default=0)
    severe_run = models.PositiveSmallIntegerField(default=0)
    spacing_owed = models.PositiveSmallIntegerField(default=0)
    has_passed = models.BooleanField(default=False)
    given_back_on = models.DateField(null=True, blank=True)
    given_back_ms = models.PositiveBigIntegerField(default=0)
    first_day = models.DateField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    signed_wall_at = models.DateTimeField(null=True, blank=True)
    signed_ms = models.PositiveBigIntegerField(default=0)
    signed_source = models.CharField(max_length=40, blank=True)
    signed_looking = models.BooleanField(default=False)
    believed_on = models.DateField(null=True, blank=True)
    believed_ms = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.subject)


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
