"""`manage.py serve`: all of Respite in embedded mode, by one command."""

import os
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from config import database_logs
from config.health import cannot, mode, roles_apart
from config.preflight import CannotStart, data_folder, hold, raise_file_limit, secret_key, take_port
from config.private import tighten
from config.serving import Plan, become
from config.supervisor import Program, die_with_parent

MANAGE = str(Path(settings.BASE_DIR) / "manage.py")
LOOPBACK_NETWORKS = "127.0.0.0/8,::1/128"
"""Where the demo may send webhooks: to a receiver that somebody tries on this machine."""


class Command(BaseCommand):
    help = "Prepare the database, then run the web server and the background worker until Ctrl-C."
    # The checks run in `handle`, after the preflight: a folder that cannot be written is one line, not a list.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--demo", action="store_true", help="fill an empty installation with a small team and items"
        )
        parser.add_argument(
            "--stop-with-parent", action="store_true", help="stop when the process that called dies"
        )

    def handle(self, *args: Any, host: str, demo: bool, stop_with_parent: bool, **options: Any) -> None:
        if stop_with_parent:
            die_with_parent(signal.SIGTERM)
        try:
            folder = data_folder(settings.DATA_DIR)
            lock = hold(folder)
            listener = take_port(host, settings.PORT)
        except CannotStart as trouble:
            sys.exit(str(trouble))
        for path in tighten(data=folder, media=Path(settings.MEDIA_ROOT)):
            self.say(f"Others can look into {path}, and it is not ours to close: whoever owns it should.")
        raise_file_limit()
        if not has_secret_key():
            settings.SECRET_KEY = secret_key(folder)
        settings.DEMO = settings.DEMO or demo
        self.check()
        Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
        self.say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        try:
            database_logs.insist()
        except database_logs.DatabaseTalks as talks:
            sys.exit(talks.line)
        plan = Plan(
            programs=[self.web(listener.fileno()), self.worker()],
            port=settings.PORT,
            lines=self.lines(),
            afterwards=self.demo() if settings.DEMO else None,
            lock=lock,
        )
        connections.close_all()
        become(plan, self.environment())

    def web(self, handle: int) -> Program:
        command = (sys.executable, "-m", "config.server", "--fd", str(handle))
        return Program("The web server", command, handles=(handle,))

    def worker(self) -> Program:
        return Program("The background worker", (sys.executable, MANAGE, "runoutbox"))

    def demo(self) -> Program:
        """Fill the demo through the API that answers by then, and tell how to get in."""
        return Program("Preparing the demo", (sys.executable, MANAGE, "seed_demo", "--describe"), once=True)

    def lines(self) -> list[str]:
        """Return what is said once the address answers."""
        return [
            f"Respite is running at {self.address()} (Ctrl-C stops it).",
            f"Mode: {mode()}, data in {settings.DATA_DIR}. " + " ".join(cannot()),
            *roles_apart(),
        ]

    def environment(self) -> dict[str, str]:
        environment = dict(os.environ) | {"PYTHONUNBUFFERED": "1", "PORT": str(settings.PORT)}
        environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")])
        )
        if settings.DEMO:
            environment["DEMO"] = "1"
            environment.setdefault("WEBHOOK_ALLOW_NETWORKS", LOOPBACK_NETWORKS)
        return environment

    def address(self) -> str:
        return f"http://127.0.0.1:{settings.PORT}"

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def has_secret_key() -> bool:
    """Return whether one was given or made before; Django raises for an empty one."""
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return False
