"""What sits on the other side of HTTP: a line that is kept open, and a moderator's page on it."""

import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.measuring import insist

FIELDS = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
EXPOSURE = re.compile(r'data-exposure="([0-9a-f-]{36})"')
FORM = "application/x-www-form-urlencoded"
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str


class Line:
    """One connection that is kept alive."""

    def __init__(self, port: int, **headers: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self.headers = headers

    def ask(self, method: str, path: str, *, body: bytes | None = None, **headers: str) -> Answer:
        """Send one request and read the whole answer; once more where the server had hung up meanwhile, as browsers do."""
        try:
            response = self._sent(method, path, body, headers)
        except (BrokenPipeError, RemoteDisconnected, ConnectionResetError):
            self.connection.close()
            response = self._sent(method, path, body, headers)
        text = response.read().decode()
        return Answer(response.status, text)

    def _sent(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> HTTPResponse:
        self.connection.request(method, path, body=body, headers=self.headers | headers)
        return self.connection.getresponse()

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


class Shared:
    """Lines to one port, one for each thread: a proxy stands between the pages and the web service, and keeps a few open.

    A web process serves no more connections at once than its backpressure allows, whether anything is asked on them or not.
    """

    def __init__(self, port: int) -> None:
        self.port, self._mine = port, threading.local()

    def __call__(self) -> Line:
        """Return the line of this thread."""
        if not hasattr(self._mine, "line"):
            self._mine.line = Line(self.port)
        line: Line = self._mine.line
        return line


class Page:
    """The desk of one signed-in moderator, as a browser with a script uses it: posts, and reads its fields from what it is told."""

    def __init__(self, port: int, session: str, lines: Callable[[], Line] | None = None) -> None:
        """*lines*: lends a line that pages share, as behind a proxy; else it has one of its own."""
        self.token = secrets.token_hex(16)
        self.cookie = f"sessionid={session}; csrftoken={self.token}"
        own = Line(port)
        self.lines = lines or (lambda: own)
        self.fields: dict[str, str] = {}
        self.exposure = ""
        self.turn = threading.Lock()
        """Whose thread uses the line now."""

    def open(self) -> None:
        """Sit down, and be given the first case."""
        self._go_on(self._post("/desk/open", {"beats": "1"}))

    def decide(self) -> float:
        """Decide the case in hand; return the seconds from the post until the next one is read."""
        before = self.fields["claim"]
        chosen = {
            "decision": str(uuid4()),
            "category": "ILLICIT",
            "action": "remove",
            "rationale": "",
            "beats": "1",
        }
        begun = time.perf_counter()
        answer = self._post("/desk/decide", self.fields | chosen)
        self._go_on(answer)
        taken = time.perf_counter() - begun
        insist(self.fields["claim"] != before, "the page still shows the case that was decided")
        return taken

    def beat(self) -> bool:
        """Say that the desk is alive, with what is on its stage; return whether it still is."""
        answer = self._post("/desk/beat", self.fields | {"exposure": self.exposure})
        insist(answer.status in {200, 409}, f"a beat was answered {answer.status}: {answer.text[:300]}")
        return answer.status == 200 and '"level": "text"' in answer.text

    def read(self, path: str, *, holds: str) -> float:
        """Read a page that must hold these words; return the seconds."""
        begun = time.perf_counter()
        answer = self._get(path)
        taken = time.perf_counter() - begun
        insist(answer.status == 200 and holds in answer.text, f"{path} was answered {answer.status}")
        return taken

    def close(self) -> None:
        """Hang up."""
        self.lines().close()

    def _post(self, path: str, fields: dict[str, Any]) -> Answer:
        body = urlencode(fields | {"csrfmiddlewaretoken": self.token}).encode()
        return self.lines().ask("POST", path, body=body, **{"Content-Type": FORM}, **self._as_a_script())

    def _get(self, path: str) -> Answer:
        return self.lines().ask("GET", path, body=None, **self._as_a_script())

    def _as_a_script(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "X-Respite-Stage": "desk"}

    def _go_on(self, answer: Answer) -> None:
        """Take the desk that the post was answered with: it must show a case in the clear words of a mild text."""
        shows_words = answer.status == 200 and "Offer number" in answer.text
        insist(shows_words, f"the desk shows no case ({answer.status})")
        self.fields = {
            name: value
            for name, value in FIELDS.findall(answer.text)
            if name in {"claim", "fence", "picture"}
        }
        found = EXPOSURE.search(answer.text)
        self.exposure = insist(found, "nothing is on the stage").group(1)
