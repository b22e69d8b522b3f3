"""Move every sealed field to the first key of FIELD_KEYS."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.sealed import TABLE, rotate_row, unreadable


class Command(BaseCommand):
    help = (
        "Seal every sealed field anew under the first key of FIELD_KEYS. May be stopped and run again; "
        "the older keys may be dropped once it says that nothing was left to move."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        stuck = unreadable()
        if stuck:
            raise CommandError(
                f"Nothing was changed: no key of FIELD_KEYS opens {', '.join(map(str, stuck))}. "
                "Put the key that was dropped back at the end of FIELD_KEYS, then run this again."
            )
        found = {sealed.table: Counter(rotate_row(sealed, key) for key in sealed.ids()) for sealed in TABLE}
        for table, count in found.items():
            self.stdout.write(
                f"{table}: {count[True]} moved, {count[False]} were under the newest key already."
            )
        if not any(count[True] for count in found.values()):
            self.stdout.write("Nothing was left to move: the older keys may be dropped.")
