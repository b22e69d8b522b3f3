"""The sweeper of a cluster: walks the sweeps, nudges again what nobody took, and stands in for a broker that is gone."""

import random
import signal
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand

from config import cluster
from config.nudging import NUDGES, StandIn
from config.outbox import HANDLERS, SWEEPS
from outbox.services.process import Ending, run, sweepers_of, workers_of
from outbox.services.running import Surroundings


class Command(BaseCommand):
    help = "Walk the sweeps of a cluster until SIGTERM. Two at once do no harm, and one is enough."
    requires_system_checks = []  # `cluster.insist` runs them, and says more

    def handle(self, *args: Any, **options: Any) -> None:
        cluster.insist()
        around = Surroundings(clock=partial(datetime.now, UTC), jitter=random.SystemRandom().random)
        ending = Ending()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, ending.ask)
        parts = [*workers_of(HANDLERS, around, kind=StandIn), *sweepers_of([NUDGES, *SWEEPS], around)]
        run(parts, around, ending)
