"""End an account: the case in hand goes back to its place, every session is over."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.leaving import deactivate
from people.exceptions import AlreadyDeactivated, LastOperator, ReasonMissing
from people.models import User


class Command(BaseCommand):
    help = "End an account. The person's claim is released, their draft and record stay theirs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="kept in the audit record")

    def handle(self, *args: Any, username: str, reason: str, **options: Any) -> None:
        user = User.objects.filter(username__iexact=username).first()
        if user is None:
            raise CommandError(f"There is nobody with the user name {username}.")
        try:
            deactivate(user=user, reason=reason, actor="system", at=timezone.now())
        except ReasonMissing:
            raise CommandError("Say why: --reason must not be empty.") from None
        except AlreadyDeactivated:
            raise CommandError(f"The account of {username} was ended before.") from None
        except LastOperator:
            raise CommandError(f"{username} is the only operator: name another one first.") from None
        self.stdout.write(json.dumps({"username": user.username, "active": False}))
