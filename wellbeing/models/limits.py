"""The limits as people set them, what two people are asked to sign, and what a person is asked or asks about them."""

import uuid

from django.db import models
from django.db.models import Q


class Preset(models.TextChoices):
    """The four sets of limits that are shipped (WELLBEING.md 'Limits')."""

    DEFAULT = "default"
    SPECIALIST = "specialist"
    VOLUNTEER = "volunteer"
    STARTER = "starter"


class TeamPreset(models.Model):
    """Which preset a team works under, from when it was chosen; its values stand as limits of the team. Never changed."""

    team_id = models.PositiveBigIntegerField()
    preset = models.CharField(max_length=12, choices=Preset)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["team_id", "set_at"], name="presets_of_team")]

    def __str__(self) -> str:
        return f"{self.preset} of team {self.team_id}"


class CounsellorContract(models.Model):
    """The organisation's contract with an independent counsellor: the preset ``specialist`` asks for one (WELLBEING.md 'Limits').

    ``from_on`` to ``until_on``: both included. ``ended_at``: it ended before, and binds no more from then on. It says nothing
    about a person; ``recorded_by`` and ``ended_by`` are subjects of officers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    counsellor = models.CharField(max_length=120)
    from_on = models.DateField()
    until_on = models.DateField()
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__lte=models.F("until_on")), name="contract_begins_before_it_ends"
            )
        ]

    def __str__(self) -> str:
        return f"contract until {self.until_on}"


class LimitReview(models.Model):
    """The review of the limits every six months, held with a representative (WELLBEING.md, first lines).

    ``held_with``: the subject of who was there as well, named by who wrote it down; it stands for held once that person has
    signed (``signed_at``). A review kept before 0017 may have none: there the one who recorded it had named the other.
    ``fold``: how often it was written down, so that nobody signs what their page did not show. ``objection``: the words
    of the last person named who said that it was not so. ``reminded_at``: when the pages began to say that it is due.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    held_with = models.CharField(max_length=80, blank=True)
    words = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    fold = models.PositiveSmallIntegerField(default=0)
    objected_by = models.CharField(max_length=80, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    objection = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(recorded_at__isnull=True), name="one_open_limit_review"
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True)
                | ~Q(held_with="") & ~Q(held_with=models.F("recorded_by")),
                name="review_held_with_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"review of limits {self.due_on}"


class ReviewTakenBack(models.Model):
    """A review that was written down, and taken back before the other person had signed: it stays to be read.

    ``held_with`` is empty where nobody was named. All people are subjects.
    """

    held_on = models.DateField()
    held_with = models.CharField(max_length=80, blank=True)
    words = models.TextField()
    recorded_by = models.CharField(max_length=80)
    taken_by = models.CharField(max_length=80)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"review of {self.held_on}, taken back"


class LimitScope(models.TextChoices):
    """Whose limit it is; the tightest of all holds."""

    CEILING = "ceiling"
    TEAM = "team"
    PERSON = "person"
    OWN = "own"


class LimitRow(models.Model):
    """One value of one limit in one scope, from when it was set. Never changed, only followed by another.

    ``scope_ref`` is empty for the ceiling, a team's id, or a subject. A row that ``loosens`` holds
    from each person's next local day; a tighter one at once. ``follows``: the row that stood before in
    this scope under this name (0: none), so that of two people who set it at once only the first does.
    """

    scope = models.CharField(max_length=10, choices=LimitScope)
    scope_ref = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=40)
    value = models.PositiveIntegerField()
    loosens = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    follows = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "scope_ref", "name", "follows"], name="one_limit_follows_another"
            )
        ]
        indexes = [models.Index(fields=["scope", "scope_ref", "set_at"], name="limits_of_scope")]

    def __str__(self) -> str:
        return f"{self.scope} {self.name} {self.value}"


class ProposalKind(models.TextChoices):
    """What two people are asked to sign: a ceiling, or anything that loosens the safeguard (promise P6)."""

    CEILING = "ceiling"
    CATEGORY = "category"
    WEIGHT = "weight"
    SHIELD = "shield"


class ProposalState(models.TextChoices):
    """``open`` until it is signed by the second person, or taken back.

    ``announced``: signed while nobody is elected representative; it is adopted after 14 days, or ``void``.
    """

    OPEN = "open"
    ANNOUNCED = "announced"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class Proposal(models.Model):
    """One change that needs two people: who proposed it and as what, and who signed it and as what.

    ``target`` names what changes (a limit, a category's code, ``severity_3``, ``samples``); ``before`` and ``value``
    are the plain values it had and would have. ``proposed_by`` and ``signed_by`` are subjects.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=ProposalKind)
    target = models.CharField(max_length=40)
    before = models.JSONField()
    value = models.JSONField()
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    proposed_by = models.CharField(max_length=80)
    proposed_as = models.CharField(max_length=32)
    proposed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=80, blank=True)
    signed_as = models.CharField(max_length=32, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target"],
                condition=Q(state__in=("open", "announced")),
                name="one_open_proposal_per_target",
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | (~Q(signed_by="") & ~Q(signed_by=models.F("proposed_by"))),
                name="adopted_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target} {self.state}"


class ProposalObjection(models.Model):
    """That a moderator objects to what is announced: read by nobody but that person, counted at the end and then deleted.

    It bears no time, so that nothing tells when somebody objected.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="objections")
    subject = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "subject"], name="one_objection_per_person")
        ]

    def __str__(self) -> str:
        return "objection"


class LimitRequest(models.Model):
    """A looser value for one person, which holds only if that person agrees (promise P6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField()
    name = models.CharField(max_length=40)
    value = models.PositiveIntegerField()
    reason = models.TextField()
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "name"],
                condition=Q(answered_at__isnull=True),
                name="one_open_request_per_limit",
            )
        ]

    def __str__(self) -> str:
        return f"request {self.name} {self.value}"


class Question(models.Model):
    """'Ask a person to look at this': a person's question to the wellbeing officer, answered in writing.

    ``about`` says what it is about (``limit``), ``about_ref`` which row. The answer is due 2 working days later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.UUIDField()
    about = models.CharField(max_length=20)
    about_ref = models.CharField(max_length=40)
    words = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "about", "about_ref"],
                condition=Q(answered_at__isnull=True),
                name="one_open_question_per_thing",
            )
        ]
        indexes = [
            # The officer's list.
            models.Index(fields=["due_at"], name="question_open", condition=Q(answered_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"question about {self.about}"


class LoadModel(models.Model):
    """The weight of each severity from an instant on, in hundredths; version 1 is the one that is shipped."""

    version = models.PositiveSmallIntegerField(primary_key=True)
    weight_0 = models.PositiveSmallIntegerField(default=0)
    weight_1 = models.PositiveSmallIntegerField(default=25)
    weight_2 = models.PositiveSmallIntegerField(default=100)
    weight_3 = models.PositiveSmallIntegerField(default=200)
    weight_4 = models.PositiveSmallIntegerField(default=400)
    set_at = models.DateTimeField()
    holds_from = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"load model {self.version}"
