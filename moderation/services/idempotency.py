"""One transaction per POST, whose first insert is the idempotency key, and the memory of what was answered.

Only what succeeded is kept: whatever raises takes its key with it, so a refused request may be sent again mended, and
a killed server leaves no key that would answer for work that was never done.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, OperationalError, connection, transaction

from moderation.exceptions import InFlight, KeyReused, Moved
from moderation.models import IdempotencyKey
from people.models import Platform

KEPT: Final = timedelta(days=7)
WAIT: Final = timedelta(seconds=5)
ATTEMPTS: Final = 5
FORGET_BATCH: Final = 500

# PostgreSQL: the lock did not come in time; two transactions waited for each other; a snapshot was too old.
LOCK_NOT_AVAILABLE: Final = "55P03"
RETRIED: Final = frozenset({"40P01", "40001"})


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered: status, JSON body, and whether this is the first answer, said again."""

    status: int
    body: dict[str, Any]
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A POST: of which platform, under which ``Idempotency-Key`` if any, to what, and the digest of its parsed body."""

    platform: Platform
    key: str | None
    operation: str
    body_digest: str


def once(*, request: Request, act: Callable[[], Answered], at: datetime) -> Answered:
    """Run *act* in one transaction, or say again what was answered under the same key and body.

    *act* may be run again from the beginning when two requests met, so it does nothing outside the database.

    Raises:
        KeyReused: the key stands for another operation or body.
        InFlight: the first request did not end within `WAIT`.
        OperationalError: the database cannot be reached; nothing was stored. What *act* raises passes through.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with _bounded_wait(request), transaction.atomic():
                return act() if request.key is None else _keyed(request, request.key, act, at)
        except (IntegrityError, Moved, OperationalError) as error:
            if attempt == ATTEMPTS or not _worth_another(error):
                raise
    raise AssertionError("unreachable")


def forget_next(at: datetime) -> bool:
    """Delete a batch of keys older than `KEPT`; say whether there were any."""
    old = IdempotencyKey.objects.filter(created_at__lt=at - KEPT).values_list("pk", flat=True)
    batch = list(old[:FORGET_BATCH])
    if batch:
        IdempotencyKey.objects.filter(pk__in=batch).delete()
    return bool(batch)


def _keyed(request: Request, key: str, act: Callable[[], Answered], at: datetime) -> Answered:
    row = _taken(request, key, at)
    if row is None:
        return _said_before(request, key)
    answered = act()
    IdempotencyKey.objects.filter(pk=row.pk).update(status=answered.status, body=answered.body)
    return answered


def _taken(request: Request, key: str, at: datetime) -> IdempotencyKey | None:
    """Insert the key, waiting for another transaction that holds it; None if it is another's for good."""
    with _bounded_lock(), _in_flight_if_locked():
        try:
            with transaction.atomic():
                return IdempotencyKey.objects.create(
                    platform=request.platform,
                    key=key,
                    operation=request.operation,
                    body_digest=request.body_digest,
                    created_at=at,
                )
        except IntegrityError:
            return None


def _said_before(request: Request, key: str) -> Answered:
    row = IdempotencyKey.objects.filter(platform=request.platform, key=key).first()
    if row is None:  # forgotten this very moment
        raise Moved
    if (row.operation, row.body_digest) != (request.operation, request.body_digest):
        raise KeyReused
    return replace(Answered(row.status, row.body), replayed=True)


def _worth_another(error: Exception) -> bool:
    return not isinstance(error, OperationalError) or _sqlstate(error) in RETRIED


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


@contextmanager
def _in_flight_if_locked() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if _sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise InFlight from None
        raise


@contextmanager
def _bounded_lock() -> Iterator[None]:
    """PostgreSQL: whoever holds the same key is waited for, but not for ever."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {int(WAIT.total_seconds() * 1000)}")
        yield
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


@contextmanager
def _bounded_wait(request: Request) -> Iterator[None]:
    """SQLite has one write lock, taken as the transaction begins: with a key, waiting for it is waiting for the key."""
    if connection.vendor != "sqlite" or request.key is None or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {int(WAIT.total_seconds() * 1000)}")
        try:
            yield
        except OperationalError as error:
            if "locked" in str(error):
                raise InFlight from None
            raise
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
