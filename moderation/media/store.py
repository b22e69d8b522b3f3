"""Blobs by their SHA-256 on a local folder, and the renditions made from them.

::

    root/ab/cd/<sha256>                        what a platform sent; never served to a browser
    root/renditions/ab/cd/<sha256>.<level>     what Respite made of it
    root/.tmp-<random>                         being written or drawn; all that a crash can leave behind
    root/.lock                                 see below

**Durable.** `put` returns after the bytes, the name and the folders that hold it have been fsynced, so a row that is
committed afterwards never points at nothing.

**One rule of concurrency.** Orphans are collected by age, and the same bytes may be sent again at that very moment. So a
`put` takes the lock shared while it gives the file its name (always anew, which makes it young), and
`delete_if_older_than` takes it alone while it looks at the age and deletes. Whoever comes second sees what the first
has done.
"""

import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from moderation.media.limits import LEVELS, TEMPORARY, Level

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_RENDITIONS: Final = "renditions"


class BlobMissing(Exception):
    """The store holds no such bytes."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """The name of stored bytes (64 lower-case hex digits) and their length in bytes."""

    sha256: str
    size: int


class BlobStore:
    """A content-addressed store on one folder of a local disk. Safe for any number of processes on one host."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def put(self, chunks: Iterable[bytes]) -> StoredBlob:
        """Store these bytes durably under their SHA-256. Storing what is there already is no error and makes it young.

        Raises:
            OSError: nothing was stored. What ``chunks`` raises passes through, and nothing is stored then either.
        """
        digest, size = hashlib.sha256(), 0
        with self._temporary() as (name, file):
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            sha256 = digest.hexdigest()
            self._settle(name, file, self.path(sha256))
        return StoredBlob(sha256, size)

    def put_rendition(self, sha256: str, level: Level, data: bytes) -> None:
        """Store one rendition durably, in place of an earlier one of the same level."""
        with self._temporary() as (name, file):
            file.write(data)
            self._settle(name, file, self.rendition_path(sha256, level))

    def path(self, sha256: str) -> Path:
        """Where these bytes lie or would lie. Raises `ValueError` if this is no SHA-256."""
        return self.root / _spread(sha256) / sha256

    def rendition_path(self, sha256: str, level: Level) -> Path:
        """Where this rendition lies or would lie. Raises `ValueError` if this is no SHA-256 or no level."""
        if level not in LEVELS:
            raise ValueError("no such level")
        return self.root / _RENDITIONS / _spread(sha256) / f"{sha256}.{level}"

    def exists(self, sha256: str) -> bool:
        """Whether the original bytes are here."""
        return self.path(sha256).is_file()

    def open(self, sha256: str) -> BinaryIO:
        """Open the original bytes for reading. Raises `BlobMissing`."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise BlobMissing from error

    def open_rendition(self, sha256: str, level: Level) -> BinaryIO:
        """Open a rendition for reading. Raises `BlobMissing`."""
        try:
            return self.rendition_path(sha256, level).open("rb")
        except FileNotFoundError as error:
            raise BlobMissing from error

    def delete(self, sha256: str) -> bool:
        """Delete the original and every rendition of it; say whether the original was there. May be repeated."""
        with self._locked(fcntl.LOCK_EX):
            return self._unlink(sha256)

    def delete_if_older_than(self, sha256: str, at: datetime) -> bool:
        """Delete original and renditions unless the bytes were stored (again) at or after this moment.

        Says whether they were deleted. The caller has made sure that no row refers to them.
        """
        with self._locked(fcntl.LOCK_EX):
            return _older(self.path(sha256), at) and self._unlink(sha256)

    def iter_older_than(self, at: datetime) -> Iterator[str]:
        """The SHA-256 of every original last stored before this moment (aware), in no order, for orphan collection."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if _SHA256.fullmatch(path.name) and _older(path, at):
                yield path.name

    def sweep_temporaries(self, *, older_than: datetime) -> int:
        """Remove what killed writers and `prepare` left behind before this moment (aware); say how many there were."""
        left = [path for path in self.root.glob(f"{TEMPORARY}*") if _older(path, older_than)]
        for path in left:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return len(left)

    @contextmanager
    def _temporary(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A new file beside the blobs, gone afterwards unless it was given its name."""
        name = self.root / f"{TEMPORARY}{secrets.token_hex(16)}"
        try:
            with name.open("xb") as file:
                yield name, file
        finally:
            name.unlink(missing_ok=True)

    def _settle(self, name: Path, file: BinaryIO, final: Path) -> None:
        """Make the bytes durable, then the name, then every folder that had to be made for it."""
        file.flush()
        os.fsync(file.fileno())
        final.parent.mkdir(parents=True, exist_ok=True)
        with self._locked(fcntl.LOCK_SH):
            name.replace(final)
        folder = final.parent
        # Also those that exist: another writer may have made them a moment ago and not fsynced them yet.
        while folder != self.root:
            _fsync_folder(folder)
            folder = folder.parent
        _fsync_folder(self.root)

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        with (self.root / ".lock").open("ab") as lock:
            fcntl.flock(lock, how)
            yield

    def _unlink(self, sha256: str) -> bool:
        for level in LEVELS:
            self.rendition_path(sha256, level).unlink(missing_ok=True)
        path = self.path(sha256)
        there = path.is_file()
        path.unlink(missing_ok=True)
        if there:
            _fsync_folder(path.parent)
        return there


def _spread(sha256: str) -> Path:
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256 in lower-case hexadecimal")
    return Path(sha256[:2], sha256[2:4])


def _older(path: Path, at: datetime) -> bool:
    try:
        return path.stat().st_mtime < at.timestamp()
    except FileNotFoundError:
        return False


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
