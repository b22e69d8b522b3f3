"""A real installation for journeys: its own folder, daphne and the background worker, started by Respite's own command."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.browser.office import PASSWORD
from tests.faults.house import PLAIN

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
PATIENCE = 60.0


@dataclass(frozen=True)
class Office:
    """A team with its people and a platform that submits to it."""

    name: str
    usernames: list[str]
    sessions: dict[str, str]
    api_key: str
    webhook_secret: str
    platform: str
    address: str

    def username(self, person: str) -> str:
        """Return by which name somebody of this office signs in."""
        return f"{person}-{self.name.lower()}"

    def session(self, person: str) -> str:
        """Return the session of somebody of this office who signed in before."""
        return self.sessions[self.username(person)]

    def submits(self, *pictures: str, **fields: Any) -> dict[str, Any]:
        """The platform posts one item over HTTP; what it is told comes back."""
        answer = self.posts(*pictures, **fields)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def posts(self, *pictures: str, **fields: Any) -> httpx.Response:
        """Do the same, whatever the answer is."""
        item = {"external_id": os.urandom(8).hex(), "category": "ACCIDENT", "language": "en", **fields}
        files: list[Any] = [("item", (None, json.dumps(item), "application/json"))]
        files += [("media", (name, (SAMPLES / name).read_bytes(), "image/*")) for name in pictures]
        with self.api() as client:
            return client.post("/api/v1/items", files=files)

    def status_of(self, item_id: str) -> str:
        with self.api() as client:
            return str(client.get(f"/api/v1/items/{item_id}").json()["status"])

    def waits_until(self, item_id: str, status: str) -> None:
        """Wait until the item is told to be *status*."""
        until(lambda: self.status_of(item_id) == status, f"an item that is {status}")

    def decisions(self) -> list[dict[str, Any]]:
        with self.api() as client:
            data: list[dict[str, Any]] = client.get("/api/v1/decisions").json()["data"]
        return data

    def api(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.api_key}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=30, **PLAIN)


@dataclass
class Installation:
    """A running Respite."""

    address: str
    folder: Path
    environment: dict[str, str]
    offices: int = 0
    clerk: "subprocess.Popen[str] | None" = None

    def office(self, **wanted: Any) -> Office:
        """Make a team, people and platform of their own."""
        self.offices += 1
        clerk = self.clerk = self.clerk or self._clerk()
        assert clerk.stdin
        assert clerk.stdout
        clerk.stdin.write(json.dumps([f"Team{self.offices}", wanted]) + "\n")
        clerk.stdin.flush()
        told = clerk.stdout.readline()
        assert told, (self.folder / "clerk").read_text()
        return Office(**json.loads(told), address=self.address)

    def _clerk(self) -> "subprocess.Popen[str]":
        """Start the process that makes the offices: loading Respite anew for each would take most of a journey."""
        with (self.folder / "clerk").open("w") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.browser.office"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )

    def closes(self) -> None:
        """Let the clerk go."""
        if self.clerk is not None:
            self.clerk.communicate()

    def manage(self, code: str) -> str:
        """Run a few lines in Respite's own shell, for what no page and no API tells."""
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", code]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def tightens(self, office: Office, name: str, value: int) -> None:
        """The team's lead sets a tighter limit, as the lead's page will."""
        self.manage(
            "from django.utils import timezone; from people.models import Team; "
            "from wellbeing.limits.services.setting import set_limit; "
            f"team = Team.objects.get(name={office.name!r}); "
            f"set_limit(scope='team', scope_ref=str(team.pk), name={name!r}, value={value}, "
            "set_by='system', reason='tighter', at=timezone.now())"
        )

    def signs_in(self, username: str) -> httpx.Client:
        """Return a browser without scripts that is signed in."""
        client = httpx.Client(base_url=self.address, follow_redirects=True, timeout=30, **PLAIN)
        client.get("/accounts/login/")
        fields = {
            "login": username,
            "password": PASSWORD,
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        }
        answer = client.post("/accounts/login/", data=fields, headers={"Referer": self.address})
        assert answer.url.path == "/desk/", answer.url
        return client


@contextmanager
def running(folder: Path) -> Iterator[Installation]:
    """Start `manage.py serve` in *folder* and wait until it is ready; stop it at the end."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WEBHOOK_ALLOW_NETWORKS": "127.0.0.0/8",
        "SECRET_KEY": "of-a-test-that-guards-nothing-" + "0123456789abcdef" * 3,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--stop-with-parent"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        address = environment["PUBLIC_URL"]
        until(
            lambda: answers(f"{address}/readyz"),
            "a server that is ready",
            (folder / "log").read_text,
        )
        installation = Installation(address, folder, environment)
        yield installation
        installation.closes()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@dataclass
class Sink:
    """A receiver of webhooks: it keeps what it was sent, headers and bytes."""

    address: str
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Sink]:
    sink = Sink("")

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sink.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    sink.address = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def until(is_so: Any, what: str, told: Any = lambda: "") -> None:
    """Wait for a condition, and say what did not come."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}\n{told()}")
        time.sleep(0.05)


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=2, **PLAIN).status_code == 200
    except httpx.HTTPError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
