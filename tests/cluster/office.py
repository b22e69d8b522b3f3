"""People at desks of a cluster: signed in once through the proxy, then on whichever web process a test names."""

import base64
import io
import json
import re
import socket
import subprocess
import sys
import uuid
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from PIL import Image
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from tests.browser.office import PASSWORD
from tests.cluster.compose import ROOT
from tests.cluster.house import PUBLISHED, Cluster
from tests.faults.bots import HiddenFields
from tests.faults.house import NO_CERTIFICATES, PLAIN, BeforeTls, until

TOKEN = "0123456789abcdefghijklmnopqrstuv"
"""What a browser would have in its CSRF cookie and in the form."""


@dataclass
class Office:
    """A team of its own with a platform and a queue of its own."""

    name: str
    api_key: str
    password: str


def open_offices(cluster: Cluster, *names: str) -> dict[str, Office]:
    """Make them, each with the moderators alice and amina."""
    wanted = "\n".join(json.dumps([name, {"people": ["alice", "amina"]}]) for name in names)
    told = map(json.loads, run(cluster, "tests.browser.office", stdin=wanted).splitlines())
    return {made["name"]: Office(made["name"], made["api_key"], PASSWORD) for made in told}


def run(cluster: Cluster, module: str, *words: str, stdin: str = "") -> str:
    """Run a program of the tests beside the cluster, to its end."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env=cluster.environment() | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def an_item(cluster: Cluster, office: Office, external_id: str, **more: Any) -> str:
    """Submit a text through the proxy and return its id."""
    body = {"external_id": external_id, "category": "ILLICIT", "text": f"An offer, {external_id}.", **more}
    answer = httpx.post(
        f"{cluster.address}/api/v1/items", json=body, headers=PUBLISHED | bearer(office), **PLAIN
    )
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def a_picture(cluster: Cluster, office: Office, external_id: str) -> str:
    """Submit a picture of its own: unlike a text, it is of no use before background work has prepared it."""
    drawn, colour = io.BytesIO(), zlib.crc32(external_id.encode()) & 0xFFFFFF
    Image.new("RGB", (96, 64), f"#{colour:06x}").save(drawn, "PNG")
    return an_item(
        cluster, office, external_id, media=[{"data": base64.b64encode(drawn.getvalue()).decode()}]
    )


def bearer(office: Office) -> dict[str, str]:
    return {"Authorization": f"Bearer {office.api_key}"}


def is_waiting(cluster: Cluster, external_id: str) -> bool:
    """Say whether an item has come through its background work, and can be taken."""
    found = cluster.one(
        "SELECT revision.status FROM moderation_itemrevision AS revision JOIN moderation_item AS item"
        " ON item.id = revision.item_id WHERE item.external_id = %s",
        external_id,
    )
    return found in {"waiting", "decided"}


@dataclass
class Person:
    """Somebody signed in. Every act names the address that it goes to: the proxy's, or one web process's."""

    cluster: Cluster
    session: str

    @classmethod
    def sign_in(cls, cluster: Cluster, office: Office, name: str) -> "Person":
        with httpx.Client(
            base_url=cluster.address, headers=PUBLISHED, transport=BeforeTls(verify=NO_CERTIFICATES), **PLAIN
        ) as browser:
            fields = HiddenFields.of(browser.get("/accounts/login/").text)
            fields |= {"login": f"{name}-{office.name.lower()}", "password": office.password}
            answer = browser.post("/accounts/login/", data=fields)
            assert answer.status_code == 302, answer.text[:500]
            return cls(cluster, browser.cookies["sessionid"])

    @property
    def cookie(self) -> str:
        return f"sessionid={self.session}; csrftoken={TOKEN}"

    def look(self, where: str, path: str = "/desk/") -> httpx.Response:
        headers = PUBLISHED | {"Cookie": self.cookie, "X-Respite-Stage": "desk"}
        return httpx.get(where + path, headers=headers, timeout=20, **PLAIN)

    def act(self, where: str, name: str, **fields: str) -> httpx.Response:
        headers = PUBLISHED | {"Cookie": self.cookie, "X-CSRFToken": TOKEN}
        return httpx.post(f"{where}/desk/{name}", data=fields, headers=headers, timeout=20, **PLAIN)

    def in_hand(self, where: str) -> dict[str, str]:
        """Return claim and fence of the case on the page, and nothing where there is none."""
        fields = HiddenFields.of(self.look(where).text)
        return {name: fields[name] for name in ("claim", "fence") if name in fields}

    def gets(self, where: str) -> dict[str, str]:
        """Ask until there is a case in hand."""
        self.act(where, "open", beats="1")

        def asked() -> dict[str, str]:
            if not self.in_hand(where):
                self.act(where, "next", beats="1")
            return self.in_hand(where)

        return until(asked, within=20, what="a case comes to the desk")

    def shows(self, where: str, claim: dict[str, str]) -> str:
        """Unfold the text, and return the id of what is on the stage; empty where nothing is."""
        self.act(where, "show", **claim, level="text", beats="1")
        found = re.search(r'data-exposure="([0-9a-f-]{36})"', self.look(where).text)
        return found.group(1) if found else ""

    def decides(self, where: str, claim: dict[str, str]) -> httpx.Response:
        chosen = {"category": "ILLICIT", "action": "remove", "decision": str(uuid.uuid4())}
        return self.act(where, "decide", **claim, **chosen)

    def listens(self, where: str) -> ClientConnection:
        """Open the desk's socket at this address."""
        place = urlsplit(where)
        return connect(
            f"ws://{PUBLISHED['Host']}/ws/desk/",
            sock=socket.create_connection((place.hostname, place.port), timeout=10),
            origin=Origin(PUBLISHED["Origin"]),
            additional_headers={"Cookie": self.cookie},
            proxy=None,
            open_timeout=10,
            legacy=True,
        )
