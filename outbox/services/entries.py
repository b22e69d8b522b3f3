"""The life of an entry: promised, leased, and then done, tried again, or quarantined.

Every change after the lease is a conditional UPDATE on the lease's fence: a worker that slept past
its lease changes nothing. A lease counts as an attempt, so an entry that kills its worker cannot spin; and what was
attempted before is leased alone, so it takes no other with it a second time.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.module_loading import import_string

from outbox.kinds import MOST_TOGETHER, NET, GiveUp, Handler, RetryAfter, Work
from outbox.models import OutboxEntry, OutboxState
from outbox.rules.retries import pause_after

log = logging.getLogger("respite.outbox")

GRIP: Final = timedelta(seconds=30)
KEEP_DONE: Final = timedelta(days=7)
PURGE_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Leased:
    """An entry in hand: which kind, and the work of this attempt."""

    kind: str
    work: Work


def promise(
    *, kind: str, arguments: dict[str, Any], at: datetime, run_after: datetime | None = None
) -> OutboxEntry:
    """Promise work of *kind* in the caller's transaction, not to be begun before *run_after* (*at* if None).

    *arguments* are ids and plain values, as JSON; never content. What is due before anybody looks by themselves is told
    after the commit, where ``OUTBOX_NUDGE`` says how; who hears nothing finds the row by itself.
    """
    entry = OutboxEntry.objects.create(
        kind=kind, arguments=arguments, run_after=run_after or at, created_at=at
    )
    _tell_of(entry, at)
    return entry


PROMISED: Final = f"""
INSERT INTO outbox_outboxentry (kind, arguments, state, run_after, fence, attempts, last_error, created_at)
VALUES (%(promised_kind)s, %(promised_arguments)s, '{OutboxState.PENDING}', %(promised_run_after)s, 0, 0, '', %(promised_at)s)
"""  # noqa: S608 - put together from constants
"""The row of a promise, for who writes it in one statement with others; ``promised`` gives its parameters."""


def promised(
    *, kind: str, arguments: dict[str, Any], at: datetime, run_after: datetime | None = None
) -> dict[str, Any]:
    """Promise as `promise` does by ``PROMISED``, which the caller runs in this transaction with what is returned."""
    entry = OutboxEntry(kind=kind, arguments=arguments, run_after=run_after or at, created_at=at)
    _tell_of(entry, at)
    return {
        "promised_kind": kind,
        "promised_arguments": json.dumps(arguments),
        "promised_run_after": entry.run_after,
        "promised_at": at,
    }


def promise_all(*, kind: str, arguments: Iterable[dict[str, Any]], at: datetime) -> list[OutboxEntry]:
    """Promise work of *kind* for each of these *arguments*, due at once; one statement. As `promise`."""
    entries = OutboxEntry.objects.bulk_create(
        OutboxEntry(kind=kind, arguments=one, run_after=at, created_at=at) for one in arguments
    )
    for entry in entries:
        _tell_of(entry, at)
    return entries


def _tell_of(entry: OutboxEntry, at: datetime) -> None:
    if settings.OUTBOX_NUDGE and entry.run_after < at + NET:
        transaction.on_commit(partial(_nudge, entry.kind, is_due=entry.run_after <= at))


def _nudge(kind: str, *, is_due: bool) -> None:
    try:
        import_string(settings.OUTBOX_NUDGE)(kind=kind, is_due=is_due)
    except Exception as error:  # noqa: BLE001 - what was promised is committed: whatever a broker raises, it is done later
        log.warning("%s could not be nudged (%s)", kind, type(error).__name__)


def lease_next(*, handlers: Mapping[str, Handler], at: datetime) -> list[Leased]:
    """Lease the entry of these kinds that has been due longest, with others of its kind if that is set-based.

    Nothing where none is due. What was leased as often as its kind allows, and never came back, is quarantined on the way.
    """
    # A look without a transaction first: on SQLite a transaction takes the one write lock, also for nothing.
    while _due(handlers, at).exists():
        with transaction.atomic():
            entry = _due(handlers, at).select_for_update(skip_locked=True).order_by("run_after", "id").first()
            if entry is None:
                return []
            handler = handlers[entry.kind]
            if entry.attempts < handler.attempts:
                return _lease(_with_its_like(entry, handler, at), handler, at)
            quarantine(
                leased=_in_hand(entry, at), handler=handler, reason="the worker ended before its work", at=at
            )
    return []


def finish(*, leased: Leased, at: datetime) -> bool:
    """Record that the work is done; say whether this lease still held."""
    return (
        _fenced(leased.work).update(state=OutboxState.DONE, lease_until=None, last_error="", ended_at=at) == 1
    )


def finish_all(*, leased: Sequence[Leased], at: datetime) -> int:
    """Record in the transaction of the work that all of it is done; return how many leases still held.

    A statement for each fence there is among them, which is one unless an entry was given back before.
    """
    by_fence: dict[int, list[int]] = defaultdict(list)
    for one in leased:
        by_fence[one.work.fence].append(one.work.entry_id)
    pending = OutboxEntry.objects.filter(state=OutboxState.PENDING)
    return sum(
        pending.filter(fence=fence, pk__in=ids).update(
            state=OutboxState.DONE, lease_until=None, last_error="", ended_at=at
        )
        for fence, ids in by_fence.items()
    )


def fail(*, leased: Leased, handler: Handler, error: Exception, jitter: float, at: datetime) -> bool:
    """Record that the attempt failed: try again after the kind's gap (or what *error* asks), or quarantine.

    *jitter* in 0…1 as in `pause_after`. Says whether this lease still held.
    """
    reason = _reason(error)
    pause = pause_after(attempt=leased.work.attempt, gaps=handler.gaps, jitter=jitter)
    if pause is None or isinstance(error, GiveUp):
        return quarantine(leased=leased, handler=handler, reason=reason, at=at)
    if isinstance(error, RetryAfter) and error.delay is not None:
        pause = error.delay
    return _fenced(leased.work).update(run_after=at + pause, lease_until=None, last_error=reason) == 1


def renew(*, leased: Leased, handler: Handler, at: datetime) -> bool:
    """Hold on to an entry whose work goes on, but never beyond its kind's lease; say whether it still held."""
    until = min(at + GRIP, leased.work.at + handler.lease)
    return _fenced(leased.work).update(lease_until=until) == 1


def release(*, leased: Leased) -> bool:
    """Give an entry back untried, for whoever comes next; say whether this lease still held."""
    return (
        _fenced(leased.work).update(lease_until=None, fence=F("fence") + 1, attempts=F("attempts") - 1) == 1
    )


def quarantine(*, leased: Leased, handler: Handler, reason: str, at: datetime) -> bool:
    """Set an entry aside for a person to see, and let its kind say what that means; one transaction."""
    with transaction.atomic():
        held = _fenced(leased.work).update(
            state=OutboxState.QUARANTINED, lease_until=None, last_error=reason[:200], ended_at=at
        )
        if held and handler.exhausted:
            _tell_exhausted(leased, handler.exhausted)
    if held:
        log.error("%s %s is quarantined", leased.kind, leased.work.entry_id)
    return held == 1


def purge_next(*, at: datetime) -> bool:
    """Delete a batch of entries that were done a week ago; say whether there were any. Quarantined ones stay."""
    old = OutboxEntry.objects.filter(state=OutboxState.DONE, ended_at__lt=at - KEEP_DONE)
    ids = list(old.values_list("id", flat=True)[:PURGE_BATCH])
    if ids:
        OutboxEntry.objects.filter(id__in=ids, state=OutboxState.DONE).delete()
    return bool(ids)


def _tell_exhausted(leased: Leased, exhausted: Callable[[Work], None]) -> None:
    """Run the kind's last word; if it fails too, the entry is quarantined all the same, or it would spin."""
    try:
        with transaction.atomic():
            exhausted(leased.work)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises must not keep its row alive
        log.error("%s %s: its last word failed: %s", leased.kind, leased.work.entry_id, type(error).__name__)  # noqa: TRY400 - the traceback may hold content


def _due(handlers: Mapping[str, Handler], at: datetime) -> "QuerySet[OutboxEntry]":
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    return OutboxEntry.objects.filter(
        free, state=OutboxState.PENDING, run_after__lte=at, kind__in=list(handlers)
    )


def _with_its_like(entry: OutboxEntry, handler: Handler, at: datetime) -> list[OutboxEntry]:
    """Lock what is run together with *entry*: of its kind, due, nobody's, and like it never attempted before."""
    if handler.run_all is None or entry.attempts:
        return [entry]
    alike = _due({entry.kind: handler}, at).filter(attempts=0).exclude(pk=entry.pk)
    free = alike.select_for_update(skip_locked=True).order_by("run_after", "id")
    return [entry, *free[: MOST_TOGETHER - 1]]


def _lease(entries: Sequence[OutboxEntry], handler: Handler, at: datetime) -> list[Leased]:
    OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
        fence=F("fence") + 1, attempts=F("attempts") + 1, lease_until=at + min(GRIP, handler.lease)
    )
    for entry in entries:
        entry.fence += 1
        entry.attempts += 1
    return [_in_hand(entry, at) for entry in entries]


def _in_hand(entry: OutboxEntry, at: datetime) -> Leased:
    work = Work(
        entry_id=entry.pk, arguments=entry.arguments, attempt=entry.attempts, at=at, fence=entry.fence
    )
    return Leased(kind=entry.kind, work=work)


def _fenced(work: Work) -> "QuerySet[OutboxEntry]":
    return OutboxEntry.objects.filter(pk=work.entry_id, fence=work.fence, state=OutboxState.PENDING)


def _reason(error: Exception) -> str:
    """What may be kept of an error: its kind, or the words its raiser chose. Other messages may hold content."""
    said = error.reason if isinstance(error, RetryAfter | GiveUp) else ""
    return (said or type(error).__name__)[:200]
