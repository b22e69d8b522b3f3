"""The sweeper of a cluster: walks the sweeps, nudges again what nobody took, and stands in for a broker that is gone."""

import random
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config import celery, clock, cluster
from config.nudging import Nudger, StandIn
from config.outbox import HANDLERS, SWEEPS
from outbox.kinds import Sweep
from outbox.services.process import Ending, run, sweepers_of, workers_of
from outbox.services.running import Part, Surroundings


class Command(BaseCommand):
    help = "Walk the sweeps of a cluster until SIGTERM. Two at once do no harm, and one is enough."
    requires_system_checks = []  # `cluster.insist_beside` runs them, and says more

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--alive", type=Path, help="a file to touch in every round, for a health check")

    def handle(self, *args: Any, alive: Path | None, **options: Any) -> None:
        cluster.insist_beside()
        around = Surroundings(clock=clock.now, jitter=random.SystemRandom().random)
        ending = Ending()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, ending.ask)
        sweeps = [*SWEEPS, *(signs_of_life(alive) if alive else [])]
        parts: list[Part] = [
            Nudger(around),
            *workers_of(HANDLERS, around, kind=StandIn),
            *sweepers_of(sweeps, around),
        ]
        run(parts, around, ending, celery.listen)


def signs_of_life(path: Path) -> list[Sweep]:
    """Return the sweep that touches a file, walked by the thread of the most urgent ones."""

    def touch(_at: datetime) -> bool:
        path.touch()
        return False

    return [Sweep("alive", timedelta(seconds=10), touch)]
