"""Processes are started again when they die, and none is left behind. Real processes, short ones."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.supervisor import Program, Supervisor, delay_seconds, describe_end

pytestmark = [pytest.mark.any_database, pytest.mark.faults]

PATIENCE_SECONDS = 20


def until(what: Callable[[], bool]) -> None:
    """Wait until `what` holds; it is the outside world that is waited for, not a race."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Return whether a process runs; one that has died and waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


SUPERVISE = """
import sys
from config.supervisor import Program, Supervisor
folder = sys.argv[1]
def sleeper(name, and_then="time.sleep(600)"):
    code = f"import os, time, pathlib; pathlib.Path({folder!r}, {name!r}).open('a').write(f'{{os.getpid()}}\\\\n'); {and_then}"
    return Program(name, (sys.executable, "-c", code))
parent = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
kinds = {"plain": "time.sleep(600)", "family": parent, "stubborn": stubborn, "hopeless": "raise SystemExit(3)"}
programs = [sleeper(name, kinds[name]) for name in sys.argv[2].split(",")]
sys.exit(Supervisor(programs, {}, lambda: "hopeless" not in sys.argv[2], lambda: None, print, patience_seconds=1).run())
"""


class Running:
    """A supervisor in a process of its own, and the process ids that its children wrote down."""

    def __init__(self, folder: Path, kinds: str) -> None:
        self.folder = folder
        command = [sys.executable, "-u", "-c", SUPERVISE, str(folder), kinds]
        # A file, not a pipe: an orphan would hold a pipe open, and a failing test would wait for it.
        with (folder / "said").open("wb") as said:
            self.process = subprocess.Popen(command, stdout=said)

    def pids(self, name: str) -> list[int]:
        file = self.folder / name
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def pid(self, name: str) -> int:
        until(lambda: bool(self.pids(name)))
        return self.pids(name)[-1]

    def end(self) -> None:
        """Kill it, and what it may have left behind."""
        self.process.kill()
        self.process.wait()
        for name in ("plain", "family", "stubborn"):
            for pid in filter(is_alive, self.pids(name)):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    started: list[Running] = []

    def start(kinds: str) -> Running:
        started.append(Running(tmp_path, kinds))
        return started[-1]

    yield start
    for running in started:
        running.end()


def test_a_child_that_is_killed_is_started_again(supervise: Callable[[str], Running]) -> None:
    running = supervise("plain")
    first = running.pid("plain")
    os.kill(first, signal.SIGKILL)
    until(lambda: len(running.pids("plain")) == 2)
    assert is_alive(running.pid("plain"))


@pytest.mark.parametrize("request_", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_request_stops_every_child(
    supervise: Callable[[str], Running], request_: signal.Signals
) -> None:
    running = supervise("plain,family")
    children = [running.pid("plain"), running.pid("family")]
    running.process.send_signal(request_)
    assert running.process.wait(PATIENCE_SECONDS) == 0
    assert not any(map(is_alive, children))


def test_a_child_that_ignores_the_request_is_stopped_by_force(supervise: Callable[[str], Running]) -> None:
    running = supervise("stubborn")
    child = running.pid("stubborn")
    running.process.terminate()
    assert running.process.wait(PATIENCE_SECONDS) == 0
    assert not is_alive(child)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_killing_the_supervisor_leaves_no_orphan(supervise: Callable[[str], Running]) -> None:
    running = supervise("plain,stubborn")
    children = [running.pid("plain"), running.pid("stubborn")]
    running.process.kill()
    running.process.wait()
    until(lambda: not any(map(is_alive, children)))


def test_what_a_dead_child_started_is_not_left_behind(supervise: Callable[[str], Running]) -> None:
    running = supervise("family")
    parent = running.pid("family")
    until(lambda: bool(children_of(parent)))
    grandchild = children_of(parent)[0]
    os.kill(parent, signal.SIGKILL)
    until(lambda: not is_alive(grandchild))


def children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_what_never_starts_is_given_up_with_a_sentence(supervise: Callable[[str], Running]) -> None:
    running = supervise("hopeless")
    assert running.process.wait(60) == 1
    said = (running.folder / "said").read_text()
    assert said.strip().splitlines()[-1].startswith("Respite does not start")


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (6, 10), (60, 10)]
)
def test_each_failure_waits_longer_up_to_ten_seconds(failures: int, seconds: float) -> None:
    assert delay_seconds(failures) == seconds


def test_an_end_is_told_in_words() -> None:
    assert describe_end(3) == "exit code 3"
    assert describe_end(-9) == "SIGKILL"


def test_what_runs_once_is_not_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    once = Program("Once", (sys.executable, "-c", "raise SystemExit(4)"), once=True)
    supervisor = Supervisor([], {}, is_ready=lambda: True, afterwards=lambda: once, say=said.append)
    supervisor.turn()
    supervisor.turn()
    child = supervisor.children[0]
    until(child.has_ended)
    supervisor.turn()
    supervisor.turn()
    assert child.process is None
    assert said == ["Once did not succeed (exit code 4)."]
