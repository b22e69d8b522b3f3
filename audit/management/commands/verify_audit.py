from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.rules.signing import public_key
from audit.rules.telling import last_full_quarter
from audit.selectors import ChainBroken, told_of, verify


class Command(BaseCommand):
    help = "Walk the audit chain: exit 0 and the count when it holds, else the first broken link and exit 1."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verified = verify()
        except ChainBroken as broken:
            raise CommandError(f"The audit chain is broken at {broken}.", returncode=1) from None
        quarter = last_full_quarter(timezone.now())
        told = told_of(verified, before=quarter)
        self.stdout.write(
            f"{told.count} audit rows hold, {told.signed} of them under a signed checkpoint; "
            f"{told.waiting} wait for their seal."
        )
        self.stdout.write(
            f"Counted until {quarter:%Y-%m-%d %H:%M} UTC. What was written since was walked with them and is not counted."
        )
        self.stdout.write(f"Public key of the checkpoints (Ed25519): {public_key(settings.SECRET_KEY)}")
