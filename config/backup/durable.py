"""Files that are whole or not there: written beside their name, fsynced, then renamed."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

TEMPORARY: Final = ".tmp-"
CHUNK: Final = 1 << 20


def digest_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(path: Path, text: str) -> None:
    """Write *text* to *path*, readable by the owner alone, whole or not at all."""
    with _beside(path) as name:
        name.touch(mode=0o600)
        name.write_text(text)
        settle(name, path)


def copy(source: Path, folder: Path) -> tuple[Path, str]:
    """Copy a file to a temporary name in *folder*; return that name and the SHA-256 of the bytes that were copied.

    The caller renames it by `settle`, or deletes it.
    """
    name, digest = folder / f"{TEMPORARY}{secrets.token_hex(8)}", hashlib.sha256()
    try:
        with source.open("rb") as read, name.open("xb") as written:
            while chunk := read.read(CHUNK):
                digest.update(chunk)
                written.write(chunk)
    except OSError:
        name.unlink(missing_ok=True)
        raise
    return name, digest.hexdigest()


def settle(name: Path, final: Path) -> None:
    """Make the bytes of *name* durable, then give them their *final* name, durably too."""
    sync(name)
    final.parent.mkdir(parents=True, exist_ok=True)
    name.replace(final)
    for folder in list(final.parents)[
        :3
    ]:  # as deep as a name of bytes lies; each may have been made just now
        sync(folder)


def sync(path: Path) -> None:
    """Fsync a file or a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Delete what a killed run left behind in *folder*, at any depth. Nobody else may be writing there."""
    for left in folder.rglob(f"{TEMPORARY}*"):
        left.unlink(missing_ok=True)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    name = path.parent / f"{TEMPORARY}{secrets.token_hex(8)}"
    try:
        yield name
    finally:
        name.unlink(missing_ok=True)
