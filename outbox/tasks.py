"""The one Celery task: a nudge. The row is leased again by who hears it, so a nudge may be lost or come twice."""

import random

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from outbox.services.running import Surroundings
from outbox.services.running import run_entry as run_leased

TASK_NAME = "outbox.run_entry"


@shared_task(name=TASK_NAME)
def run_entry(entry_id: int) -> None:
    """Run this outbox entry, if it is still to be done and nobody has it."""
    around = Surroundings(clock=import_string(settings.TRUSTED_CLOCK), jitter=random.SystemRandom().random)
    run_leased(entry_id=entry_id, handlers=import_string(settings.OUTBOX_HANDLERS), around=around)
