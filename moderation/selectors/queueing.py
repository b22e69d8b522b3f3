"""What a lead reads of one queue, and what a platform reads of its queues: purpose, guidelines, what is missing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from moderation.models import PolicyVersion
from moderation.selectors.decisions import rfc3339
from queues.models import Lane, Queue, QueueState
from queues.rules.plans import missing_to_open

SEVERE = 3


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
        is_severe=is_severe(queue),
        other_work=queue.other_work,
        other_work_with=queue.other_work_with,
    )


def is_severe(queue: Queue) -> bool:
    """Tell whether severity 3 and up may come to a queue: nobody said that it stays mild, or such work has come already."""
    return queue.is_severe or Lane.objects.filter(queue=queue, severity__gte=SEVERE).exists()


def queues_of(*, platform_id: UUID) -> list[Queue]:
    """Return a platform's queues by name, drafts left out."""
    return list(
        Queue.objects.filter(platform_id=platform_id).exclude(state=QueueState.DRAFT).order_by("name", "id")
    )


def guidelines_in_force(queues: Iterable[Queue], *, at: datetime) -> dict[int, PolicyVersion]:
    """Return queue id → the version in force at *at*; one query."""
    versions = PolicyVersion.objects.filter(queue__in=queues, in_force_from__lte=at)
    # The last of each queue's versions wins.
    return {policy.queue_id: policy for policy in versions.order_by("version")}


def queue_payload(queue: Queue, policy: PolicyVersion | None) -> dict[str, Any]:
    """Return a queue as the API tells it, but for its actions."""
    return {
        "name": queue.name,
        "is_default": queue.is_default,
        "accepts_items": queue.takes_in,
        "client_name": queue.client_name,
        "purpose": queue.purpose,
        "decision_use": queue.decision_use,
        "trains_model": queue.trains_model,
        "target_seconds": queue.target_seconds,
        "grace_seconds": queue.grace_seconds,
        "appeal_days": queue.appeal_days,
        "guidelines": [] if policy is None else [_guidelines(policy)],
    }


def _guidelines(policy: PolicyVersion) -> dict[str, Any]:
    return {
        "language": policy.language,
        "code": policy.code,
        "version": policy.version,
        "title": policy.title,
        "text": policy.guidance,
        "in_force_from": rfc3339(policy.in_force_from),
    }
