"""A lead, an officer or a representative in front of a real browser: verbs, and what its console said."""

import base64
import hmac
import re
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.office import PASSWORD, SECRET

HALF_MINUTE = 30
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4(09|22)")


@dataclass
class Colleague:
    """One browser of one person who does not review."""

    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)

    def signs_in(self, username: str) -> "Colleague":
        """Sign in; who needs a second factor is asked for it, or to enrol one, and does."""
        self.page.goto(f"{self.address}/accounts/login/")
        self.page.get_by_label("Name").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.clicks("Sign in")
        if "/2fa/authenticate/" in self.page.url:
            self.types("Code", code_of(SECRET)).clicks("Sign in")
        for _half_minute_turned in range(2):
            secret = self.page.locator("#secret")
            if secret.count():
                self.page.get_by_label("The six digits").fill(code_of(secret.input_value()))
                self.clicks("Set it up")
        assert "/accounts/login/" not in self.page.url
        return self

    def comes_back(self, session: str) -> "Colleague":
        """Open the front page as somebody who signed in before."""
        self.page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])
        return self.opens("/")

    def opens(self, path: str) -> "Colleague":
        self.page.goto(f"{self.address}{path}")
        return self

    def reads(self, words: str | re.Pattern[str]) -> "Colleague":
        expect(self.page.locator("main")).to_contain_text(words)
        return self

    def is_told(self, words: str) -> "Colleague":
        expect(self.page.locator("#notices")).to_contain_text(words)
        return self

    def does_not_read(self, words: str) -> "Colleague":
        expect(self.page.locator("body")).not_to_contain_text(words)
        return self

    def types(self, label: str, text: str) -> "Colleague":
        self.page.get_by_role("textbox", name=label, exact=True).fill(text)
        return self

    def clicks(self, name: str) -> "Colleague":
        self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def follows(self, name: str) -> "Colleague":
        self.page.get_by_role("link", name=name, exact=True).first.click()
        return self

    def row(self, words: str) -> Locator:
        """Return the table's row about something."""
        header = self.page.get_by_role("rowheader").filter(has_text=re.compile(rf"^\s*{re.escape(words)}\b"))
        return self.page.get_by_role("row").filter(has=header).first

    def is_off(self) -> None:
        """Close the window; it had nothing to complain of."""
        assert self.troubles == []
        self.page.context.close()


def comes(chromium: Browser, address: str, **options: Any) -> Colleague:
    """Open a browser of a colleague's own."""
    page = chromium.new_context(**options).new_page()
    colleague = Colleague(page, address)

    def told(message: ConsoleMessage) -> None:
        # A page that was refused is a page all the same; the browser calls its status an error.
        if message.type == "error" and not REFUSED.match(message.text):
            colleague.troubles.append(f"{message.text} {message.location}")

    page.on("console", told)
    page.on("pageerror", lambda error: colleague.troubles.append(str(error)))
    return colleague


def code_of(secret: str) -> str:
    """Return the six digits that an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // HALF_MINUTE), "sha1")
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
