"""Media in a backup: every file once, under the SHA-256 of its bytes, and an index of what lies where.

::

    folder/objects/ab/cd/<sha256>     the bytes; what is there already is not copied again
    folder/media-<moment>.jsonl       one line for each file of the store: path, SHA-256, size, time

Originals are named by their digest. Renditions are made anew now and then under the same name, so their bytes are
found by digest too; one that has the size and time of the backup before is not read again.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from config.backup import durable
from config.backup.troubles import BackupSpoiled, CannotBackUp, CannotRestore

OBJECTS: Final = "objects"
_ORIGINAL: Final = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")
_PATH: Final = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z._-]*(/[0-9A-Za-z_-][0-9A-Za-z._-]*)*")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the store. ``path`` is relative to it; ``changed_ns`` since the epoch."""

    path: str
    sha256: str
    size: int
    changed_ns: int

    @property
    def is_original(self) -> bool:
        """Whether these are bytes that a platform sent."""
        return _ORIGINAL.fullmatch(self.path) is not None


def collect(root: Path, folder: Path, *, earlier: Iterable[Entry]) -> list[Entry]:
    """Bring what is missing of the store at *root* into the backup at *folder*; return what the store holds.

    Raises:
        CannotBackUp: bytes are not what their name says.
        OSError: the disk would not take them.
    """
    before = {entry.path: entry for entry in earlier}
    return [entry for path in _files(root) if (entry := _collected(path, root, folder, before)) is not None]


def _files(root: Path) -> Iterator[Path]:
    """Every file that is finished; names that begin with a dot are being written."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _collected(path: Path, root: Path, folder: Path, before: dict[str, Entry]) -> Entry | None:
    """Bring one file; None if it is gone meanwhile."""
    relative = path.relative_to(root).as_posix()
    try:
        found = path.stat()
        sha256 = _known(relative, found, before)
        if sha256 is None or not _holds(folder, sha256, found.st_size):
            sha256 = _brought(path, relative, folder)
    except FileNotFoundError:
        return None
    size = object_path(folder, sha256).stat().st_size
    return Entry(path=relative, sha256=sha256, size=size, changed_ns=found.st_mtime_ns)


def _known(relative: str, found: os.stat_result, before: dict[str, Entry]) -> str | None:
    """Return the digest where it can be told without reading."""
    original = _ORIGINAL.fullmatch(relative)
    if original:
        return original[1]
    entry = before.get(relative)
    same = entry is not None and (entry.size, entry.changed_ns) == (found.st_size, found.st_mtime_ns)
    return entry.sha256 if entry is not None and same else None


def _holds(folder: Path, sha256: str, size: int) -> bool:
    held = object_path(folder, sha256)
    return held.is_file() and held.stat().st_size == size


def _brought(path: Path, relative: str, folder: Path) -> str:
    name, sha256 = durable.copy(path, folder)
    try:
        original = _ORIGINAL.fullmatch(relative)
        if original and original[1] != sha256:
            raise CannotBackUp(
                f"The bytes stored as {relative} are not what they were: the disk may be failing. Put that file back "
                f"from an earlier backup ({OBJECTS}/{relative} there), then back up again."
            )
        durable.settle(name, object_path(folder, sha256))
    finally:
        name.unlink(missing_ok=True)
    return sha256


def object_path(folder: Path, sha256: str) -> Path:
    """Where these bytes lie in a backup."""
    return folder / OBJECTS / sha256[:2] / sha256[2:4] / sha256


def forget_all_but(folder: Path, entries: Iterable[Entry]) -> None:
    """Delete from the backup the bytes that the store no longer holds: what was erased does not live on here."""
    held = {entry.sha256 for entry in entries}
    for path in (folder / OBJECTS).glob("*/*/*"):
        if path.name not in held:
            path.unlink()


def write_index(path: Path, entries: Iterable[Entry]) -> None:
    """Write one line for each entry."""
    durable.write(path, "".join(json.dumps(asdict(entry)) + "\n" for entry in entries))


def read_index(path: Path) -> list[Entry]:
    """Return the entries of an index whose digest was checked.

    Raises:
        BackupSpoiled: it names a place outside the store.
    """
    entries = [Entry(**json.loads(line)) for line in path.read_text().splitlines()]
    if not all(_PATH.fullmatch(entry.path) and _SHA256.fullmatch(entry.sha256) for entry in entries):
        raise BackupSpoiled("The index of the media names places outside the media folder.")
    return entries


def check(folder: Path, entries: Iterable[Entry]) -> None:
    """Read every object that the index names.

    Raises:
        BackupSpoiled: one is missing, or is not what its name says.
    """
    for entry in entries:
        held = object_path(folder, entry.sha256)
        if not held.is_file():
            raise BackupSpoiled(f"The backup lacks {OBJECTS}/{held.relative_to(folder / OBJECTS)}.")
        if durable.digest_of(held) != entry.sha256:
            raise BackupSpoiled(
                f"{held.relative_to(folder)} was altered: its bytes are not those that were backed up."
            )


def lay_out(folder: Path, entries: Iterable[Entry], root: Path) -> None:
    """Copy every entry to its place under *root*.

    Raises:
        CannotRestore: what was read is not what was checked.
        OSError: the disk would not take them.
    """
    for entry in entries:
        name, sha256 = durable.copy(object_path(folder, entry.sha256), root)
        if sha256 != entry.sha256:
            raise CannotRestore(
                f"The bytes of {entry.path} changed while they were copied: a disk may be failing."
            )
        durable.settle(name, root / entry.path)
