"""A rendition exists only on the stage (P3), in a real browser: at no other tab, in no document, and on no paper."""

import re

import pytest
from playwright.sync_api import Browser, ElementHandle, Page, Request, Route, expect

from tests.browser.desk import NOTHING, Moderator, sits
from tests.browser.respite import SAMPLES, Installation, Office

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

IS_PREVENTED = """(element, kind) => {
  const event = new MouseEvent(kind, { bubbles: true, cancelable: true });
  element.dispatchEvent(event);
  return event.defaultPrevented;
}"""
WHAT_IS_LEFT = "canvas => [canvas.width, canvas.height, canvas.toDataURL(), { ...canvas.dataset }]"
BLANK = [0, 0, "data:,", {}]
GREYS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(data).size;
}"""


def looks(
    respite: Installation, chromium: Browser, *pictures: str, text: str = ""
) -> tuple[Office, Moderator]:
    """A moderator at the desk, one case of *pictures* shielded before them."""
    office = respite.office()
    words = {"text": text} if text else {}
    item = office.submits(*(pictures or ("chelsea.png",)), **words)
    office.waits_until(item["id"], "waiting")
    alice = sits(chromium, office.address).comes_back(office.session("alice"))
    return office, alice.starts().sees("shielded")


def canvas_of(alice: Moderator) -> ElementHandle:
    canvas = alice.page.wait_for_selector("#stage canvas", state="attached")
    assert canvas
    return canvas


def opens_by_itself(alice: Moderator, address: str) -> tuple[int, str]:
    """Open an address in a tab of its own; return the status and what is read there."""
    tab = alice.context.new_page()
    answer = tab.goto(address)
    assert answer
    read = tab.inner_text("body")
    assert tab.locator("img").count() == 0
    tab.close()
    return answer.status, read.strip()


def fetched(page: Page) -> list[Request]:
    """Return what will be every request for a rendition from now on."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/desk/media/" in request.url else None)
    return asked


def test_a_second_tab_shows_nothing_during_the_exposure_and_after_it(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice = looks(respite, chromium)
    for key, level in (("g", "grey"), ("c", "colour")):
        address = alice.presses(key).sees(level).picture_address()
        assert alice.fetches(address) == 200
        status, read = opens_by_itself(alice, address)
        assert (status, NOTHING in read) == (404, True)
        alice.sees(level).presses("Escape").sees("covered")
        assert opens_by_itself(alice, address)[0] == 404
    assert alice.troubles == []


def test_after_escape_the_canvas_is_blank_and_the_document_names_no_picture(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice = looks(respite, chromium)
    alice.presses("g").sees("grey")
    canvas = canvas_of(alice)
    assert canvas.evaluate(GREYS) > 100
    assert canvas.get_attribute("role") == "img"
    assert canvas.get_attribute("aria-label") == "The picture, in grey"
    alice.presses("Escape").sees("covered")
    assert canvas.evaluate(WHAT_IS_LEFT) == BLANK
    assert "/desk/media/" not in alice.page.content()
    assert alice.page.locator("#main :is(canvas, img)").count() == 0


def test_a_step_of_the_ladder_wipes_what_was_painted_before_it(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice = looks(respite, chromium)
    alice.presses("g").sees("grey")
    canvas = canvas_of(alice)
    alice.presses("d").sees("shielded")
    assert canvas.evaluate(WHAT_IS_LEFT) == BLANK
    again = canvas_of(alice)
    alice.chooses_and_decides().reads("Nothing is waiting for you.")
    assert again.evaluate(WHAT_IS_LEFT) == BLANK


def test_every_picture_is_asked_for_once_by_name_of_its_exposure(
    respite: Installation, chromium: Browser
) -> None:
    office, alice = looks(respite, chromium, "chelsea.png", "rocket.jpg")
    asked = fetched(alice.page)
    alice.presses("g").sees("grey")
    alice.page.get_by_role("button", name="Picture 2").click()
    expect(alice.page.locator("[aria-current=true]")).to_have_text("Picture 2")
    alice.sees("shielded").presses("g").sees("grey")
    respite.tightens(office, "seconds_3", 7000)  # the page reads itself again; its stage is as it was
    with alice.page.expect_response("**/desk/beat"):
        alice.sees("grey")
    expect(alice.page.locator("[aria-current=true]")).to_have_text("Picture 2")
    alice.presses("Escape").sees("covered")
    addresses = [request.url for request in asked]
    assert [address.rsplit("/", 1)[1] for address in addresses] == ["grey", "shielded", "grey"]
    assert len(set(addresses)) == len(addresses)
    first, second, third = (address.split("/")[6] for address in addresses)
    assert first != second
    assert second == third  # a step after 'Picture 2' shows picture 2
    for request in asked:
        assert request.resource_type == "fetch"
        assert request.all_headers()["x-respite-stage"] == request.url.split("/")[5]


def test_what_is_on_its_way_when_it_is_covered_is_never_painted(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice = looks(respite, chromium)
    held: list[Route] = []

    def holds(route: Route) -> None:
        held.append(route)

    alice.page.route("**/desk/media/**/grey", holds)
    alice.presses("g")
    alice.waits_for(lambda: bool(held))
    canvas = canvas_of(alice)
    with alice.page.expect_event("requestfailed", lambda request: request.url.endswith("/grey")):
        alice.presses("Escape").sees("covered")
    with alice.page.expect_response("**/desk/beat"):
        held[0].fulfill(path=SAMPLES / "rocket.jpg")
    assert canvas.evaluate(WHAT_IS_LEFT) == BLANK
    expect(alice.page.locator("#stage canvas")).to_have_count(0)
    expect(alice.page.locator("#notices")).not_to_contain_text("did not come")


def test_a_picture_that_does_not_come_is_asked_for_once_more_and_then_the_case_is_covered(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice = looks(respite, chromium)
    asked = fetched(alice.page)
    alice.page.route("**/desk/media/**/grey", lambda route: route.fulfill(status=404))
    alice.presses("g").reads("The picture did not come, so the case is covered.").sees("covered")
    assert len(asked) == 2
    expect(alice.page.locator("#part-stage")).to_have_attribute("data-exposure", "")
    alice.page.unroute_all()
    alice.presses("g").sees("grey")


def test_the_stage_has_no_menu_of_its_own_is_not_dragged_and_not_printed(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice = looks(respite, chromium, text="They said it was safe.")
    alice.presses("g").sees("grey").presses("t").reads("They said it was safe.")
    canvas = canvas_of(alice)
    assert [canvas.evaluate(IS_PREVENTED, kind) for kind in ("contextmenu", "dragstart")] == [True, True]
    assert not alice.page.locator("#part-panel").evaluate(IS_PREVENTED, "contextmenu")
    words = alice.page.get_by_text("They said it was safe.")
    expect(words).to_be_visible()
    alice.page.emulate_media(media="print")
    assert not canvas.is_visible()
    expect(words).to_be_hidden()


def test_going_on_and_back_brings_no_picture_back(respite: Installation, chromium: Browser) -> None:
    _office, alice = looks(respite, chromium)
    alice.presses("g").sees("grey")
    came = len(alice.came)
    alice.opens_my_day()
    alice.page.go_back()
    alice.is_ready().sees("covered")
    assert not any(came.is_clear for came in alice.came[came:])


def test_the_pages_source_holds_nothing_of_the_stage(respite: Installation, chromium: Browser) -> None:
    _office, alice = looks(respite, chromium, text="They said it was safe.")
    alice.presses("g").sees("grey").presses("t").reads("They said it was safe.")
    source = alice.context.request.get(f"{alice.address}/desk/").text()
    assert "on another page of yours" in source
    assert "They said it was safe." not in source
    assert "/desk/media/" not in source


def test_without_scripts_a_picture_is_on_the_page_and_in_no_tab_of_its_own(
    respite: Installation, chromium: Browser
) -> None:
    office = respite.office()
    office.waits_until(office.submits("chelsea.png")["id"], "waiting")
    alice = sits(chromium, office.address, java_script_enabled=False)
    alice.context.add_cookies(
        [{"name": "sessionid", "value": office.session("alice"), "url": office.address}]
    )
    alice.page.goto(f"{office.address}/desk/")
    alice.page.get_by_role("button", name="Start").click()
    alice.page.get_by_role("button", name="Grey").click()
    picture = alice.page.locator("#stage img")
    expect(picture).to_have_attribute("src", re.compile("/grey$"))
    expect(picture).to_have_js_property("complete", True)
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    address = alice.picture_address()
    status, read = opens_by_itself(alice, address)
    assert (status, NOTHING in read) == (404, True)
    alice.page.get_by_role("button", name="Cover").click()
    assert opens_by_itself(alice, address)[0] == 404


def test_a_script_takes_over_what_was_shown_without_one(respite: Installation, chromium: Browser) -> None:
    office = respite.office()
    office.waits_until(office.submits("chelsea.png")["id"], "waiting")
    plain = sits(chromium, office.address, java_script_enabled=False)
    plain.context.add_cookies(
        [{"name": "sessionid", "value": office.session("alice"), "url": office.address}]
    )
    plain.page.goto(f"{office.address}/desk/")
    plain.page.get_by_role("button", name="Start").click()
    plain.page.get_by_role("button", name="Grey").click()
    before = plain.picture_address()
    alice = sits(chromium, office.address).comes_back(office.session("alice")).sees("grey")
    assert alice.picture_address() != before
    assert alice.fetches(alice.picture_address()) == 200
    assert alice.fetches(before) == 404
    assert alice.page.locator("#stage img").count() == 0
