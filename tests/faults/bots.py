"""Clients that keep their own history of what the server acknowledged, and try again until it did."""

import json
import re
import time
import uuid
from dataclasses import dataclass, field
from threading import Event

import httpx

from tests.faults.house import NO_CERTIFICATES, PLAIN, BeforeTls, House

PATIENCE = 0.2
BEAT_SECONDS = 0.5
CATEGORIES = ("ILLICIT", "SPAM_FRAUD")
"""In turn: after twenty cases of one category nobody is given another one of it."""


@dataclass
class PlatformBot:
    """Submits items; an answer that did not come is asked for again with the same key."""

    house: House
    api_key: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    retried: int = 0

    def submit(self, number: int, until: Event) -> None:
        """Post one text item until it is acknowledged."""
        external_id = f"item-{number}"
        body = {
            "external_id": external_id,
            "category": CATEGORIES[number % 2],
            "text": f"Offer number {number}, today only.",
        }
        headers = {"Authorization": f"Bearer {self.api_key}", "Idempotency-Key": f"key-{number}"}
        headers |= self.house.headers
        while not until.is_set():
            try:
                answer = httpx.post(
                    f"{self.house.address}/api/v1/items",
                    json=body,
                    headers=headers,
                    timeout=5,
                    **PLAIN,
                )
            except httpx.TransportError:
                self.retried += 1
                time.sleep(PATIENCE)
                continue
            if answer.status_code in {200, 201}:
                self.acknowledged[external_id] = answer.json()["id"]
                return
            assert answer.status_code in {409, 429, 503}, answer.text
            time.sleep(PATIENCE)


class HiddenFields(dict[str, str]):
    """The hidden fields of a page's form."""

    @classmethod
    def of(cls, page: str) -> "HiddenFields":
        return cls(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


@dataclass
class Look:
    """What the bot knows it was shown: (seconds of the last acknowledged beat) − (of the acknowledged reveal)."""

    claim: str
    decision: str
    shown_at: float
    last_beat_at: float
    decided: bool = False


@dataclass
class ModeratorBot:
    """Reviews as a browser with a script would: shows, beats twice, decides; repeats what got no answer."""

    house: House
    username: str
    password: str
    looks: list[Look] = field(default_factory=list)
    retried: int = 0
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(
            base_url=self.house.address,
            headers={**self.house.headers, "X-Respite-Stage": "desk"},  # as the page's script says
            transport=BeforeTls(verify=NO_CERTIFICATES),
            follow_redirects=True,
            timeout=5,
            **PLAIN,
        )

    def work(self, until: Event) -> None:
        """Go on until told to stop; whatever dies on the way is tried again."""
        with self.client:
            while not until.is_set():
                try:
                    if not self._step(until):
                        time.sleep(PATIENCE)
                except httpx.TransportError:
                    self.retried += 1
                    time.sleep(PATIENCE)

    def _step(self, until: Event) -> bool:
        page = self._page()
        if page is None:
            return False
        fields = HiddenFields.of(page)
        if "claim" not in fields:
            self._post("/desk/open", fields)
            return False
        self._review(fields, until)
        return True

    def _page(self) -> str | None:
        answer = self.client.get("/desk/")
        if "/accounts/login" not in str(answer.url):
            return answer.text if answer.is_success else None
        fields = HiddenFields.of(answer.text)
        self._post("/accounts/login/", {**fields, "login": self.username, "password": self.password})
        return None

    def _review(self, fields: HiddenFields, until: Event) -> None:
        shown = self._post("/desk/show", {**fields, "level": "text", "beats": "1"})
        if not shown.is_success:
            return
        look = Look(fields["claim"], str(uuid.uuid4()), time.monotonic(), time.monotonic())
        self.looks.append(look)
        exposure = re.search(r'data-exposure="([0-9a-f-]{36})"', shown.text)
        for _ in range(2):
            if until.wait(BEAT_SECONDS) or exposure is None:
                break
            self._beat(look, fields, exposure.group(1))
        self._decide(look, fields, until)

    def _beat(self, look: Look, fields: HiddenFields, exposure: str) -> None:
        sent_at = time.monotonic()
        answer = self._post("/desk/beat", {**fields, "exposure": exposure})
        if answer.is_success and answer.json().get("level"):
            look.last_beat_at = sent_at

    def _decide(self, look: Look, fields: HiddenFields, until: Event) -> None:
        """Send the same decision, under its one UUID, until it is answered."""
        chosen = {**fields, "decision": look.decision, "category": "ILLICIT", "action": "remove"}
        while not until.is_set():
            try:
                answer = self._post("/desk/decide", chosen)
            except httpx.TransportError:
                self.retried += 1
                time.sleep(PATIENCE)
                continue
            look.decided = answer.is_success
            return

    def _post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        return self.client.post(path, data=fields, headers={"Referer": self.house.address})


def as_json(text: str) -> dict[str, str]:
    """Return the JSON object that a command printed."""
    found: dict[str, str] = json.loads(text)
    return found
