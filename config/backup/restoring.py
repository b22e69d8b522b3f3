"""Restoring: beside its place first, proved there, and only then given its name.

The database is the last thing to get its name, and nothing runs without one. So a restore that fails, or is killed,
leaves nothing that could be taken for an installation; the next one sweeps away what it left.
"""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError

from config.backup import durable, keys, media
from config.backup.databases import Database, database
from config.backup.manifest import Manifest, Part
from config.backup.media import Entry
from config.backup.proofs import Proof, Restored, prove
from config.backup.settling import settle
from config.backup.troubles import BackupSpoiled, CannotRestore

STAGED: Final = f"{durable.TEMPORARY}restoring"
Say = Callable[[Proof], None]


def restore(*, folder: Path, keys_folder: Path | None, at: datetime, say: Say) -> Manifest:
    """Restore the backup at *folder* into this empty installation, telling of each check by *say*.

    Raises:
        CannotRestore: and nothing is left behind.
    """
    target, store = database(), Path(settings.MEDIA_ROOT)
    manifest = _acceptable(folder, keys_folder, target)
    with target.held():
        _insist_empty(target, store)
        try:
            _build(folder, manifest, target, store, say)
            settle(manifest, at=at)
            _publish(target, store)
        except BaseException as error:
            _leave_nothing(target, store)
            if isinstance(error, OSError | DatabaseError):
                raise CannotRestore(f"The restore could not be written: {error}.") from None
            raise
    return manifest


def _acceptable(folder: Path, keys_folder: Path | None, target: Database) -> Manifest:
    """Read the manifest and refuse what this installation cannot take."""
    manifest = Manifest.read(folder)
    if manifest.vendor != target.vendor:
        raise CannotRestore(
            f"This backup is of {manifest.vendor}, and this installation runs on {target.vendor}. "
            "Set or unset DATABASE_URL, so that both are the same."
        )
    manifest.insist_known()
    if keys_folder is not None:
        keys.import_from(keys_folder)
    keys.insist_fit(manifest)
    return manifest


def _insist_empty(target: Database, store: Path) -> None:
    target.insist_empty()
    if store.is_dir() and any(not path.name.startswith(".") for path in store.iterdir()):
        raise CannotRestore(
            f"There are media in {store} already. Restore goes into an empty installation only: "
            "give another MEDIA_ROOT or DATA_DIR, or move them away."
        )


def checked(folder: Path, manifest: Manifest) -> list[Entry]:
    """Read everything that the backup holds against its digests; return the index of its media.

    Raises:
        BackupSpoiled: something is missing or was altered.
    """
    for part in (manifest.database, manifest.media):
        _check(folder, part)
    entries = media.read_index(folder / manifest.media.file)
    media.check(folder, entries)
    return entries


def _check(folder: Path, part: Part) -> None:
    if not (folder / part.file).is_file():
        raise BackupSpoiled(f"The backup lacks {part.file}, which its manifest names.")
    if Part.of(folder / part.file) != part:
        raise BackupSpoiled(f"{part.file} was altered: its bytes are not those that were backed up.")


def _build(folder: Path, manifest: Manifest, target: Database, store: Path, say: Say) -> None:
    """Check the backup, put it beside its place, and prove it there."""
    entries = checked(folder, manifest)
    whole = f"The backup is whole: its database and {len(entries)} media files."
    say(Proof(holds=True, sentence=whole))
    _stage(folder, manifest, entries, target, store)
    _insist_proved(Restored(manifest, target, store / STAGED), say)


def _stage(folder: Path, manifest: Manifest, entries: list[Entry], target: Database, store: Path) -> None:
    shutil.rmtree(store / STAGED, ignore_errors=True)
    (store / STAGED).mkdir(parents=True)
    media.lay_out(folder, entries, store / STAGED)
    target.stage(folder / manifest.database.file)


def _insist_proved(restored: Restored, say: Say) -> None:
    proofs = list(prove(restored))
    for proof in proofs:
        say(proof)
    if not all(proof.holds for proof in proofs):
        raise CannotRestore("Not everything holds, so nothing was restored.")


def _publish(target: Database, store: Path) -> None:
    for path in (store / STAGED).iterdir():
        path.rename(store / path.name)
    (store / STAGED).rmdir()
    durable.sync(store)
    if target.vendor == "sqlite":
        keys.keep(Path(settings.DATA_DIR))
    target.publish()


def _leave_nothing(target: Database, store: Path) -> None:
    """Empty what was empty when this restore began."""
    target.discard()
    shutil.rmtree(store / STAGED, ignore_errors=True)
    for path in store.iterdir() if store.is_dir() else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
