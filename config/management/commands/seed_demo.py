"""Fill an installation with the demo. Run again, it changes nothing."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.cast import ensure_cast
from config.demo.describing import describe_demo
from config.demo.items import ITEMS
from config.demo.submit import DemoNotSubmitted, submit


class Command(BaseCommand):
    help = "Make the demo's people and submit its items by the public API of the running server. Idempotent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--url", default=f"http://127.0.0.1:{settings.PORT}", help="where the server answers"
        )
        parser.add_argument("--describe", action="store_true", help="print sign-ins, key and a curl line")

    def handle(self, *args: Any, url: str, describe: bool, **options: Any) -> None:
        found = ensure_cast(folder=settings.DATA_DIR, at=timezone.now())
        try:
            new = submit(base_url=url, api_key=found.api_key, items=ITEMS)
        except DemoNotSubmitted as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write(f"The demo is ready: {new} items submitted, {len(ITEMS) - new} were there already.")
        if describe:
            self.stdout.write("\n".join(describe_demo(base_url=url, found=found)))
