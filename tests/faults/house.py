"""A whole Respite in a folder of its own: started by its one command, killed without warning, started again."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import httpx

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60.0
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PLAIN: dict[str, Any] = {"trust_env": False, "verify": NO_CERTIFICATES}
"""How httpx asks a server of ours. By itself it reads every certificate there is before each request, for 35 ms."""

T = TypeVar("T")


class BeforeTls(httpx.HTTPTransport):
    """A line to a proxy before which nobody ends TLS: a cookie meant for https alone is kept and sent all the same."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        pairs = [(name, value.replace("; Secure", "")) for name, value in answer.headers.multi_items()]
        answer.headers = httpx.Headers(pairs)
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(found: Callable[[], T], *, within: float, what: str) -> T:
    """Ask again and again until the answer is true; fail after so many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {within:g} s: {what}")


class House:
    """Runs ``manage.py serve`` on SQLite in *folder*."""

    headers: Mapping[str, str] = {}
    """What whoever asks this house has to say beside the address: the name under which it is published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {"DATA_DIR": str(self.folder), "PORT": str(self.port)}

    def start(self) -> None:
        """Start everything and wait until it answers that it is ready."""
        log = (self.folder / "serve.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=self.environment(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.address}/readyz", timeout=2, **PLAIN).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(
            "Respite did not become ready:\n" + (self.folder / "serve.log").read_text()[-3000:]
        )

    def processes(self) -> list[int]:
        """Return every process that works on this folder, children and grandchildren too."""
        mark = f"DATA_DIR={self.folder}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                try:
                    if mark in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
                except (PermissionError, FileNotFoundError, ProcessLookupError):
                    continue
        return found

    def kill_everything(self) -> int:
        """SIGKILL every process at once; return how many there were."""
        killed = 0
        for process in self.processes():
            try:
                os.kill(process, signal.SIGKILL)
                killed += 1
            except ProcessLookupError:
                continue
        if self.process is not None:
            self.process.wait()
        return killed

    def stop(self) -> None:
        """Stop as a person would, with Ctrl-C."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)

    def manage(self, *words: str) -> str:
        """Run a management command to its end and return what it printed."""
        return self.run_python("manage.py", *words)

    def run_python(self, *words: str, stdin: str = "") -> str:
        """Run a program in Respite's environment to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment(),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout
