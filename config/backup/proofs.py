"""What must hold of a restored installation before it is given its place; each proof says one line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from audit.models import AuditCheckpoint
from audit.selectors import ChainBroken, verify
from config.backup.databases import Database
from config.backup.facts import blobs_of, counts_of
from config.backup.manifest import Manifest
from config.sealed import unreadable


class NotProved(Exception):
    """It does not hold; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What one proof came to, as a sentence."""

    holds: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored installation that has not been given its place yet. ``media``: where its files lie for now."""

    manifest: Manifest
    database: Database
    media: Path


def sound(restored: Restored) -> str:
    """The database itself."""
    faults = restored.database.faults()
    if faults:
        raise NotProved(f"The database is damaged: {faults[0]}.")
    return "The database is sound."


def all_rows(restored: Restored) -> str:
    """Every table has as many rows as when the backup was taken."""
    taken, found = restored.manifest.facts.counts, counts_of(ask, vendor=connection.vendor)
    wrong = sorted(table for table in taken.keys() | found.keys() if taken.get(table) != found.get(table))
    if wrong:
        raise NotProved(f"Rows are missing or too many in {', '.join(wrong)}.")
    return f"All {sum(found.values())} rows of {len(found)} tables are there."


def brought_forward(_restored: Restored) -> str:
    """The tables are those of this program."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing:
        return "The tables are those of this version."
    call_command("migrate", verbosity=0, interactive=False)
    return f"{len(missing)} migrations of this version were applied: the backup is from an older one."


def audit_whole(restored: Restored) -> str:
    """The audit chain holds, up to the checkpoint that the manifest names."""
    try:
        verified = verify()
    except ChainBroken as broken:
        raise NotProved(f"The audit chain is broken at {broken}.") from None
    promised = restored.manifest.facts.checkpoint
    if (
        promised
        and not AuditCheckpoint.objects.filter(sequence=promised.sequence, digest=promised.digest).exists()
    ):
        raise NotProved(
            f"The audit chain was rewritten: link {promised.sequence} is not what the manifest says."
        )
    return f"{verified.count} audit rows hold, {verified.signed} of them under a signed checkpoint."


def media_there(restored: Restored) -> str:
    """Every blob that a row names is there; its digest was checked while it was copied."""
    blobs = blobs_of(ask)
    missing = [name for name in sorted(blobs) if not (restored.media / name[:2] / name[2:4] / name).is_file()]
    if missing:
        raise NotProved(f"{len(missing)} media that rows name are not there, for example {missing[0]}.")
    return f"All {len(blobs)} media that rows name are there, each with its digest."


def fields_open(_restored: Restored) -> str:
    """Every sealed field opens with the keys that were given."""
    stuck = unreadable()
    if stuck:
        raise NotProved(f"No key opens {', '.join(map(str, stuck))}: FIELD_KEYS lacks one.")
    return "Every sealed field opens with the keys that were given."


PROOFS: tuple[Callable[[Restored], str], ...] = (
    sound,
    all_rows,
    brought_forward,
    audit_whole,
    media_there,
    fields_open,
)


def prove(restored: Restored) -> Iterator[Proof]:
    """Go through every proof in order, whatever the one before came to."""
    for proof in PROOFS:
        try:
            yield Proof(holds=True, sentence=proof(restored))
        except NotProved as trouble:
            yield Proof(holds=False, sentence=str(trouble))
        except DatabaseError as trouble:
            yield Proof(holds=False, sentence=f"The database did not answer: {trouble}")


def ask(query: str) -> list[tuple[Any, ...]]:
    """Ask the database that this process uses."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
