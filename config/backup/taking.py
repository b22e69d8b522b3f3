"""Taking a backup while the system runs: the database first, then the bytes that its rows name, the manifest last."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from audit.rules.signing import public_key
from config.backup import durable, keys, media
from config.backup.databases import Database, database
from config.backup.facts import Facts, blobs_of, facts_of
from config.backup.manifest import NAME, Manifest, Part, has_manifest
from config.backup.media import Entry
from config.backup.places import WHY_APART, alone_in, insist_apart, writable
from config.backup.troubles import BackupSpoiled, CannotBackUp
from config.version import VERSION

TRIES: Final = 3
"""Bytes may be erased between the copy of the database and theirs; then the database is copied again."""


@dataclass(frozen=True, slots=True)
class Copied:
    """The database as it was copied: the file, what it tells, and the SHA-256 of the blobs that it names."""

    part: Part
    facts: Facts
    blobs: set[str]


def take(*, folder: Path, at: datetime) -> Manifest:
    """Make *folder* a backup of this moment; the one that it was before is kept until the new one is whole.

    Raises:
        CannotBackUp: and the backup that was there is as it was.
    """
    for data in (settings.DATA_DIR, settings.MEDIA_ROOT):
        insist_apart(folder, Path(data).resolve(), what="A backup may not lie with the data that it saves")
    if (folder / keys.SECRET).exists():
        raise CannotBackUp(f"{folder} holds keys. {WHY_APART}")
    writable(folder)
    with alone_in(folder):
        try:
            return _take(folder, at=at)
        except OSError as error:
            raise CannotBackUp(f"The backup could not be written to {folder} ({error.strerror}).") from None
        finally:
            _tidy(folder)


def _take(folder: Path, *, at: datetime) -> Manifest:
    public = _audit_key()
    name = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    copied, entries = _copy_both(database(), folder, name)
    index = folder / f"media-{name}.jsonl"
    media.write_index(index, entries)
    manifest = Manifest(
        taken_at=at,
        vendor=database().vendor,
        version=VERSION,
        facts=copied.facts,
        database=copied.part,
        media=Part.of(index),
        audit_key=public,
    )
    manifest.write(folder)
    media.forget_all_but(folder, entries)
    return manifest


def _audit_key() -> str:
    found = keys.current()
    if found is None:
        raise CannotBackUp(
            "There is nothing to back up: Respite has not been started here yet (no secret key)."
        )
    return public_key(found.secret)


def _copy_both(source: Database, folder: Path, name: str) -> tuple[Copied, list[Entry]]:
    """Copy the database, then the media; again, if bytes that the copy names were erased in between."""
    store, earlier, missing = Path(settings.MEDIA_ROOT), _earlier(folder), set[str]()
    for _ in range(TRIES):
        copied = _copy_database(source, folder / f"database-{name}.{source.suffix}")
        entries = media.collect(store, folder, earlier=earlier)
        missing = copied.blobs - {entry.sha256 for entry in entries if entry.is_original}
        if not missing:
            return copied, entries
        earlier = entries
    raise CannotBackUp(
        f"The database names {len(missing)} media whose bytes the media folder lacks, for example {min(missing)}. "
        "Put them back from an earlier backup (restore it elsewhere and copy the file), then back up again."
    )


def _copy_database(source: Database, to: Path) -> Copied:
    with source.copied(to) as ask:
        facts, blobs = facts_of(ask, vendor=source.vendor), blobs_of(ask)
    durable.settle(to, to)
    return Copied(Part.of(to), facts, blobs)


def _earlier(folder: Path) -> Iterable[Entry]:
    """Return what the backup before held, so that its bytes need not be read again; nothing if that cannot be told."""
    try:
        return media.read_index(folder / Manifest.read(folder).media.file)
    except (BackupSpoiled, OSError, ValueError, TypeError):
        return []


def _tidy(folder: Path) -> None:
    """Delete what no manifest names: parts of the backup before, or of this one if it came to nothing."""
    durable.sweep(folder)
    named = _named(folder)
    for path in (*folder.glob("database-*"), *folder.glob("media-*")):
        if path.name not in named:
            path.unlink()


def _named(folder: Path) -> set[str]:
    if not has_manifest(folder):
        return set()
    manifest = Manifest.read(folder)
    return {NAME, manifest.database.file, manifest.media.file}
