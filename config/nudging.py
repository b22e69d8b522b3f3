"""The sweeper's part of a cluster: nudge when it is due what nobody took, and do it itself while nobody can be told."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from config import celery
from config.outbox import HANDLERS
from outbox.kinds import NET
from outbox.selectors import due, next_due
from outbox.services.running import Surroundings, Worker, seconds_between

TOO_LONG: Final = timedelta(seconds=20)
"""So long after it was due, with nudges sent, an entry is no longer left to workers that may not listen any more."""
ALONE_SECONDS: Final = 0.25
"""How often the sweeper looks while nobody can be told of anything."""


def kinds_of(pool: str) -> list[str]:
    """Return the kinds whose entries run in this pool."""
    return [kind for kind, handler in HANDLERS.items() if handler.pool == pool]


class Nudger:
    """Nudges each pool in which something is due that nobody has, at the moment when it is due, and every few seconds."""

    names: Collection[str] = (celery.SOON,)

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.nudged_at: datetime | None = None

    def step(self) -> bool:
        """Nudge every pool in which something is due and whose queue has no nudges yet."""
        self.nudged_at = self.around.clock()
        soonest = next_due(kinds=list(HANDLERS), at=self.nudged_at)
        # While the broker is gone it is asked all the same: that it is back must be noticed.
        if celery.broker.is_closed and (soonest is None or soonest > self.nudged_at):
            return False
        for pool in {handler.pool for handler in HANDLERS.values()}:
            waiting = celery.waiting_in(pool)
            if waiting == 0 and (found := due(kinds=kinds_of(pool), at=self.nudged_at, limit=MOST)):
                celery.nudge_pool(pool, len(found))
        return False

    def rest(self) -> float:
        """Return the seconds until something is due that was not when it nudged last; the net at most."""
        at, nudged_at = self.around.clock(), self.nudged_at
        if nudged_at is None or at < nudged_at or at >= nudged_at + NET:
            return 0.0
        soonest = next_due(kinds=list(HANDLERS), at=at, since=nudged_at)
        return seconds_between(at, min(nudged_at + NET, soonest or at + NET))

    def keep(self) -> None:
        """As `give_back`."""

    def give_back(self) -> None:
        """A nudge is nothing to hold on to."""


MOST: Final = max(celery.AT_ONCE.values())


class StandIn(Worker):
    """Does the work of one pool while the broker is gone, or where the workers leave it lying."""

    names: Collection[str] = ()
    """Nothing is rung for it: what is promised is the workers'."""

    def step(self) -> bool:
        """Run the next entry that no worker can be told of, or comes for; say whether there was one."""
        patience = TOO_LONG if celery.broker.is_closed else timedelta(0)
        if not due(kinds=self._wanted(), at=self.around.clock() - patience, limit=1):
            return False
        return super().step()

    def rest(self) -> float:
        """Return the seconds until something has been due for too long; while the broker is gone, until it is due."""
        if not celery.broker.is_closed:
            return min(super().rest(), ALONE_SECONDS)
        at = self.around.clock()
        soonest = next_due(kinds=self.handlers, at=at)
        return seconds_between(at, at + NET if soonest is None else soonest + TOO_LONG)
