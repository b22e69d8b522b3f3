"""The one Celery task: a nudge. Rows are leased again by who hears it, so a nudge may be lost or come twice."""

import random

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from outbox.kinds import Handler
from outbox.services.running import Surroundings, run_pool

TASK_NAME = "outbox.run_pool"


@shared_task(name=TASK_NAME)
def run_what_is_due(pool: str) -> None:
    """Run what is due of this pool and in nobody's hands; where there is more than a turn's worth, nudge the next."""
    handlers: dict[str, Handler] = {
        kind: handler
        for kind, handler in import_string(settings.OUTBOX_HANDLERS).items()
        if handler.pool == pool
    }
    around = Surroundings(clock=import_string(settings.TRUSTED_CLOCK), jitter=random.SystemRandom().random)
    if run_pool(handlers=handlers, around=around):
        import_string(settings.OUTBOX_NUDGE)(kind=next(iter(handlers)), is_due=True)
