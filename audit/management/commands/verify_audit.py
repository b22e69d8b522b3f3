from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.rules.signing import public_key
from audit.selectors import ChainBroken, verify


class Command(BaseCommand):
    help = "Walk the audit chain: exit 0 and the count when it holds, else the first broken link and exit 1."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verified = verify()
        except ChainBroken as broken:
            raise CommandError(f"The audit chain is broken at {broken}.", returncode=1) from None
        self.stdout.write(
            f"{verified.count} audit rows hold, {verified.signed} of them under a signed checkpoint; "
            f"{verified.waiting} wait for their seal."
        )
        self.stdout.write(f"Public key of the checkpoints (Ed25519): {public_key(settings.SECRET_KEY)}")
