"""The sweeper's part of a cluster: nudge again what nobody took, and do it itself while nobody can be told."""

from datetime import datetime, timedelta
from typing import Final

from config import celery
from config.outbox import HANDLERS
from outbox.kinds import Sweep
from outbox.selectors import due
from outbox.services.running import Worker

MOST_NUDGES: Final = 200
"""In one round, and waiting in one queue: what is not nudged now is nudged when those are taken."""
TOO_LONG: Final = timedelta(seconds=20)
"""So long after it was due, with nudges sent, an entry is no longer left to workers that may not listen any more."""


def nudge_due(at: datetime) -> bool:
    """Nudge what is due and nobody's, in every pool whose queue is not full of nudges already."""
    for pool in {handler.pool for handler in HANDLERS.values()}:
        waiting = celery.waiting_in(pool)
        if waiting is not None and waiting < MOST_NUDGES:
            _nudge_pool(pool, at, MOST_NUDGES - waiting)
    return False


def _nudge_pool(pool: str, at: datetime, most: int) -> None:
    kinds = [kind for kind, handler in HANDLERS.items() if handler.pool == pool]
    for entry_id, kind in due(kinds=kinds, at=at, limit=most):
        if not celery.nudge(entry_id=entry_id, kind=kind):
            return


NUDGES: Final = Sweep("nudges", timedelta(seconds=5), nudge_due, pool="nudges")


class StandIn(Worker):
    """Does the work of one pool while the broker is gone, or where the workers leave it lying."""

    def step(self) -> bool:
        """Run the next entry that no worker can be told of, or comes for; say whether there was one."""
        patience = TOO_LONG if celery.broker.is_closed else timedelta(0)
        if not due(kinds=self.handlers, at=self.around.clock() - patience, limit=1):
            return False
        return super().step()
