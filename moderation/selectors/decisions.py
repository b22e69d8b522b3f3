"""Decisions as a platform is told them."""

from typing import Any
from uuid import UUID

from moderation.models import Answer


def feed(*, platform_id: UUID, after: int, limit: int) -> list[Answer]:
    """Return the platform's answers after that feed position, in order, ready for `decision_payload`."""
    raise NotImplementedError


def decision_payload(answer: Answer) -> dict[str, Any]:
    """Return an answer as API.md's decision. Never in it: who, how long, how many skipped."""
    raise NotImplementedError
