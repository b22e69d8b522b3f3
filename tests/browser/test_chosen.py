"""What a person chose on the page survives every exchange, in a real browser: picture, fold, scroll place, words, focus."""

import json

import pytest
from playwright.sync_api import Browser, Request, WebSocket, expect

from tests.browser.desk import Moderator, sits
from tests.browser.respite import Installation, Office
from tests.browser.test_keys import passes

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

LONG = "They said it was safe. " * 400
SLOW_WORDS = """
  let open = () => {};
  window.holdsBack = () => { window.gate = new Promise((resolve) => { open = resolve; }); };
  window.letsThrough = () => open();
  const text = Response.prototype.text;
  Response.prototype.text = async function () { await window.gate; return text.call(this); };
"""
"""An answer's head comes, and its words when the test says so: on a busy machine that takes as long."""
MEANWHILE = """async () => {
  for (const _ of Array(6)) await fetch('/my-day/').then((answer) => answer.status);
}"""
"""Longer than it takes a page that does not wait for its own answer to ask again."""
PLACE = """() => {
  const inside = document.querySelector('.stage-words');
  return [Math.round(scrollY), Math.round(inside ? inside.scrollTop : 0)];
}"""
GO_DOWN = """() => {
  scrollTo(0, 120);
  document.querySelector('.stage-words').scrollTo(0, 300);
}"""
CARET = "() => [document.activeElement.id, document.activeElement.selectionStart]"


class Heard:
    """What comes to a page: change numbers, and what it asks for."""

    def __init__(self, moderator: Moderator) -> None:
        self.numbers: list[int] = []
        self.asked: list[str] = []
        moderator.page.on("websocket", self._listens)
        moderator.page.on("request", self._asks)

    def _listens(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.numbers.append(json.loads(frame)["rev"]))

    def _asks(self, request: Request) -> None:
        path = request.url.split("/", 3)[3]
        if path.startswith("desk/") and not path.startswith(("desk/beat", "desk/draft", "desk/media/")):
            self.asked.append(f"{request.method} /{path}")


def looks(
    respite: Installation, chromium: Browser, *pictures: str, text: str = LONG, category: str = "ACCIDENT"
) -> tuple[Office, Moderator, Heard]:
    """A moderator whose clock can be turned, at a desk whose socket is open, one case before them."""
    office = respite.office()
    item = office.submits(*pictures, text=text, category=category)
    office.waits_until(item["id"], "waiting")
    alice = sits(chromium, office.address, viewport={"width": 1280, "height": 400})
    alice.page.clock.install()
    alice.page.add_init_script(SLOW_WORDS)
    heard = Heard(alice)
    with alice.page.expect_websocket():
        alice.comes_back(office.session("alice"))
    alice.starts().sees("shielded" if pictures else "text")
    return office, alice, heard


def rev(alice: Moderator) -> int:
    return int(alice.page.locator("#desk").get_attribute("data-rev") or 0)


def changes_elsewhere(
    respite: Installation, office: Office, alice: Moderator, value: int, *, limit: str = "seconds_3"
) -> None:
    """A lead tightens a limit: the page hears of it, and asks what it is told differently."""
    before = rev(alice)
    respite.tightens(office, limit, value)
    alice.waits_for(lambda: rev(alice) > before)


def is_at_picture(alice: Moderator, number: int) -> None:
    expect(alice.page.get_by_role("button", name=f"Picture {number}")).to_have_attribute(
        "aria-current", "true"
    )
    alice.sees("shielded")


def test_the_second_picture_stays_while_the_page_hears_of_its_own_change(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice, heard = looks(respite, chromium, "chelsea.png", "rocket.jpg")
    numbers = len(heard.numbers)
    before = rev(alice)
    alice.page.evaluate("holdsBack()")
    heard.asked.clear()
    alice.page.get_by_role("button", name="Picture 2").click()
    alice.waits_for(lambda: any(number > before for number in heard.numbers[numbers:]))
    alice.page.evaluate(MEANWHILE)
    alice.page.evaluate("letsThrough()")
    is_at_picture(alice, 2)
    address = alice.picture_address()
    passes(alice, seconds=10)
    is_at_picture(alice, 2)
    assert alice.picture_address() == address
    assert heard.asked == ["POST /desk/show"]
    assert alice.troubles == []


def test_a_decision_is_one_request_and_the_next_case_starts_at_its_first_picture(
    respite: Installation, chromium: Browser
) -> None:
    office, alice, heard = looks(respite, chromium, "chelsea.png", "rocket.jpg")
    office.waits_until(office.submits("rocket.jpg", "chelsea.png")["id"], "waiting")
    first = alice.page.locator("#desk").get_attribute("data-claim")
    alice.page.get_by_role("button", name="Picture 2").click()
    is_at_picture(alice, 2)
    heard.asked.clear()
    before = rev(alice)
    alice.chooses_and_decides()
    expect(alice.page.locator("#desk")).not_to_have_attribute("data-claim", str(first))
    is_at_picture(alice, 1)
    alice.reads("Sent.")
    alice.waits_for(lambda: any(number > before for number in heard.numbers))
    passes(alice, seconds=10)
    assert heard.asked == ["POST /desk/decide"]
    assert alice.troubles == []


def test_words_half_written_and_where_they_were_being_written_survive(
    respite: Installation, chromium: Browser
) -> None:
    office, alice, _heard = looks(respite, chromium, "chelsea.png")
    alice.presses("g").sees("grey")
    alice.page.get_by_label("Why, for the author").click()
    alice.page.keyboard.type("Somebody is hurt")
    for _ in range(4):
        alice.page.keyboard.press("ArrowLeft")
    changes_elsewhere(respite, office, alice, 600)
    assert alice.page.evaluate(CARET) == ["rationale", 12]
    alice.page.keyboard.type("badly ")
    # Its answer brings another panel: there are fewer steps above the label now.
    alice.page.evaluate("document.querySelector('#worse').open = true")
    alice.page.evaluate("document.querySelector('#worse button').click()")
    alice.reads("Noted:")
    assert alice.page.evaluate(CARET) == ["rationale", 18]
    alice.page.keyboard.type("and ")
    expect(alice.page.locator("#rationale")).to_have_value("Somebody is badly and hurt")
    assert alice.troubles == []


def test_folds_and_the_focus_survive(respite: Installation, chromium: Browser) -> None:
    office, alice, _heard = looks(respite, chromium, "chelsea.png")
    folds = {".purpose": True, "#others": True, "#meter": False, "#others-here": True}
    for fold in folds:
        alice.page.locator(f"{fold} > summary").click()
    alice.page.locator("#others input").last.check()
    alice.page.locator("#others-here > summary").focus()
    changes_elsewhere(respite, office, alice, 600)
    expect(alice.page.locator("#others-here > summary")).to_be_focused()
    alice.page.locator(".ladder [data-level=grey]").click()
    alice.sees("grey")
    expect(alice.page.locator(".ladder [data-level=grey]")).to_be_focused()
    # Another panel, by an act whose button goes away with its fold.
    alice.page.locator("#worse > summary").click()
    alice.page.locator("#worse button").first.click()
    alice.reads("Noted:")
    for fold, is_open in folds.items():
        expect(alice.page.locator(fold)).to_have_js_property("open", is_open)
    expect(alice.page.locator("#others input").last).to_be_checked()
    assert alice.troubles == []


def test_a_place_in_a_long_text_survives(respite: Installation, chromium: Browser) -> None:
    office, alice, _heard = looks(respite, chromium, category="SPAM_FRAUD")
    alice.page.evaluate(GO_DOWN)
    place = alice.page.evaluate(PLACE)
    assert min(place) > 0
    changes_elsewhere(respite, office, alice, 600)
    assert alice.page.evaluate(PLACE) == place
    # The stage itself is told anew: there is another stretch, as at each quarter of an hour.
    shown = alice.page.locator("#part-stage").get_attribute("data-exposure")
    alice.page.evaluate("document.querySelector('.ladder [data-level=text]').click()")
    expect(alice.page.locator("#part-stage")).not_to_have_attribute("data-exposure", str(shown))
    assert alice.page.evaluate(PLACE) == place
    assert alice.troubles == []


def test_a_fold_and_the_focus_of_a_desk_that_waits_survive(respite: Installation, chromium: Browser) -> None:
    office = respite.office(limits={"seconds_3": 0})
    alice = sits(chromium, office.address).comes_back(office.session("alice")).starts()
    alice.reads("Waiting is working time.")
    alice.page.locator(".why > summary").click()
    leave = alice.page.get_by_role("button", name="Leave the desk")
    leave.focus()
    changes_elsewhere(respite, office, alice, 1, limit="seconds_4")
    expect(alice.page.locator(".why")).to_have_js_property("open", True)
    expect(leave).to_be_focused()
    assert alice.troubles == []
