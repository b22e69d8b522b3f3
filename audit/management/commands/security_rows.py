import json
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.rules.security import told
from audit.rules.telling import last_full_quarter
from audit.selectors import link_of, security_rows

LOOKED_BACK = timedelta(days=7)


class Command(BaseCommand):
    help = (
        "Print what the record holds about security, one JSON object a line, for the auditor: pseudonyms, never names; "
        "times to the minute; nothing since the last full quarter of an hour."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", help="a date or an instant (ISO 8601, UTC unless it says otherwise); 7 days ago"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        since = _instant(options["since"]) if options["since"] else now - LOOKED_BACK
        for row in security_rows(since=since, before=last_full_quarter(now)):
            self.stdout.write(json.dumps(told(link_of(row)), sort_keys=True))


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError("--since is a date or an instant, as 2026-11-23 or 2026-11-23T09:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
