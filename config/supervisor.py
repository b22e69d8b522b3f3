"""Keep a few processes running, and leave none behind.

A child that dies is started again, later each time. Ctrl-C, SIGTERM and a closed terminal stop all of them in order;
if the supervisor itself is killed, Linux kills the children with it (PR_SET_PDEATHSIG).
"""

import contextlib
import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 10.0
STEADY_SECONDS = 30.0
"""A child that ran this long starts again at once when it dies: it is not failing to start."""
HOPELESS = 5
"""So many failures before the first sign of readiness mean that it will not start at all."""
LOOK_SECONDS = 0.25
PATIENCE_SECONDS = 10.0
STOP_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(request: signal.Signals) -> None:
    """Ask Linux to send this process `request` when its parent dies; elsewhere do nothing."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, request)


def delay_seconds(failures: int) -> float:
    """Return how long to wait before the next start, after so many failures in a row (1 or more)."""
    return min(FIRST_DELAY_SECONDS * 2.0 ** (failures - 1), LONGEST_DELAY_SECONDS)


@dataclass(frozen=True)
class Program:
    """What to run.

    Args:
        name: what it is called towards a person.
        command: program and arguments.
        handles: open file descriptors that it inherits.
        once: whether it is meant to end by itself, and is then not started again.
    """

    name: str
    command: tuple[str, ...]
    handles: tuple[int, ...] = ()
    once: bool = False


@dataclass
class Child:
    """A program and its process, if it runs just now. Times are seconds of the monotonic clock."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_again: float | None = 0.0
    failures: int = 0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start the program in a session of its own: the terminal's Ctrl-C is for the supervisor alone."""
        self.started, self.start_again = time.monotonic(), None
        supervisor = os.getpid()

        def tie() -> None:
            die_with_parent(signal.SIGKILL)
            if os.getppid() != supervisor:
                os._exit(1)

        self.process = subprocess.Popen(
            self.program.command,
            env=environment,
            pass_fds=self.program.handles,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=tie,  # noqa: PLW1509 - the supervisor has one thread
        )

    def has_ended(self) -> bool:
        """Return whether it ran and has ended."""
        return self.process is not None and self.process.poll() is not None

    def note_end(self) -> str | None:
        """Clear up after an ended process, plan the next start, and return what to say about it."""
        if self.process is None:
            return None
        code = self.process.returncode
        self.signal_all(signal.SIGKILL)
        self.process = None
        if self.program.once:
            return f"{self.program.name} did not succeed ({describe_end(code)})." if code else None
        now = time.monotonic()
        self.failures = 1 if now - self.started > STEADY_SECONDS else self.failures + 1
        wait = delay_seconds(self.failures)
        self.start_again = now + wait
        return f"{self.program.name} ended ({describe_end(code)}); starting it again in {wait:g} s."

    def signal_all(self, request: signal.Signals) -> None:
        """Send `request` to the process and to whatever it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, request)


def describe_end(code: int) -> str:
    """Return how a process ended, from subprocess's return code."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


@dataclass
class Supervisor:
    """Runs programs until it is told to stop.

    Args:
        programs: what to keep running.
        environment: the children's environment.
        is_ready: whether the whole answers; asked until it does.
        afterwards: what runs once, when it does.
        say: tells the person at the terminal one line.
        patience_seconds: how long children may take to stop after SIGTERM.
    """

    programs: list[Program]
    environment: Mapping[str, str]
    is_ready: Callable[[], bool]
    afterwards: Callable[[], Program | None]
    say: Callable[[str], None]
    patience_seconds: float = PATIENCE_SECONDS
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    ready: bool = False

    def run(self) -> int:
        """Run until a signal says stop; return the exit code."""
        self.children = [Child(program) for program in self.programs]
        with self._signals() as alarm:
            try:
                while not self.stopping:
                    if not self.turn():
                        return 1
                    select.select(
                        [alarm], [], [], LOOK_SECONDS if not self.ready else self._seconds_to_next_start()
                    )
                    with contextlib.suppress(BlockingIOError):
                        alarm.recv(4096)
            finally:
                self.stop()
        return 0

    def turn(self) -> bool:
        """Look after every child once; return False when the whole is hopeless."""
        for child in self.children:
            if child.has_ended():
                self._tell(child.note_end())
            if child.start_again is not None and child.start_again <= time.monotonic():
                child.start(self.environment)
        if not self.ready and any(child.failures >= HOPELESS for child in self.children):
            self.say("Respite does not start; what its processes said is above.")
            return False
        if not self.ready and self.is_ready():
            self._become_ready()
        return True

    def stop(self) -> None:
        """Stop every child: in order first, then by force."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            child.signal_all(signal.SIGTERM)
        deadline = time.monotonic() + self.patience_seconds
        for child in running:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, deadline - time.monotonic()))
                child.signal_all(signal.SIGKILL)
                child.process.wait()

    def _become_ready(self) -> None:
        self.ready = True
        program = self.afterwards()
        if program is not None:
            self.children.append(Child(program))

    def _tell(self, line: str | None) -> None:
        if line:
            self.say(line)

    def _seconds_to_next_start(self) -> float | None:
        starts = [child.start_again for child in self.children if child.start_again is not None]
        return max(0.0, min(starts) - time.monotonic()) if starts else None

    @contextlib.contextmanager
    def _signals(self) -> Iterator[socket.socket]:
        """Yield a socket that becomes readable with every signal; a stop request sets `stopping`."""

        def stop(*_: object) -> None:
            self.stopping = True

        def wake(*_: object) -> None:
            """Nothing to do: that it was called made `alarm` readable."""

        alarm, bell = socket.socketpair()
        alarm.setblocking(False)
        bell.setblocking(False)
        before = signal.set_wakeup_fd(bell.fileno(), warn_on_full_buffer=False)
        handlers = {request: signal.signal(request, stop) for request in STOP_REQUESTS}
        handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, wake)
        try:
            yield alarm
        finally:
            for request, handler in handlers.items():
                signal.signal(request, handler)
            signal.set_wakeup_fd(before)
            alarm.close()
            bell.close()
