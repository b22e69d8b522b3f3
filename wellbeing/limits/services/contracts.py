"""The organisation's contract with an independent counsellor, put on record by an officer: ``specialist`` asks for it.

It opens the looser values of that preset from each person's next local day (promise P6). Its last day, or its end before,
closes them again: the end at once. Nothing is written about a person.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.services import record
from live import events
from wellbeing.core.rules.contracts import checked
from wellbeing.exceptions import ContractEnded, NotFound
from wellbeing.limits.selectors.contracts import specialists
from wellbeing.models import CounsellorContract


def record_contract(
    *, counsellor: str, from_on: date, until_on: date, recorded_by: str, today: date, at: datetime
) -> CounsellorContract:
    """Put a contract on record; *today* is the date of whoever records it. Audited.

    Raises:
        CounsellorMissing, CounsellorTooLong, ContractEndsBeforeStart, ContractOutOfReach: about what was written.
    """
    cleaned = checked(counsellor, from_on=from_on, until_on=until_on, today=today)
    with transaction.atomic():
        row = CounsellorContract.objects.create(
            counsellor=cleaned, from_on=from_on, until_on=until_on, recorded_by=recorded_by, recorded_at=at
        )
        _audit("contract.recorded", row, actor=recorded_by, at=at)
        events.bump(specialists(at=at))
    return row


def end_contract(*, contract_id: UUID, ended_by: str, at: datetime) -> CounsellorContract:
    """End a contract before its last day: whoever works by it has the usual limits at once. Audited.

    Raises:
        NotFound, ContractEnded: there is none, or it ended before.
    """
    with transaction.atomic():
        row = CounsellorContract.objects.select_for_update().filter(pk=contract_id).first()
        if row is None:
            raise NotFound
        if row.ended_at is not None:
            raise ContractEnded
        row.ended_at, row.ended_by = at, ended_by
        row.save(update_fields=["ended_at", "ended_by"])
        _audit("contract.ended", row, actor=ended_by, at=at)
        events.bump(specialists(at=at))
    return row


def _audit(action: str, row: CounsellorContract, *, actor: str, at: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_kind="contract",
        target_id=str(row.pk),
        at=at,
        detail={
            "counsellor": row.counsellor,
            "from": str(row.from_on),
            "until": str(row.until_on),
        },
    )
