"""Back up database and media into a folder, and the keys into another."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.backup import keys
from config.backup.manifest import Manifest
from config.backup.taking import take
from config.backup.troubles import CannotBackUp


class Command(BaseCommand):
    help = (
        "Copy database and media into a folder while Respite runs; bytes that are there already are not copied again. "
        "The keys go into another folder, or nowhere."
    )
    # A backup is most wanted when something else is out of order.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", required=True, type=Path, metavar="FOLDER", help="made if it is not there"
        )
        parser.add_argument("--keys-to", type=Path, metavar="FOLDER", help="another folder, for the keys")

    def handle(self, *args: Any, to: Path, keys_to: Path | None, **options: Any) -> None:
        folder = to.resolve()
        try:
            if keys_to is not None:
                keys.export(keys_to.resolve(), backup=folder)
            manifest = take(folder=folder, at=timezone.now())
        except CannotBackUp as trouble:
            raise CommandError(str(trouble)) from None
        self.say(manifest, folder)
        if keys_to is None:
            self.stdout.write("The keys are not in it. Write them once, elsewhere, with --keys-to FOLDER.")

    def say(self, manifest: Manifest, folder: Path) -> None:
        rows = sum(manifest.facts.counts.values())
        self.stdout.write(
            f"Backed up to {folder}: {rows} rows, {manifest.database.size} bytes of database, "
            f"taken {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC."
        )
