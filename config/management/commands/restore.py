"""Restore a backup into an empty installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.backup.manifest import Manifest
from config.backup.proofs import Proof
from config.backup.restoring import restore
from config.backup.troubles import CannotRestore


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty installation: every digest is checked first, then the restored whole. "
        "It ends with one line for each check; nothing is kept if one does not hold."
    )
    # An empty installation has no key yet: the restore brings it.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", required=True, type=Path, metavar="FOLDER", dest="source")
        parser.add_argument("--keys-from", type=Path, metavar="FOLDER", help="the folder that holds its keys")

    def handle(self, *args: Any, source: Path, keys_from: Path | None, **options: Any) -> None:
        try:
            manifest = restore(
                folder=source.resolve(),
                keys_folder=keys_from and keys_from.resolve(),
                at=timezone.now(),
                say=self.tell,
            )
        except CannotRestore as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write("Restored. Every session has ended: everybody signs in again.")
        self.remind(manifest)

    def tell(self, proof: Proof) -> None:
        self.stdout.write(f"{'ok ' if proof.holds else 'NOT'} {proof.sentence}")

    def remind(self, manifest: Manifest) -> None:
        self.stdout.write(
            f"What happened after {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC is not in it: limits that were tightened, "
            "looking that was counted, people who left. Read 'After a restore' in docs/operations.md before you start."
        )
