"""The writers of the audit chain."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audit.models import AuditRow


class NotInTransaction(Exception):
    """An audit row must commit with the change that it tells of, or not at all."""


def record(
    *,
    actor: str,
    action: str,
    target_kind: str,
    target_id: str,
    at: datetime,
    detail: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditRow:
    """Write who changed what, in the caller's transaction.

    *actor* is ``str(subject)``, ``platform:<id>`` or ``system``. *detail* holds subjects, ids and codes,
    never a name and never an exposure value.

    Raises:
        NotInTransaction: the caller opened none.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction
    return AuditRow.objects.create(
        actor=actor,
        action=action,
        target_kind=target_kind,
        target_id=target_id,
        at=at,
        detail=detail or {},
        reason=reason,
    )
