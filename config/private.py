"""What Respite keeps is its owner's alone: database, media, keys and backups hold what nobody else may read."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

UMASK = 0o077
OTHERS = 0o077
"""What anybody but the owner may do with a file or folder."""


def create_private() -> None:
    """Let every file that this process and its children make be readable by their owner alone."""
    os.umask(UMASK)


def tighten(*, data: Path, media: Path) -> list[Path]:
    """Take from others what older versions left to them; return what belongs to somebody else and stays open.

    Media are closed by their folders: a store of millions is not walked at every start.
    """
    return [path for path in _kept(data, media) if not _close(path)]


def _kept(data: Path, media: Path) -> Iterator[Path]:
    for folder in (data, media):
        if folder.is_dir():
            yield folder
            yield from (inner for inner in folder.iterdir() if inner.is_dir() and not inner.is_symlink())
    yield from (file for file in data.glob("*") if file.is_file() and not file.is_symlink())


def _close(path: Path) -> bool:
    """Say whether nobody else may use *path* any more."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & OTHERS:
        return True
    try:
        path.chmod(mode & ~OTHERS)
    except OSError:
        return False
    return True
