"""What a lead reads of one queue: its guidelines in all versions, and what it lacks before it can open."""

from datetime import datetime

from moderation.models import PolicyVersion
from queues.models import Queue
from queues.rules.plans import missing_to_open


def guidelines_of(queue: Queue) -> list[PolicyVersion]:
    """Return every version of a queue's guidelines, newest first."""
    return list(PolicyVersion.objects.filter(queue=queue).order_by("-version"))


def newest_guidelines(queue: Queue) -> PolicyVersion | None:
    """Return the version written last, whether or not it is in force yet."""
    return PolicyVersion.objects.filter(queue=queue).order_by("-version").first()


def missing_of(queue: Queue, *, at: datetime) -> tuple[str, ...]:
    """Return what a queue lacks before it may be open: codes of ``queues.exceptions.MISSING``."""
    in_force = PolicyVersion.objects.filter(queue=queue, in_force_from__lte=at)
    return missing_to_open(
        client_name=queue.client_name,
        purpose=queue.purpose,
        decision_use=queue.decision_use,
        has_guidelines=in_force.exclude(guidance="").exists(),
    )
