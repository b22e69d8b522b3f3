"""Who works here, for whom, and as what.

Wellbeing, queues, decisions and audit never hold a user: they hold the random ``Subject``. The one
table that links the two is here; cutting ``Subject.user`` is what erasure does to all of them.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """The employer. One row per installation."""

    name = models.CharField(max_length=200)
    shield_samples = models.PositiveSmallIntegerField(default=32)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shield_samples__gte=16, shield_samples__lte=64), name="shield_samples_16_to_64"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ShieldSetting(models.Model):
    """With how many samples shields are made, from an instant on, and the most that anybody may ever start with.

    Fewer samples are the stronger shield (WELLBEING.md 'The shield'). Before the first row ``Organisation.shield_samples`` holds.
    """

    start_samples = models.PositiveSmallIntegerField()
    floor_samples = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    holds_from = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    start_samples__gte=16, start_samples__lte=models.F("floor_samples"), floor_samples__lte=64
                ),
                name="shield_setting_16_to_64",
            )
        ]

    def __str__(self) -> str:
        return f"{self.start_samples} of at most {self.floor_samples} samples"


class UserManager(BaseUserManager["User"]):
    """Finds a user whatever the capitals of the name typed at sign-in."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. There is no superuser: what a person may do is told by their roles.

    ``country`` (ISO 3166) says which outside lines they are shown. ``began_on``: since when they do this work, as the
    employer says; empty: since the first day at this desk (the ramp of new starters, WELLBEING.md 'Limits').
    """

    username = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=12, default="en")
    country = models.CharField(max_length=2, blank=True)
    began_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="username_once_in_any_capitals")]

    def __str__(self) -> str:
        return self.display_name or self.username

    def check_password(self, raw_password: str | None) -> bool:
        """Tell whether this is the password. The same one hashed anew, as newer settings ask, is no change of it."""
        return check_password(raw_password, self.password, self._hash_anew)

    def _hash_anew(self, raw_password: str) -> None:
        with OwnHand.objects.of(self):
            self.set_password(raw_password)
            self._password = None
            self.save(update_fields=["password"])


class OwnHandManager(models.Manager["OwnHand"]):
    """Says, within a transaction, that a person changes their own sign-in."""

    @contextmanager
    def of(self, user: User) -> Iterator[None]:
        """Let what is changed inside be the person's own act; nothing is left behind when it ends."""
        with transaction.atomic():
            hand, is_mine = self.get_or_create(user=user)
            yield
            if is_mine:
                hand.delete()


class OwnHand(models.Model):
    """While this row is there, a person changes their own password, factor or address; it never outlives a transaction.

    The triggers that write ``Reset`` look for it, so whatever does not declare itself counts as somebody else's act.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[OwnHandManager] = OwnHandManager()

    def __str__(self) -> str:
        return f"user {self.user_id} changes their own sign-in"


class ResetKind(models.TextChoices):
    """What was set anew."""

    PASSWORD = "password", _("Password")
    FACTOR = "factor", _("Second factor")
    ADDRESS = "address", _("Address")
    FIRST = "first", _("First password")


class Reset(models.Model):
    """A person's sign-in was changed by somebody else: until it is confirmed, nobody reads or changes their records by it.

    Written by triggers (``migrations/_resets.py``), so that no command, page or shell can forget it; ``first``, that somebody else
    chose the first password, by the service that makes accounts, and over once the person has chosen their own. ``made_by``: the subject
    who made the link or took the factor away, empty where nobody knows. ``last_factor`` and ``last_grant``: the newest
    second factor of the person, and the newest role of anybody, that were there before it (ids, not clocks).
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="resets")
    kind = models.CharField(max_length=8, choices=ResetKind)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80, blank=True)
    last_factor = models.BigIntegerField()
    last_grant = models.BigIntegerField()
    told_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmation_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmation_told_at__isnull=True) | Q(confirmed_at__isnull=False),
                name="told_after_it_was_confirmed",
            )
        ]
        indexes = [
            # Each act of a desk asks whether its person waits for a confirmation.
            models.Index(fields=["user"], name="resets_open", condition=Q(confirmed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} of user {self.user_id}"


class ResetSignature(models.Model):
    """An officer or representative says that they met or called the person, and that it is they who sign in now."""

    class Way(models.TextChoices):
        """How they know."""

        IN_PERSON = "in_person", _("In person")
        CALL = "call", _("By a call")

    reset = models.ForeignKey(Reset, on_delete=models.CASCADE, related_name="signatures")
    signed_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    signed_as = models.CharField(max_length=32)
    way = models.CharField(max_length=9, choices=Way)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reset", "signed_by"], name="a_reset_is_signed_once_by_each"),
        ]

    def __str__(self) -> str:
        return f"{self.signed_as} for reset {self.reset_id}"


class Subject(models.Model):
    """The random name under which wellbeing, queues, decisions and audit know a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, null=True, on_delete=models.SET_NULL, related_name="subject")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Role(models.TextChoices):
    """The codes of ``people.rules.roles``, with the names that pages show."""

    MODERATOR = "moderator", _("Moderator")
    LEAD = "lead", _("Team lead")
    WELLBEING_OFFICER = "wellbeing_officer", _("Wellbeing officer")
    REPRESENTATIVE = "representative", _("Representative")
    AUDITOR = "auditor", _("Auditor")
    OPERATOR = "operator", _("Operator")


class RoleGrant(models.Model):
    """A role of a user, from when to when. Which roles exclude each other: ``people.rules.roles``.

    ``beside_until``: of a lead who was an operator before the two excluded each other; until then both doors open.
    ``granted_by``: the subject who gave it, or ``system``; null where nobody knows.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=32, choices=Role)
    granted_at = models.DateTimeField()
    # Null, so that the column is added in place: on SQLite triggers (0008) name this table, and it cannot be made anew.
    granted_by = models.CharField(max_length=80, blank=True, null=True)  # noqa: DJ001
    revoked_at = models.DateTimeField(null=True, blank=True)
    beside_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(revoked_at__isnull=True), name="one_open_grant_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} of user {self.user_id}"


class Skill(models.Model):
    """What a person can do, as a code of ``people.rules.skills``."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="skills")
    code = models.CharField(max_length=40)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code"], name="skill_once_per_user")]

    def __str__(self) -> str:
        return self.code


class Team(models.Model):
    """People who take work from the same queues under the same limits."""

    name = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class TeamMembership(models.Model):
    """Effective-dated: a person is in at most one team at a time."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    effective_from = models.DateTimeField()
    effective_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(effective_until__isnull=True), name="one_open_team_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} in team {self.team_id}"


class TimeZonePeriod(models.Model):
    """The zone in which a person's local day is counted, from ``effective_from`` on.

    A change holds 24 h after it was asked for, so that flying east does not make a day shorter
    (WELLBEING.md 'Exposure').
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="time_zones")
    zone = models.CharField(max_length=64)
    effective_from = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "effective_from"], name="one_zone_per_instant")
        ]

    def __str__(self) -> str:
        return self.zone


class Platform(models.Model):
    """A client that submits content: the tenant. ``contact`` is shown to moderators as the client's name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """A platform's key. Only the SHA-256 of the secret is stored; ``prefix`` finds the row."""

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.prefix


class Invitation(models.Model):
    """A one-time link with which an invited person sets a password. Only its SHA-256 is stored. ``made_by``: a subject."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    made_by = models.CharField(max_length=80, blank=True, default="")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation of user {self.user_id}"


class Announcement(models.Model):
    """Something that everybody is told on their pages: who was named officer or operator, or, ``is_ended``, is it no more."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=32, choices=Role)
    is_ended = models.BooleanField(default=False)
    announced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.role} of user {self.user_id}"


class AnnouncementRead(models.Model):
    """Somebody has put an announcement away."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "user"], name="announcement_read_once_per_user")
        ]

    def __str__(self) -> str:
        return f"announcement {self.announcement_id} read by user {self.user_id}"


class Mark(models.Model):
    """Moves whenever a row has changed that decides about somebody: whoever kept what such rows said looks here first.

    ``key``: the subject without dashes, empty for what concerns everybody, or ``taxonomy``. ``stamp``: random, so that the
    stamp of a transaction that came to nothing never returns. Moved by triggers alone (``migrations/_marks.py``, here and in
    wellbeing, and moderation's 0014), so that no writer can forget it; read by ``wellbeing.core.binding`` and by
    ``moderation.selectors.taxonomy``.
    """

    key = models.CharField(max_length=32, primary_key=True)
    stamp = models.CharField(max_length=36)

    def __str__(self) -> str:
        return self.key or "everybody"
