"""What must be in order before anything is started; each trouble is one line that a person can act on."""

import contextlib
import errno
import fcntl
import os
import resource
import secrets
import socket
import tempfile
from pathlib import Path

KEY_BYTES = 48
ENOUGH_FILES = 65_536
"""Open files of one process: beyond the hard limit nobody may go, and more than this nothing here could use."""
ANY_WRITE = 0o222
"""Root may write everywhere; a folder that nobody is meant to write to is respected all the same."""


class CannotStart(Exception):
    """Respite cannot start; the message is one line for the person at the terminal."""


def data_folder(folder: Path) -> Path:
    """Return `folder`, made if need be, once a file was written to it.

    Raises:
        CannotStart: it is no folder, cannot be made, or is read-only or full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_read_only(folder)
        for file in folder.glob("*.sqlite3*"):
            _refuse_read_only(file)
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            probe.write(b"Respite was here")
            probe.flush()
            os.fsync(probe.fileno())
    except FileExistsError:
        raise CannotStart(f"DATA_DIR is not a folder: {folder}") from None
    except OSError as error:
        raise CannotStart(f"DATA_DIR cannot be written to: {folder} ({error.strerror})") from None
    return folder


def _refuse_read_only(path: Path) -> None:
    if not path.stat().st_mode & ANY_WRITE:
        raise PermissionError(errno.EACCES, f"{path.name} is read-only")


def hold(folder: Path) -> int:
    """Take `folder` for this process and return the handle of the lock, which ends with the process.

    Raises:
        CannotStart: another Respite runs on this folder.
    """
    handle = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 20, 0).decode().strip()
        os.close(handle)
        raise CannotStart(f"Respite already runs on {folder} (process {holder or 'unknown'})") from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    return handle


def secret_key(folder: Path) -> str:
    """Return the key of this installation, made once and readable by its owner alone."""
    path = folder / "secret_key"
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES))
            file.flush()
            os.fsync(handle)
    return path.read_text().strip()


def raise_file_limit() -> int:
    """Let this process and its children open as many files as the system allows, and return how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft if soft != resource.RLIM_INFINITY else wanted


def take_port(host: str, port: int) -> socket.socket:
    """Return the listening socket that the web process will accept on.

    Raises:
        CannotStart: the port is in use or not ours to take.
    """
    if not 0 < port < 1 << 16:
        raise CannotStart(f"PORT must be between 1 and 65535, not {port}")
    try:
        return listen(host, port)
    except OSError as error:
        raise CannotStart(_why_not_that_port(error, host, port)) from None


def _why_not_that_port(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use. Choose another with: PORT={port + 1} make run"
    return f"Cannot listen on port {port} of {host}: {error.strerror}"


def listen(host: str, port: int) -> socket.socket:
    """Return a listening TCP socket.

    Raises:
        OSError: the address is taken, not ours or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # A connection of the last run that is still closing must not keep the next one from starting.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener
