"""The writers of the audit chain: rows in their change's transaction, seals and checkpoints after it."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from audit.models import AuditCheckpoint, AuditPending, AuditRow, AuditSeal, SealLock
from audit.rules import signing
from audit.rules.chain import FIRST_DIGEST, digest_of, statement
from audit.rules.security import BOUNDED
from audit.rules.telling import last_full_quarter
from audit.selectors import last_seal, link_of

SEALED_AT_ONCE = 200
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
    row = AuditRow(
        actor=actor,
        action=action,
        target_kind=target_kind,
        target_id=target_id,
        at=at,
        detail=detail or {},
        reason=reason,
    )
    _write(row)
    return row


ROW = """
INSERT INTO audit_auditrow (at, actor, action, target_kind, target_id, detail, reason)
VALUES (%(recorded_at)s, %(recorded_actor)s, %(recorded_action)s, %(recorded_kind)s, %(recorded_target)s, %(recorded_detail)s,
        %(recorded_reason)s)
"""
"""A row, with the parameters that ``recorded`` returns; for whoever writes it in one statement with its change."""

IN_LINE = "INSERT INTO audit_auditpending (row_id) VALUES ({latest_id})"
"""The place of that row in the sealer's line, to be written right after it."""

# Both in one round trip. SQLite changes one table at a time.
RECORD = f"WITH latest AS ({ROW} RETURNING id) {IN_LINE} RETURNING row_id".format(
    latest_id="(SELECT id FROM latest)"
)


def recorded(
    *, actor: str, action: str, target_kind: str, target_id: str, at: datetime, detail: dict[str, Any]
) -> dict[str, Any]:
    """Return the parameters of ``ROW`` for who changed what; as ``record`` has them.

    Raises:
        NotInTransaction: the caller opened none.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction
    row = AuditRow(
        actor=actor, action=action, target_kind=target_kind, target_id=target_id, at=at, detail=detail
    )
    return _parameters(row)


def _parameters(row: AuditRow) -> dict[str, Any]:
    return {
        "recorded_at": row.at,
        "recorded_actor": row.actor,
        "recorded_action": row.action,
        "recorded_kind": row.target_kind,
        "recorded_target": row.target_id,
        "recorded_detail": json.dumps(row.detail),
        "recorded_reason": row.reason,
    }


def _write(row: AuditRow) -> None:
    if connection.vendor == "sqlite":
        row.save(force_insert=True)
        AuditPending.objects.create(row=row)
        return
    with connection.cursor() as cursor:
        cursor.execute(RECORD, _parameters(row))
        (row.pk,) = cursor.fetchone()
    row._state.adding = False  # noqa: SLF001 - its name is Django's, its use is documented


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


def seal_next(at: datetime) -> bool:
    """Chain a batch of committed rows, or sign a checkpoint that is owed; tell whether there was anything to do.

    Two sealers at once take turns at the lock, so the chain cannot fork. Where one row of a batch cannot be sealed, those
    before it are, one at a time.
    """
    # A look without a transaction first: on SQLite a transaction takes the one write lock, also for nothing.
    if not AuditPending.objects.exists() and _unsigned_end(at=at) is None:
        return False
    try:
        return _seal(SEALED_AT_ONCE, at=at)
    except IntegrityError:
        return _seal(1, at=at)


def _seal(most: int, *, at: datetime) -> bool:
    with transaction.atomic():
        SealLock.objects.get_or_create(pk=1)
        SealLock.objects.select_for_update().get(pk=1)
        pending = list(AuditPending.objects.select_related("row").order_by("row_id")[:most])
        if not pending:
            return _checkpoint_if_quiet(at=at)
        seals = AuditSeal.objects.bulk_create(_chained([one.row for one in pending]))
        AuditPending.objects.filter(pk__in=[one.pk for one in pending]).delete()
        for seal in seals:
            if seal.sequence % CHECKPOINT_ROWS == 0:
                _checkpoint(seal, at=at)
        return True


def _chained(rows: Iterable[AuditRow]) -> Iterator[AuditSeal]:
    """Yield the seals that bind these rows, in order, to the end of the chain. Under the sealer's lock."""
    last = last_seal()
    sequence, digest = (0, FIRST_DIGEST) if last is None else (last.sequence, last.digest)
    for row in rows:
        previous = digest
        sequence, digest = sequence + 1, digest_of(link_of(row), previous=previous)
        yield AuditSeal(sequence=sequence, row=row, previous_digest=previous, digest=digest)


def _checkpoint_if_quiet(*, at: datetime) -> bool:
    """Sign the end of a chain that has not grown to the next hundred: an unsigned tail could be cut unseen."""
    end = _unsigned_end(at=at)
    if end is None:
        return False
    _checkpoint(end, at=at)
    return True


def _unsigned_end(*, at: datetime) -> AuditSeal | None:
    """Return the end of the chain if it is to be signed by now."""
    last = last_seal()
    if last is None:
        return None
    signed = AuditCheckpoint.objects.order_by("-sequence").first()
    if signed is not None and (signed.sequence == last.sequence or at - signed.at < CHECKPOINT_AFTER):
        return None
    return last


def _checkpoint(seal: AuditSeal, *, at: datetime) -> None:
    message = statement(sequence=seal.sequence, digest=seal.digest, at=at)
    AuditCheckpoint.objects.create(
        sequence=seal.sequence,
        digest=seal.digest,
        signature=signing.sign(message, secret=settings.SECRET_KEY),
        at=at,
    )
