"""Categories with effective-dated severity and flags, and the policy of a queue in versions."""

from django.db import models

from queues.models import Queue


class Category(models.Model):
    """A code of the taxonomy. Its severity and flags are told by ``CategoryVersion``."""

    code = models.CharField(max_length=40, primary_key=True)
    label = models.CharField(max_length=120)
    dsa_category = models.CharField(max_length=80)
    is_enabled = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.code


class CategoryVersion(models.Model):
    """Severity 0 to 4, flags (letters V G S C A T) and whether it is taken at all, from an instant on.

    Of those whose instant has come, the one written last holds: what is raised today is not undone by what was lowered
    yesterday for tomorrow. ``is_enabled`` None: as ``Category.is_enabled`` says. Written by ``services.taxonomy``
    alone, never changed and never deleted.
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="versions")
    severity = models.PositiveSmallIntegerField()
    flags = models.CharField(max_length=12, blank=True)
    is_enabled = models.BooleanField(null=True, blank=True)
    effective_from = models.DateTimeField()
    set_at = models.DateTimeField(null=True, blank=True)
    set_by = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(severity__lte=4), name="category_severity_0_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} {self.severity}"


class PolicyVersion(models.Model):
    """The rules a queue is judged by. The highest version whose ``in_force_from`` has come is in force.

    ``language`` (BCP 47) is that of title and guidance.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="policy_versions")
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    guidance = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")
    in_force_from = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "version"], name="policy_version_once_per_queue")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
