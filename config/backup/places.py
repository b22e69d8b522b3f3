"""Which folders may hold a backup, and which its keys."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from config.backup.troubles import CannotBackUp
from config.preflight import CannotStart, data_folder

WHY_APART: Final = (
    "Whoever holds a backup and its keys can read everything in it, so they are kept in different places."
)


def insist_apart(backup: Path, other: Path, *, what: str) -> None:
    """Refuse two folders that are the same, or of which one lies in the other.

    Raises:
        CannotBackUp
    """
    if backup.is_relative_to(other) or other.is_relative_to(backup):
        raise CannotBackUp(f"{what}: {backup} and {other}. {WHY_APART}")


def writable(folder: Path) -> None:
    """Make *folder* if need be and try to write there.

    Raises:
        CannotBackUp
    """
    try:
        data_folder(folder)
    except CannotStart as trouble:
        raise CannotBackUp(str(trouble).replace("DATA_DIR", "The folder", 1)) from None


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold *folder* for this run; two backups at once would delete each other's files.

    Raises:
        CannotBackUp
    """
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise CannotBackUp(f"Another backup to {folder} is under way. Wait for its end.") from None
    finally:
        os.close(handle)
