"""Other paid work by its key, and the puzzle of long breaks by keyboard and pointer, in a real browser."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import sits
from tests.browser.respite import Installation

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


def test_o_opens_other_work_and_enter_leads_back_to_the_case(
    respite: Installation, chromium: Browser
) -> None:
    office = respite.office()
    office.waits_until(office.submits("chelsea.png")["id"], "waiting")
    alice = sits(chromium, office.address).comes_back(office.session("alice")).starts().sees("shielded")
    alice.presses("o")
    expect(alice.page.get_by_role("button", name="Reading policy")).to_be_focused()
    alice.page.wait_for_timeout(450)  # Enter is deaf in a case's first moments
    alice.presses("Enter").reads("Your case and your draft wait for you for ten minutes.")
    alice.page.wait_for_timeout(450)
    alice.page.get_by_role("button", name="Back to the queue").click()
    alice.sees("shielded")
    assert alice.troubles == []


def test_the_puzzle_is_played_by_keyboard_and_pointer_and_sends_nothing(
    respite: Installation, chromium: Browser
) -> None:
    office = respite.office()
    alice = (
        sits(chromium, office.address)
        .comes_back(office.session("alice"))
        .starts()
        .reads("Nothing is waiting")
    )
    alice.page.get_by_role("button", name="This was too much").click()
    alice.page.add_init_script("Math.random = () => 0.5")  # always the same board
    alice.page.get_by_role("link", name="A block puzzle").click()
    alice.is_ready()
    icon = office.address + str(alice.page.locator("link[rel=icon]").get_attribute("href"))
    sent: list[str] = []
    alice.page.on("request", lambda request: sent.append(request.url))
    left = alice.page.locator("#tray button")
    pieces = left.count()
    alice.page.locator("#board").focus()
    alice.presses("r").presses("f").presses("Enter")
    expect(left).to_have_count(pieces - 1)
    alice.presses("Enter").reads("Not there.")
    alice.presses("Backspace")
    expect(left).to_have_count(pieces)
    alice.page.locator("#board").click(position={"x": 30, "y": 30})
    expect(left).to_have_count(pieces - 1)
    alice.page.get_by_role("button", name="Another board").click()
    expect(alice.page.locator("#board .cell-set")).to_have_count(0)
    assert set(sent) <= {icon}  # the page's own, which a busy browser asks for when all else is there
    assert alice.troubles == []
