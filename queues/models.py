"""Who gets which case next. A job knows its case only as an opaque reference; its row is thin and hot."""

import uuid

from django.db import models
from django.db.models import F, Q

from people.models import Platform, Team


class QueueState(models.TextChoices):
    """``draft`` and ``closed`` take in nothing and hand out nothing; ``paused`` only takes in, ``draining`` only
    hands out.
    """

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    DRAINING = "draining"
    CLOSED = "closed"


HANDS_OUT = (QueueState.OPEN, QueueState.DRAINING)
TAKES_IN = (QueueState.OPEN, QueueState.PAUSED)


class Queue(models.Model):
    """Where jobs wait. It names for whom, to what end, and whether the answers train a model.

    Its ``teams`` may take from it, or every team, those that are made later too. ``version`` grows with every change
    by a lead: who saves names the version their page showed. ``is_severe``: severity 3 and up may come; then ``other_work``
    is what its people do instead once that is closed to them, and ``other_work_with`` with whom.
    """

    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="queues")
    name = models.CharField(max_length=120)
    client_name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    decision_use = models.CharField(max_length=300)
    trains_model = models.BooleanField(default=False)
    is_severe = models.BooleanField(default=True, db_default=True)
    other_work = models.CharField(max_length=120, blank=True, default="", db_default="")
    other_work_with = models.CharField(max_length=80, blank=True, default="", db_default="")
    state = models.CharField(max_length=8, choices=QueueState, default=QueueState.OPEN)
    is_default = models.BooleanField(default=False)
    grace_seconds = models.PositiveIntegerField(default=0)
    target_seconds = models.PositiveIntegerField(default=24 * 3600)
    appeal_days = models.PositiveIntegerField(default=180)
    extra_actions = models.JSONField(default=list, blank=True)
    every_team = models.BooleanField(default=False)
    teams = models.ManyToManyField(Team, related_name="queues", blank=True)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "name"], name="queue_name_once_per_platform"),
            models.UniqueConstraint(
                fields=["platform"], condition=Q(is_default=True), name="one_default_queue_per_platform"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hands_out(self) -> bool:
        """Whether desks may take from it."""
        return self.state in HANDS_OUT

    @property
    def takes_in(self) -> bool:
        """Whether new items may come in."""
        return self.state in TAKES_IN


class Lane(models.Model):
    """The jobs of one queue that share language, category, severity and the skill they ask for."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="lanes")
    language = models.CharField(max_length=35, blank=True)
    category = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField()
    skill = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "language", "category", "severity", "skill"], name="lane_once_per_queue"
            ),
            models.CheckConstraint(condition=Q(severity__lte=4), name="lane_severity_0_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.severity} {self.language}"


class JobKind(models.TextChoices):
    """Which look at the case this is."""

    FIRST = "first"
    ESCALATED = "escalated"
    SECOND = "second"
    APPEAL = "appeal"
    QUALITY = "quality"


class JobState(models.TextChoices):
    """``offering`` is ``waiting`` before the desks that wait have been asked: see ``services.offers``."""

    OFFERING = "offering"
    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    ENDED = "ended"


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs, narrowed."""

    def waiting(self) -> "JobQuerySet":
        """Those that anybody may be handed."""
        return self.filter(state=JobState.WAITING)

    def places_for(self, subject: uuid.UUID) -> "models.QuerySet[Job, tuple[int, int, bool]]":
        """Yield (sort_key, id, whether this person has skipped the case), in the order of the line."""
        skips = Skip.objects.filter(subject=subject, case_ref=models.OuterRef("case_ref"))
        return self.order_by("sort_key", "id").values_list("sort_key", "id", models.Exists(skips))


class Job(models.Model):
    """One unit of review work. ``sort_key``: milliseconds since 1970, smallest first; it moves when the due time passes."""

    case_ref = models.UUIDField()
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=10, choices=JobKind, default=JobKind.FIRST)
    state = models.CharField(max_length=8, choices=JobState, default=JobState.OFFERING)
    sort_key = models.BigIntegerField()
    fence = models.PositiveIntegerField(default=0)
    medium = models.CharField(max_length=10)
    sound = models.BooleanField(default=False)
    mild_confirmed = models.BooleanField(default=False)
    expected_seconds = models.PositiveIntegerField()
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            # The pick: per lane, in claim order, only what waits.
            models.Index(fields=["lane", "sort_key", "id"], name="job_pick", condition=Q(state="waiting")),
            models.Index(fields=["id"], name="job_offering", condition=Q(state="offering")),
            models.Index(fields=["case_ref"], name="job_of_case"),
            # A count: since when the oldest open job of a lane is there.
            models.Index(
                fields=["lane", "created_at"],
                name="job_oldest",
                condition=Q(state__in=["offering", "waiting", "claimed"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case_ref", "kind"],
                condition=Q(state__in=["offering", "waiting", "claimed"]),
                name="one_open_job_per_case_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"job {self.pk}"


NO_DUE_TIME = -1
"""The quarter of jobs without a due time."""


class Tally(models.Model):
    """How many jobs of a lane are open (waiting or in hand), and their expected seconds, by the quarter they are due in.

    ``due_quarter``: quarters of an hour since 1970 (UTC), or ``NO_DUE_TIME``. Written by ``services.tallies`` alone,
    from the changes; what holds is this and the changes that are not folded yet, together. It moves with each decision:
    no page reads it, pages read ``QueueCount``.
    """

    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="tallies")
    due_quarter = models.IntegerField()
    jobs = models.BigIntegerField()
    seconds = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lane", "due_quarter"], name="tally_once_per_quarter")]

    def __str__(self) -> str:
        return f"{self.jobs} in lane {self.lane_id}"


class TallyChange(models.Model):
    """That a job began or ceased to be open: one row by a trigger on the job table, whoever writes there.

    Rows are only added, so that no two decisions wait for one counter; a sweep folds them into ``Tally``. Without a
    foreign key in the database, whose check would lock the lane in every decision.
    """

    lane = models.ForeignKey(
        Lane, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    due_quarter = models.IntegerField()
    jobs = models.SmallIntegerField()
    seconds = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.jobs:+} in lane {self.lane_id}"


class QueueCount(models.Model):
    """What was open in a queue at a full five minutes. Pages tell the last one that may be told (``rules.telling``).

    ``step``: five minutes since 1970 (UTC); ``counted_at``: when it was counted, soon after. ``work``: a list of
    ``[lane id, due quarter, jobs, seconds]``; ``lanes``: of ``[lane id, oldest, decided]``, the seconds since 1970 since
    when its oldest open case does wait, and when somebody last decided one, or None. Written by ``services.counts``
    alone; older ones than the last that is told are not kept.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="counts")
    step = models.IntegerField()
    counted_at = models.DateTimeField()
    is_told = models.BooleanField()
    work = models.JSONField(default=list)
    lanes = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "step"], name="count_once_per_step")]

    def __str__(self) -> str:
        return f"count {self.step} of queue {self.queue_id}"


class ClaimState(models.TextChoices):
    """``parked``: put aside for a break, reserved for the same person."""

    LIVE = "live"
    PARKED = "parked"
    CLOSED = "closed"


class Claim(models.Model):
    """A moderator's hold on a job. ``fence`` is the job's fence when it was taken; ``limits_version``: the last row of
    limits that held for this person then, so that it can be explained later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="claims")
    subject = models.UUIDField()
    fence = models.PositiveIntegerField()
    state = models.CharField(max_length=6, choices=ClaimState, default=ClaimState.LIVE)
    arrived_while_waiting = models.BooleanField(default=False)
    claimed_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    parked_at = models.DateTimeField(null=True, blank=True)
    reserved_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=20, blank=True)
    limits_version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=~Q(state="closed"), name="one_claim_per_job"),
            models.UniqueConstraint(
                fields=["subject"], condition=~Q(state="closed"), name="one_claim_per_person"
            ),
        ]
        indexes = [
            # The sweep: reservations that ran out. Leases have no index: every beat moves one, and would move all indexes
            # of its row with it; the sweep reads them by `one_claim_per_person`, which holds no more rows than there are desks.
            models.Index(fields=["reserved_until"], name="claim_reserved", condition=Q(state="parked")),
            # A count: how many people decided in a queue since the last one.
            models.Index(fields=["closed_at"], name="claim_decided", condition=Q(closed_reason="decided")),
        ]

    def __str__(self) -> str:
        return f"{self.state} claim {self.id}"


class Skip(models.Model):
    """That a case is not offered to this person again. No reason is asked, nobody else reads it."""

    subject = models.UUIDField()
    case_ref = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "case_ref"], name="skip_once")]

    def __str__(self) -> str:
        return f"skip {self.pk}"


class Bookmark(models.Model):
    """Up to where a person has skipped all that waits in a lane: the pick begins after it, and walks over nothing again.

    Whatever waits at or before (``sort_key``, ``job_id``) this person has skipped, or it stands in ``EarlierJob``. It says no
    more than their skips, is nobody's to read, and goes with them: a skip that is taken back deletes its person's bookmarks,
    by a trigger. Moved by ``services.bookmarks`` alone. No foreign key in the database: its check would lock the lane.
    """

    subject = models.UUIDField()
    lane = models.ForeignKey(
        Lane, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    sort_key = models.BigIntegerField()
    job_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "lane"], name="bookmark_once_per_lane")]
        # A job comes to wait: is there a bookmark at or after its place?
        indexes = [models.Index(fields=["lane", "sort_key", "job_id"], name="bookmark_of_lane")]

    def __str__(self) -> str:
        return f"bookmark {self.pk}"


class EarlierJob(models.Model):
    """A job that came to wait at or before somebody's bookmark: the pick looks here beside what comes after the bookmark.

    Written by a trigger on the job table, whoever writes there; what needs it no more is tidied by a sweep.
    """

    lane = models.ForeignKey(
        Lane, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    job = models.ForeignKey(
        Job, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lane", "job"], name="earlier_job_once_per_lane")]

    def __str__(self) -> str:
        return f"job {self.job_id} in lane {self.lane_id}"


class Spread(models.Model):
    """Above how much severe work of the day somebody is put back in a queue, for a quarter of an hour (``services.spread``).

    ``most_ms`` is None while fewer than three people at work may take it. It names nobody, and no page reads it.
    """

    queue = models.OneToOneField(Queue, on_delete=models.CASCADE, related_name="spread")
    quarter_at = models.DateTimeField()
    most_ms = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"spread of queue {self.queue_id}"


class Ticket(models.Model):
    """A desk that waits for work. The oldest that beat within 10 s and may take a job gets it."""

    subject = models.UUIDField(primary_key=True)
    since = models.DateTimeField()
    last_beat_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(F("since"), F("subject"), name="ticket_order")]

    def __str__(self) -> str:
        return f"ticket {self.subject}"
