"""The background process: threads for each pool of handlers and of sweeps, until SIGTERM or Ctrl-C."""

import multiprocessing
import random
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser, SystemCheckError
from django.utils.module_loading import import_string

from outbox.kinds import Handler, Sweep
from outbox.services.process import Ending, parts_of, run
from outbox.services.running import Surroundings, run_due


class Command(BaseCommand):
    help = (
        "Run background work and sweeps until SIGTERM; what is in hand is finished, or given back after 20 s."
    )

    requires_system_checks = []  # `check_beside` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="run what is due now, without sweeps, and end"
        )

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        self.check_beside()
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

    def check_beside(self) -> None:
        """Check in a child that ends: what the checks import, every page, is 16 MB that the work never uses."""
        child = multiprocessing.get_context("fork").Process(target=self.check_or_exit)
        child.start()
        child.join()
        if child.exitcode:
            sys.exit(child.exitcode)

    def check_or_exit(self) -> None:
        try:
            self.check()
        except SystemCheckError as trouble:
            sys.exit(str(trouble))
