"""A moderator in front of a real browser: verbs, and every byte that came."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Response, expect

from tests.browser.office import PASSWORD

SHIELD_EDGE = 320
REDIRECTS = {301, 302, 303}
NOTHING = "A picture is shown on the desk, and nowhere else."


@dataclass
class Came:
    """One answer to the browser."""

    address: str
    status: int
    kind: str
    body: bytes

    @property
    def picture(self) -> Image.Image | None:
        """The image in it, by its content and not by its name."""
        try:
            image = Image.open(io.BytesIO(self.body))
            image.load()
        except OSError:
            return None
        return image

    @property
    def is_clear(self) -> bool:
        """Larger than the shield, or with colour."""
        image = self.picture
        return image is not None and (max(image.size) > SHIELD_EDGE or has_colour(image))


def has_colour(image: Image.Image) -> bool:
    if image.mode in {"1", "L"}:
        return False
    bands = image.convert("RGB").resize((64, 64)).tobytes()
    pixels = zip(bands[0::3], bands[1::3], bands[2::3], strict=True)
    return any(max(pixel) - min(pixel) > 8 for pixel in pixels)


@dataclass
class Moderator:
    """One browser of one person. What came to it is kept, to be looked at byte by byte."""

    context: BrowserContext
    page: Page
    address: str
    answers: list[Response] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    read: dict[int, Came] = field(default_factory=dict)

    @property
    def came(self) -> list[Came]:
        """Every answer until now, with its bytes. The browser forgets them when it leaves a page, so look before."""
        for number, answer in enumerate(self.answers):
            if number not in self.read and answer.status not in REDIRECTS:
                self.read[number] = came_with(answer)
        return [self.read[number] for number in sorted(self.read)]

    def signs_in(self, username: str) -> "Moderator":
        self.page.goto(f"{self.address}/accounts/login/")
        self.page.get_by_label("Name").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/desk/")
        return self.is_ready()

    def comes_back(self, session: str) -> "Moderator":
        """Open the desk as somebody who signed in before."""
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])
        self.page.goto(f"{self.address}/desk/")
        return self.is_ready()

    def is_ready(self) -> "Moderator":
        expect(self.page.locator("html[data-ready]")).to_be_attached()
        return self

    def starts(self) -> "Moderator":
        self.page.get_by_role("button", name="Start").click()
        return self

    def sees(self, level: str) -> "Moderator":
        """The stage is at *level*, and if a picture is on it, all of it has come."""
        expect(self.page.locator(f"#part-stage[data-level={level}]")).to_be_visible()
        if level in {"shielded", "grey", "colour"}:
            expect(self.page.locator("#stage canvas")).not_to_have_js_property("width", 0)
        return self

    def reads(self, words: str | re.Pattern[str]) -> "Moderator":
        expect(self.page.locator("body")).to_contain_text(words)
        return self

    def opens_my_day(self) -> "Moderator":
        self.page.goto(f"{self.address}/my-day/")
        return self

    def chooses_and_decides(self) -> "Moderator":
        self.page.get_by_role("radio", name="None of these").check()
        self.page.get_by_role("radio", name="No action").check()
        self.page.get_by_role("button", name="Decide").click()
        return self

    def presses(self, key: str) -> "Moderator":
        self.page.keyboard.press(key)
        return self

    def picture_address(self) -> str:
        picture = self.page.locator("#stage .picture")
        source = picture.get_attribute("data-picture") or picture.get_attribute("src")
        assert source
        return self.address + source

    def fetches(self, address: str) -> int:
        """Ask for a rendition as the stage does, which no page could do; return the status, and insist on no byte but at 200."""
        exposure = address.split("/")[5]
        answer = self.context.request.get(address, headers={"X-Respite-Stage": exposure})
        assert answer.status == 200 or NOTHING in answer.text()
        return answer.status

    def clear_pictures(self) -> list[Came]:
        return [came for came in self.came if came.is_clear]

    def waits_for(self, is_so: Callable[[], bool]) -> None:
        for _ in range(200):
            if is_so():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("waited in vain")


def sits(chromium: Browser, address: str, **options: Any) -> Moderator:
    """Open a browser whose every answer is kept."""
    context = chromium.new_context(**options)
    return watched(context, address)


def watched(context: BrowserContext, address: str) -> Moderator:
    page = context.new_page()
    moderator = Moderator(context, page, address)

    def came(answer: Response) -> None:
        moderator.answers.append(answer)

    def told(message: ConsoleMessage) -> None:
        # A beat that an act has overtaken is refused, and the page leaves it at that.
        if message.type == "error" and not message.location["url"].endswith("/desk/beat"):
            moderator.troubles.append(f"{message.text} {message.location}")

    page.on("response", came)
    page.on("pageerror", lambda error: moderator.troubles.append(str(error)))
    page.on("console", told)
    return moderator


def came_with(answer: Response) -> Came:
    try:
        body = answer.body()
    except Error:
        # A page that was left. Pictures are never let go unseen, but for those that the page itself let go on their way.
        assert "/desk/media/" not in answer.url or answer.request.failure, answer.url
        body = b""
    return Came(answer.url, answer.status, answer.headers.get("content-type", ""), body)
