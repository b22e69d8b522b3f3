"""Reading the audit chain, and proving that it is whole."""

from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings

from audit.models import AuditCheckpoint, AuditRow, AuditSeal
from audit.rules import signing
from audit.rules.chain import FIRST_DIGEST, Link, digest_of, statement
from audit.rules.security import DETAILS

CHUNK = 2000


class ChainBroken(Exception):
    """The record was altered: ``sequence`` is the first link that does not hold, ``why`` says what is wrong."""

    def __init__(self, sequence: int, why: str) -> None:
        self.sequence = sequence
        self.why = why
        super().__init__(f"link {sequence}: {why}")


@dataclass(frozen=True, slots=True)
class Verified:
    """``count`` sealed rows hold; the first ``signed`` of them stand under a signed checkpoint."""

    count: int
    signed: int
    waiting: int


def link_of(row: AuditRow) -> Link:
    """Return what of *row* the chain binds."""
    return Link(
        id=row.pk,
        at=row.at,
        actor=row.actor,
        action=row.action,
        target_kind=row.target_kind,
        target_id=row.target_id,
        detail=row.detail,
        reason=row.reason,
    )


def last_seal() -> AuditSeal | None:
    """Return the end of the chain."""
    return AuditSeal.objects.order_by("-sequence").first()


def rows_about_queues(queue_ids: Collection[int], *, at_most: int) -> list[AuditRow]:
    """Return what was done to these queues, newest first; one query."""
    about = AuditRow.objects.filter(target_kind="queue", target_id__in=[str(pk) for pk in queue_ids])
    return list(about.order_by("-id")[:at_most])


def security_rows(*, since: datetime, before: datetime) -> Iterator[AuditRow]:
    """Yield what was recorded about security in [*since*, *before*), the oldest first, in constant memory."""
    rows = AuditRow.objects.filter(action__in=DETAILS, at__gte=since, at__lt=before)
    yield from rows.order_by("id").iterator(chunk_size=CHUNK)


def verify() -> Verified:
    """Walk the chain from its first link, in constant memory.

    Raises:
        ChainBroken: naming the first link that does not hold.
    """
    # The checkpoints are read first: one that is signed while we walk must not look like a cut tail.
    with closing(_checkpoints()) as checkpoints:
        due = next(checkpoints, None)
        with closing(_seals()) as seals:
            count, signed = _walk(seals, due, checkpoints)
    _check_no_row_stands_outside(count)
    waiting = AuditRow.objects.filter(pending__isnull=False).count()
    return Verified(count=count, signed=signed, waiting=waiting)


def told_of(verified: Verified, *, before: datetime) -> Verified:
    """Return what is told of a verification: nothing of rows written since *before*, whose number tells who acts now."""
    sealed = AuditRow.objects.filter(seal__sequence__lte=verified.count, at__lt=before).count()
    waiting = AuditRow.objects.filter(pending__isnull=False, at__lt=before).count()
    return Verified(count=sealed, signed=min(verified.signed, sealed), waiting=waiting)


def _walk(
    seals: Iterator[AuditSeal], due: AuditCheckpoint | None, checkpoints: Iterator[AuditCheckpoint]
) -> tuple[int, int]:
    count, digest, signed = 0, FIRST_DIGEST, 0
    for seal in seals:
        _check_link(seal, sequence=count + 1, previous=digest)
        count, digest = seal.sequence, seal.digest
        if due is not None and due.sequence == count:
            _check_checkpoint(due, digest=digest)
            signed, due = count, next(checkpoints, None)
    if due is not None:
        raise ChainBroken(count + 1, f"missing, although a checkpoint was signed at link {due.sequence}")
    return count, signed


# Generators of our own, so that a walk that stops at a broken link closes its cursor at once.
def _checkpoints() -> Generator[AuditCheckpoint, None, None]:
    rows = AuditCheckpoint.objects.order_by("sequence").iterator(chunk_size=CHUNK)
    with closing(cast("Generator[AuditCheckpoint, None, None]", rows)):
        yield from rows


def _seals() -> Generator[AuditSeal, None, None]:
    rows = AuditSeal.objects.select_related("row").order_by("sequence").iterator(chunk_size=CHUNK)
    with closing(cast("Generator[AuditSeal, None, None]", rows)):
        yield from rows


def _check_link(seal: AuditSeal, *, sequence: int, previous: str) -> None:
    if seal.sequence != sequence:
        raise ChainBroken(sequence, "missing: its seal or its row is gone")
    if seal.previous_digest != previous:
        raise ChainBroken(sequence, "does not follow the link before it")
    if seal.digest != digest_of(link_of(seal.row), previous=previous):
        raise ChainBroken(sequence, f"row {seal.row_id} is not what was sealed")


def _check_checkpoint(checkpoint: AuditCheckpoint, *, digest: str) -> None:
    message = statement(sequence=checkpoint.sequence, digest=checkpoint.digest, at=checkpoint.at)
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(signing.is_signed(message, checkpoint.signature, secret=str(secret)) for secret in secrets):
        raise ChainBroken(checkpoint.sequence, "its checkpoint does not bear this installation's signature")
    if checkpoint.digest != digest:
        raise ChainBroken(checkpoint.sequence, "the chain was rewritten: its checkpoint says otherwise")


def _check_no_row_stands_outside(count: int) -> None:
    outside = AuditRow.objects.filter(seal__isnull=True, pending__isnull=True).order_by("id").first()
    if outside is not None:
        raise ChainBroken(count + 1, f"row {outside.pk} has no seal and does not wait for one")
