"""The change numbers of pages."""

from django.db import models


class Rev(models.Model):
    """A change number per group (``person.<subject>``). Live pages re-read when it moves."""

    group = models.CharField(max_length=80, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "wellbeing_rev"
        """Where it stood before it had an app of its own; statements of others join it by this name."""

    def __str__(self) -> str:
        return f"{self.group} {self.number}"
