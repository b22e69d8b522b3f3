"""Named steps on the pages of leads and guardians, by plain posts as a browser without scripts makes them."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.test import Client

from people.models import User

FIELD = re.compile(r"<input[^>]*name=\"((?:value|was|seen)_[a-z0-9_]+)\"[^>]*>")
VALUE = re.compile(r"value=\"([^\"]*)\"")


def signs_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@dataclass
class Office:
    """Somebody at a page; ``last`` is the last answer."""

    client: Client
    user: User
    last: Any = None

    def opens(self, address: str) -> "Office":
        self.last = self.client.get(address)
        return self

    def posts(self, address: str, **fields: object) -> "Office":
        self.last = self.client.post(address, fields)
        return self

    def follows(self) -> "Office":
        """Go where the last answer leads."""
        return self.opens(self.last.headers["Location"])

    def fields(self) -> dict[str, str]:
        """What the fields of the limits on the last page hold."""
        found = {}
        for tag in FIELD.finditer(self.last.content.decode()):
            value = VALUE.search(tag[0])
            found[tag[1]] = unescape(value[1]) if value else ""
        return found

    def changes(self, step: str = "look", **values: str) -> "Office":
        """Type values into the fields of the page that is open, and press one of its buttons."""
        typed = {f"value_{name}": value for name, value in values.items() if not name.startswith("reason_")}
        reasons = {name: value for name, value in values.items() if name.startswith("reason_")}
        return self.posts("/lead/limits/", step=step, **{**self.fields(), **typed, **reasons})

    @property
    def status(self) -> int:
        return int(self.last.status_code)

    @property
    def text(self) -> str:
        """The last page as it is read: without tags, with single blanks."""
        html = re.sub(r"<head>.*?</head>", "", self.last.content.decode(), flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
