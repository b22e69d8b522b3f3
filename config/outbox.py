"""Which handler runs an outbox entry of which kind, and which sweeps the runner walks."""

from datetime import datetime, timedelta
from typing import Final

from audit.services import seal_next
from moderation.rules.deliveries import GAPS
from moderation.services import (
    answers,
    idempotency,
    notices,
    orphans,
    preparation,
    raising,
    relabelling,
    safeguards,
)
from moderation.webhooks import delivery
from outbox.kinds import Handler, Sweep
from outbox.services import purge_next
from people.services.sessions import forget_ended
from queues.services.counts import count_next
from queues.services.sweep import sweep_next
from queues.services.tallies import fold_next
from wellbeing.services.breaks import tick_next
from wellbeing.services.recount import recount_next
from wellbeing.services.reviews import remind_next

HANDLERS: Final[dict[str, Handler]] = {
    preparation.PREPARE: Handler(
        run=preparation.prepare_revision,
        gaps=preparation.PREPARE_GAPS,
        lease=preparation.PREPARE_LEASE,
        exhausted=preparation.give_up,
        pool="media",
    ),
    raising.RECOUNT: Handler(run=raising.recount, gaps=raising.RECOUNT_GAPS, lease=raising.RECOUNT_LEASE),
    relabelling.REFRESH: Handler(run=relabelling.catch_up),
    relabelling.RELABEL: Handler(run=relabelling.relabel_batch, lease=timedelta(minutes=5)),
    answers.FINALISE: Handler(
        run=answers.finalise,
        run_all=answers.finalise_all,
        linger=timedelta(seconds=1),
        lease=timedelta(minutes=5),
    ),
    notices.DELIVER: Handler(
        run=delivery.deliver,
        gaps=GAPS,
        lease=timedelta(minutes=2),
        exhausted=delivery.exhausted,
        pool="webhooks",
    ),
}


def _tick(at: datetime) -> bool:
    return tick_next(at=at)


def _recount(at: datetime) -> bool:
    return recount_next(at=at)


def _seal(at: datetime) -> bool:
    return seal_next(at=at)


def _purge(at: datetime) -> bool:
    return purge_next(at=at)


def _fold(_at: datetime) -> bool:
    return fold_next()


def _count(at: datetime) -> bool:
    return count_next(at=at)


def _remind(at: datetime) -> bool:
    return remind_next(at=at)


def _settle(at: datetime) -> bool:
    return safeguards.settle_next(at=at)


def _forget_sessions(at: datetime) -> bool:
    """One statement for all of them, so that there is nothing more to find."""
    forget_ended(at=at)
    return False


def _collect_orphans(at: datetime) -> bool:
    """One walk finds them all, so there is nothing more to find."""
    orphans.collect_orphans(at=at)
    return False


# Breaks are counted in ticks of at most 10 s (RELIABILITY.md 'The core' 5), so their sweep has room to be late.
SWEEPS: Final[tuple[Sweep, ...]] = (
    Sweep("queues", timedelta(seconds=1), sweep_next),
    Sweep("breaks", timedelta(seconds=5), _tick),
    Sweep("tallies", timedelta(seconds=5), _fold, pool="housekeeping"),
    Sweep("counts", timedelta(seconds=5), _count, pool="housekeeping"),
    Sweep("recounts", timedelta(minutes=5), _recount, pool="recounts"),
    Sweep("audit", timedelta(seconds=2), _seal, pool="housekeeping"),
    Sweep("outbox", timedelta(hours=1), _purge, pool="housekeeping"),
    Sweep("idempotency", timedelta(hours=1), idempotency.forget_next, pool="housekeeping"),
    Sweep("orphans", timedelta(hours=1), _collect_orphans, pool="housekeeping"),
    Sweep("announced", timedelta(minutes=5), _settle, pool="housekeeping"),
    Sweep("sessions", timedelta(hours=1), _forget_sessions, pool="housekeeping"),
    Sweep("reviews", timedelta(hours=1), _remind, pool="housekeeping"),
)
