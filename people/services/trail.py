"""What people's services write into the audit chain: subjects and codes, never names."""

from datetime import datetime
from typing import Any

from audit.services import record
from people.models import User
from people.selectors import subject_of


def record_about(
    user: User,
    *,
    action: str,
    actor: str,
    at: datetime,
    detail: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write an audit row whose target is the person behind *user*."""
    record(
        actor=actor,
        action=action,
        target_kind="person",
        target_id=str(subject_of(user)),
        at=at,
        detail=detail,
        reason=reason,
    )
