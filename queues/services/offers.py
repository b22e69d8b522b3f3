"""New and returned work is offered to the desks that wait, before anybody else can take it."""

from datetime import datetime


def offer_next(*, at: datetime) -> bool:
    """Settle one ``offering`` job: the oldest waiting desk that may take it gets it, else it becomes ``waiting``.

    Must run outside any transaction: each desk is asked in one of its own. Returns whether there was a job.
    """
    raise NotImplementedError
