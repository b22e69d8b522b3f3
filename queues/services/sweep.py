"""What time does to claims, one row at a time."""

from datetime import datetime


def sweep_next(at: datetime) -> bool:
    """Do one thing that is overdue and return whether there was one.

    Leases and reservations that ran out, breaks whose five minutes to decide are over, limits whose grace is
    over, jobs that nobody offered, tickets without a beat. A row that fails is pushed forward, not repeated.
    """
    raise NotImplementedError
