"""The background process: threads for each pool of handlers and of sweeps, until SIGTERM or Ctrl-C."""

import random
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

from outbox.kinds import Handler, Sweep
from outbox.services.process import Ending, parts_of, run
from outbox.services.running import Surroundings, run_due


class Command(BaseCommand):
    help = (
        "Run background work and sweeps until SIGTERM; what is in hand is finished, or given back after 20 s."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="run what is due now, without sweeps, and end"
        )

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        handlers: dict[str, Handler] = import_string(settings.OUTBOX_HANDLERS)
        sweeps: tuple[Sweep, ...] = import_string(settings.OUTBOX_SWEEPS)
        around = Surroundings(
            clock=import_string(settings.TRUSTED_CLOCK), jitter=random.SystemRandom().random
        )
        if once:
            self.stdout.write(str(run_due(handlers=handlers, around=around)))
            return
        ending = Ending()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, ending.ask)
        listen = import_string(settings.OUTBOX_EAR) if settings.OUTBOX_EAR else None
        run(parts_of(handlers, sweeps, around), around, ending, listen)
