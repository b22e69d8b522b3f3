"""Embedded mode's wake: a named pipe in the data folder, by which a process says what it has just promised.

A line for each nudge, written after the commit; nobody waits for anybody. Who does not listen is not told, and a full
pipe says all that there is to say. The background worker reads it.
"""

import contextlib
import logging
import os
import select
import stat
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from django.conf import settings

log = logging.getLogger("respite.waking")

NAME: Final = "wake"
APART_SECONDS: Final = 0.05
"""At most 20 times a second anybody is woken, however much is promised."""
MOST_BYTES: Final = 1 << 16


def path() -> Path:
    """Return where the pipe is."""
    return Path(settings.DATA_DIR) / NAME


def nudge(*, kind: str, is_due: bool) -> None:  # noqa: ARG001 - who is woken looks when it is due
    """Wake who runs entries of this kind; what is written at once is one line, whole."""
    # Nobody reads (ENXIO), there is no pipe yet, or it is full: then somebody is awake, or looks by themselves soon.
    with contextlib.suppress(OSError):
        pipe = os.open(path(), os.O_WRONLY | os.O_NONBLOCK)
        try:
            if stat.S_ISFIFO(os.fstat(pipe).st_mode):
                os.write(pipe, f"{kind}\n".encode())
        finally:
            os.close(pipe)


def listen(hear: Callable[[Collection[str]], None], names: Collection[str]) -> None:  # noqa: ARG001 - all are told
    """Hand over what is rung, from a thread, as long as the process lives."""
    try:
        pipe = open_pipe()
    except OSError as error:
        log.warning(
            "nobody can be woken at once (%s): background work begins up to 5 s later", error.strerror
        )
        return
    threading.Thread(target=_read, args=(pipe, hear), name="wake", daemon=True).start()


def _read(pipe: int, hear: Callable[[Collection[str]], None]) -> None:
    while True:
        select.select([pipe], [], [])
        hear(set(os.read(pipe, MOST_BYTES).decode(errors="replace").split()))
        time.sleep(APART_SECONDS)


def open_pipe() -> int:
    """Return the reading end, of a pipe that is made if need be; its reader writes to it, too, so that it never ends.

    Raises:
        OSError: it cannot be made, or something else has its name.
    """
    with contextlib.suppress(FileExistsError):
        os.mkfifo(path(), 0o600)
    pipe = os.open(path(), os.O_RDWR | os.O_NONBLOCK)
    if not stat.S_ISFIFO(os.fstat(pipe).st_mode):
        os.close(pipe)
        raise FileExistsError(0, f"{path()} is no pipe")
    return pipe
