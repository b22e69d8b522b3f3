"""Keys, covering, and a line that fails, in a real browser."""

import json
import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.desk import Moderator, sits
from tests.browser.respite import Installation, Office, until

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

HIDE = """() => {
  Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
ENTER_AT_ONCE = """() => {
  const first = document.getElementById('desk').dataset.claim;
  window.pressed = 0;
  const press = () => {
    document.querySelector('input[name=category][value=none]').checked = true;
    document.querySelector('input[name=action][value=none]').checked = true;
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    window.pressed += 1;
  };
  const watch = new MutationObserver(() => {
    if (document.getElementById('desk').dataset.claim === first) return;
    watch.disconnect();
    setTimeout(press, 100); // the page is still busy with the act that brought this case
  });
  watch.observe(document.getElementById('main'), { childList: true, subtree: true });
}"""


def with_cases(
    respite: Installation, chromium: Browser, count: int = 1, *, own_clock: bool = False
) -> tuple[Office, Moderator]:
    """A moderator at the desk, the first of *count* cases shielded before them; *own_clock*: theirs can be turned."""
    office = respite.office()
    items = [office.submits("chelsea.png", text=f"case {number}") for number in range(count)]
    for item in items:
        office.waits_until(item["id"], "waiting")
    alice = sits(chromium, office.address)
    if own_clock:
        alice.page.clock.install()
    return office, alice.comes_back(office.session("alice")).starts().sees("shielded")


def chooses(alice: Moderator) -> None:
    alice.presses("0").presses("n")
    expect(alice.page.get_by_role("radio", name="No action")).to_be_checked()
    # Longer than a case's first moments, in which Enter is deaf: a fast machine gets here sooner.
    alice.page.wait_for_timeout(450)


def passes(alice: Moderator, *, seconds: int) -> None:
    """Let the page's own clock run, slowly enough for its beats to be answered, and the answers read, on the way."""
    for _ in range(seconds // 5):
        with alice.page.expect_response("**/desk/beat") as answered:
            alice.page.clock.run_for(5000)
        answered.value.finished()
        # What is asked after that answer came is answered after the page has read it: nobody has been silent by then.
        alice.page.evaluate("fetch('/healthz').then((answer) => answer.text())")


def claim_of(alice: Moderator) -> str:
    return str(alice.page.locator("#desk").get_attribute("data-claim"))


def has_another_case(alice: Moderator, than: str) -> None:
    expect(alice.page.locator("#desk")).not_to_have_attribute("data-claim", than)
    alice.sees("shielded")


def test_enter_held_down_decides_nothing_more(respite: Installation, chromium: Browser) -> None:
    office, alice = with_cases(respite, chromium, 2)
    first = claim_of(alice)
    chooses(alice)
    alice.page.keyboard.down("Enter")
    has_another_case(alice, first)
    second = claim_of(alice)
    alice.page.get_by_role("radio", name="None of these").check()
    alice.page.get_by_role("radio", name="No action").check()
    for _ in range(40):
        alice.page.keyboard.down("Enter")
    alice.page.get_by_role("button", name="Decide").focus()
    for _ in range(40):
        alice.page.keyboard.down("Enter")
    alice.page.keyboard.up("Enter")
    alice.presses("Escape").sees("covered")
    assert claim_of(alice) == second
    until(lambda: len(office.decisions()) == 1, "one decision")


def test_enter_in_the_first_moments_of_a_case_does_nothing(respite: Installation, chromium: Browser) -> None:
    office, alice = with_cases(respite, chromium, 2)
    first = claim_of(alice)
    alice.page.evaluate(ENTER_AT_ONCE)
    chooses(alice)
    alice.presses("Enter")
    has_another_case(alice, first)
    second = claim_of(alice)
    assert second
    alice.waits_for(lambda: bool(alice.page.evaluate("window.pressed === 1")))
    alice.presses("Escape").sees("covered")
    until(lambda: len(office.decisions()) == 1, "one decision")
    alice.page.wait_for_timeout(450)
    assert claim_of(alice) == second
    alice.presses("Enter").reads("Nothing is waiting for you.")


def test_enter_without_a_choice_says_what_is_missing(respite: Installation, chromium: Browser) -> None:
    office, alice = with_cases(respite, chromium)
    alice.page.wait_for_timeout(450)
    alice.presses("Enter").reads("Choose what it is and what should happen first.")
    alice.presses("0").presses("Enter").reads("Choose what it is and what should happen first.")
    assert office.decisions() == []


def test_letters_are_letters_while_typing_and_escape_still_covers(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice = with_cases(respite, chromium)
    field = alice.page.get_by_label("Why, for the author")
    field.click()
    alice.page.keyboard.type("cgsexnw0")
    expect(field).to_have_value("cgsexnw0")
    alice.sees("shielded")
    alice.presses("Escape").sees("covered")
    expect(field).to_have_value("cgsexnw0")
    alice.reads(re.compile(r"saved \d\d:\d\d"))


def test_escape_covers_at_once_and_the_server_knows(respite: Installation, chromium: Browser) -> None:
    _office, alice = with_cases(respite, chromium)
    alice.presses("g").sees("grey")
    address = alice.picture_address()
    alice.presses("Escape")
    assert alice.page.locator("#stage canvas").count() == 0
    alice.sees("covered")
    until(lambda: alice.fetches(address) == 404, "the end of the exposure")


def test_escape_also_covers_what_is_still_on_its_way(respite: Installation, chromium: Browser) -> None:
    _office, alice = with_cases(respite, chromium)
    held: list[Route] = []

    def holds(route: Route) -> None:
        held.append(route)

    alice.page.route("**/desk/show", holds)
    alice.presses("g")
    alice.waits_for(lambda: bool(held))
    alice.presses("Escape").sees("covered")
    with alice.page.expect_response("**/desk/cover"):
        held[0].continue_()
    alice.sees("covered")
    expect(alice.page.locator("#part-stage")).to_have_attribute("data-exposure", "")
    assert alice.clear_pictures() == []


def test_a_hidden_tab_covers(respite: Installation, chromium: Browser) -> None:
    _office, alice = with_cases(respite, chromium)
    alice.presses("g").sees("grey")
    address = alice.picture_address()
    alice.page.evaluate(HIDE)
    assert alice.page.locator("#stage canvas").count() == 0
    until(lambda: alice.fetches(address) == 404, "the end of the exposure")


def test_two_minutes_without_input_cover_and_nobody_is_told_why(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice = with_cases(respite, chromium, own_clock=True)
    passes(alice, seconds=110)
    assert alice.page.locator("#part-stage").get_attribute("data-level") == "shielded"
    passes(alice, seconds=15)
    alice.sees("covered").reads("Covered while you were away from the page.")


def test_a_second_press_keeps_colour_and_grey_ends_it(respite: Installation, chromium: Browser) -> None:
    _office, alice = with_cases(respite, chromium, own_clock=True)
    alice.presses("c").sees("colour")
    alice.presses("c")
    passes(alice, seconds=15)
    alice.sees("colour")
    alice.presses("g").sees("grey")


def test_colour_falls_back_to_grey_by_itself(respite: Installation, chromium: Browser) -> None:
    _office, alice = with_cases(respite, chromium, own_clock=True)
    alice.presses("c").sees("colour")
    passes(alice, seconds=10)
    alice.sees("grey")


def test_a_lost_line_covers_and_the_unsent_decision_arrives(respite: Installation, chromium: Browser) -> None:
    office, alice = with_cases(respite, chromium)
    alice.presses("g").sees("grey")
    alice.page.get_by_label("Why, for the author").fill("Written on a train")
    alice.reads(re.compile(r"saved \d\d:\d\d"))
    alice.context.set_offline(True)
    alice.sees("covered").reads("The line is down.")
    alice.page.get_by_role("radio", name="None of these").check()
    alice.page.get_by_role("radio", name="No action").check()
    alice.page.get_by_role("button", name="Decide").click()
    alice.reads("Your decision is not sent yet.")
    alice.context.set_offline(False)
    alice.reads("Nothing is waiting for you.")
    until(lambda: len(office.decisions()) == 1, "the decision")
    assert office.decisions()[0]["rationale"] == "Written on a train"


def test_nothing_is_preselected_and_nothing_is_stored_in_the_browser_but_until_when_something_was_shown(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice = with_cases(respite, chromium)
    assert alice.page.locator("input:checked").count() == 0
    alice.page.get_by_label("Why, for the author").fill("words")
    alice.reads("saved")
    kept = alice.page.evaluate("[{ ...localStorage }, { ...sessionStorage }]")
    assert [list(kept[0]), kept[1]] == [["respite-shown"], {}]
    assert set(json.loads(kept[0]["respite-shown"])) == {"exposure", "at"}
    alice.presses("Escape").sees("covered")
    alice.waits_for(lambda: alice.page.evaluate("localStorage.length") == 0)


def test_a_page_that_nobody_answers_covers_itself_and_says_since_when(
    respite: Installation, chromium: Browser
) -> None:
    """The line is there and says nothing: no error comes, and the page does not wait for one."""
    _office, alice = with_cases(respite, chromium)
    alice.presses("Escape").sees("covered")
    alice.page.clock.install()
    alice.page.reload()
    alice.is_ready().presses("g").sees("grey")
    shown = alice.page.locator("#part-stage").get_attribute("data-exposure")
    alice.page.route("**/desk/beat", lambda _route: None)
    alice.page.clock.run_for(9_000)
    assert alice.page.locator("#part-stage").get_attribute("data-level") == "grey"
    alice.page.clock.run_for(2_000)
    assert alice.page.locator("#part-stage").get_attribute("data-level") == "covered"
    alice.reads("The line is down.")
    alice.page.unroute("**/desk/beat")
    with alice.page.expect_request("**/desk/cover") as told:
        alice.page.evaluate("dispatchEvent(new Event('online'))")
        alice.page.clock.run_for(10_000)
    sent = parse_qs(told.value.post_data or "")
    assert (sent["exposure"], sent["silence"][0].isdigit()) == ([shown], True)


def test_a_page_that_ended_without_a_word_says_since_when_when_it_comes_back(
    respite: Installation, chromium: Browser
) -> None:
    _office, alice = with_cases(respite, chromium)
    alice.presses("g").sees("grey")
    shown = alice.page.locator("#part-stage").get_attribute("data-exposure")
    alice.waits_for(lambda: alice.page.evaluate("localStorage.length") == 1)
    alice.page.goto("about:blank")
    back = alice.context.new_page()
    left = f"localStorage.setItem('respite-shown', JSON.stringify({{exposure: '{shown}', at: Date.now() - 60000}}))"
    back.add_init_script(left)
    with back.expect_request("**/desk/cover") as told:
        back.goto(f"{_office.address}/desk/")
    sent = parse_qs(told.value.post_data or "")
    assert sent["exposure"] == [shown]
    assert 58_000 <= int(sent["silence"][0]) <= 120_000
    until(lambda: back.evaluate("localStorage.length") == 0, "the server's answer")


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_is_wider_than_the_window_and_stepping_away_is_in_reach(
    respite: Installation, chromium: Browser, width: int
) -> None:
    _office, alice = with_cases(respite, chromium)
    alice.page.set_viewport_size({"width": width, "height": 800})
    assert alice.page.evaluate("document.documentElement.scrollWidth") <= width
    button = alice.page.get_by_role("button", name="Step away")
    box = button.bounding_box()
    assert box
    assert 0 <= box["y"] <= 800 - box["height"]
    if width == 400:
        assert box["y"] > 700
        panel = alice.page.locator("#part-panel").bounding_box()
        stage = alice.page.locator("#stage").bounding_box()
        assert panel
        assert stage
        assert panel["y"] > stage["y"] + stage["height"]
