"""The writers of the audit chain: rows in their change's transaction, seals and checkpoints after it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from audit.models import AuditCheckpoint, AuditPending, AuditRow, AuditSeal, SealLock
from audit.rules import signing
from audit.rules.chain import FIRST_DIGEST, digest_of, statement
from audit.rules.security import BOUNDED
from audit.rules.telling import last_full_quarter
from audit.selectors import last_seal, link_of

CHECKPOINT_ROWS = 100
CHECKPOINT_AFTER = timedelta(minutes=10)


class NotInTransaction(Exception):
    """An audit row must commit with the change that it tells of, or not at all."""


class AlreadyRecorded(Exception):
    """The quarter of an hour has its row about that."""


class Unbounded(Exception):
    """An action that is recorded each time, with the change that it tells of."""


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
    row = AuditRow.objects.create(
        actor=actor,
        action=action,
        target_kind=target_kind,
        target_id=target_id,
        at=at,
        detail=detail or {},
        reason=reason,
    )
    AuditPending.objects.create(row=row)
    return row


def record_once(*, actor: str, action: str, target_kind: str, target_id: str, at: datetime) -> AuditRow:
    """Write what anybody can bring about at will, at most once in a quarter of an hour; the row bears when that began.

    In a transaction of its own, because nothing is changed by a refusal. *actor*: as in ``record``, or ``stranger``.

    Raises:
        AlreadyRecorded: there is such a row, whoever wrote it.
        Unbounded: *action* is none of those of which a flood can be made.
    """
    if action not in BOUNDED:
        raise Unbounded
    try:
        with transaction.atomic():
            return record(
                actor=actor,
                action=action,
                target_kind=target_kind,
                target_id=target_id,
                at=last_full_quarter(at),
            )
    except IntegrityError:
        raise AlreadyRecorded from None


def seal_next(*, at: datetime) -> bool:
    """Chain one committed row, or sign a checkpoint that is owed; tell whether there was anything to do.

    Two sealers at once take turns at the lock, so the chain cannot fork.
    """
    with transaction.atomic():
        SealLock.objects.get_or_create(pk=1)
        SealLock.objects.select_for_update().get(pk=1)
        pending = AuditPending.objects.select_related("row").order_by("row_id").first()
        if pending is None:
            return _checkpoint_if_quiet(at=at)
        seal = _seal(pending.row)
        pending.delete()
        if seal.sequence % CHECKPOINT_ROWS == 0:
            _checkpoint(seal, at=at)
        return True


def _seal(row: AuditRow) -> AuditSeal:
    last = last_seal()
    previous = FIRST_DIGEST if last is None else last.digest
    return AuditSeal.objects.create(
        sequence=1 if last is None else last.sequence + 1,
        row=row,
        previous_digest=previous,
        digest=digest_of(link_of(row), previous=previous),
    )


def _checkpoint_if_quiet(*, at: datetime) -> bool:
    """Sign the end of a chain that has not grown to the next hundred: an unsigned tail could be cut unseen."""
    last = last_seal()
    if last is None:
        return False
    signed = AuditCheckpoint.objects.order_by("-sequence").first()
    if signed is not None and (signed.sequence == last.sequence or at - signed.at < CHECKPOINT_AFTER):
        return False
    _checkpoint(last, at=at)
    return True


def _checkpoint(seal: AuditSeal, *, at: datetime) -> None:
    message = statement(sequence=seal.sequence, digest=seal.digest, at=at)
    AuditCheckpoint.objects.create(
        sequence=seal.sequence,
        digest=seal.digest,
        signature=signing.sign(message, secret=settings.SECRET_KEY),
        at=at,
    )
