"""The private PostgreSQL lives as long as its command, and leaves nothing."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.with_postgres import PostgresMissing, find_binaries

pytestmark = [pytest.mark.any_database, pytest.mark.faults]

ROOT = Path(__file__).resolve().parents[2]
TELL = "import os, sys; print(os.environ['DATABASE_URL'], flush=True); sys.stdin.read()"
IN_THE_BACKGROUND = 'trap "" INT; exec "$@"'
"""What is begun so finds Ctrl-C's signal ignored."""


@pytest.fixture
def running() -> subprocess.Popen[str]:
    """A command that tells its DATABASE_URL and waits for the end of its input, begun by a shell in the background."""
    try:
        find_binaries()
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    command = [sys.executable, "-m", "scripts.with_postgres", sys.executable, "-c", TELL]
    command = ["sh", "-c", IN_THE_BACKGROUND, "sh", *command]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def folder_of(running: subprocess.Popen[str]) -> Path:
    assert running.stdout is not None
    url = running.stdout.readline().strip()
    folder = Path(url.partition("host=")[2])
    assert url.startswith("postgresql://")
    assert (folder / ".s.PGSQL.5432").is_socket()
    return folder


def test_it_is_stopped_and_deleted_with_its_command(running: subprocess.Popen[str]) -> None:
    folder = folder_of(running)
    assert running.communicate("", timeout=60)
    assert running.returncode == 0
    assert not folder.exists()


@pytest.mark.parametrize("request_", [signal.SIGINT, signal.SIGTERM])
def test_it_is_stopped_and_deleted_when_interrupted(
    running: subprocess.Popen[str], request_: signal.Signals
) -> None:
    folder = folder_of(running)
    server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    running.send_signal(request_)
    running.communicate("", timeout=60)
    assert running.returncode != 0
    assert not folder.exists()
    assert not Path(f"/proc/{server}").exists()
