"""How long a claim holds. Source: RELIABILITY.md 'The core' 2 and 3, WELLBEING.md 'Breaks'."""

from datetime import datetime, timedelta

LEASE = timedelta(minutes=10)
"""A claim returns to its queue this long after the last beat."""

TICKET_FRESH = timedelta(seconds=10)
"""A waiting desk is offered work while its last beat is no older than this."""

TICKET_KEPT = timedelta(minutes=10)
"""A waiting desk keeps its place in the line for this long after its last beat."""

RESERVED_AFTER_BREAK = timedelta(minutes=10)
"""A parked claim is kept this long after the earliest end of the break."""


def lease_until(at: datetime) -> datetime:
    """Return when a claim that gave a sign of life at *at* runs out."""
    return at + LEASE


def reserved_until(*, break_ends_at: datetime, due_at: datetime | None) -> datetime:
    """Return until when a parked claim is reserved: 10 min after the break, unless its due time comes first."""
    until = break_ends_at + RESERVED_AFTER_BREAK
    return until if due_at is None else min(until, due_at)
