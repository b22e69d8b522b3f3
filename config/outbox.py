"""Which handler runs an outbox entry of which kind, and which sweeps the runner walks."""

from datetime import timedelta
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
from wellbeing.core.services.breaks import tick_next
from wellbeing.core.services.recount import recount_next
from wellbeing.limits.services.reviews import remind_next

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


# Breaks are counted in ticks of at most 10 s (RELIABILITY.md 'The core' 5), so their sweep has room to be late.
SWEEPS: Final[tuple[Sweep, ...]] = (
    Sweep("queues", timedelta(seconds=1), sweep_next),
    Sweep("breaks", timedelta(seconds=5), tick_next),
    Sweep("tallies", timedelta(seconds=5), lambda _at: fold_next(), pool="housekeeping"),
    Sweep("counts", timedelta(seconds=5), count_next, pool="housekeeping"),
    Sweep("recounts", timedelta(minutes=5), recount_next, pool="recounts"),
    Sweep("audit", timedelta(seconds=2), seal_next, pool="housekeeping"),
    Sweep("outbox", timedelta(hours=1), purge_next, pool="housekeeping"),
    Sweep("idempotency", timedelta(hours=1), idempotency.forget_next, pool="housekeeping"),
    Sweep("orphans", timedelta(hours=1), orphans.collect_orphans, pool="housekeeping"),
    Sweep("announced", timedelta(minutes=5), safeguards.settle_next, pool="housekeeping"),
    Sweep("sessions", timedelta(hours=1), forget_ended, pool="housekeeping"),
    Sweep("reviews", timedelta(hours=1), remind_next, pool="housekeeping"),
)
