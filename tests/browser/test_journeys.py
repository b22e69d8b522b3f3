"""Whole ways through a real installation and a real browser, judged by the bytes that came."""

import json

import pytest
from playwright.sync_api import Browser
from standardwebhooks import Webhook

from tests.browser.desk import sits, watched
from tests.browser.respite import Installation, Sink, until

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


def test_submit_shielded_reveal_decide_and_a_signed_webhook(
    respite: Installation, chromium: Browser, sink: Sink
) -> None:
    office = respite.office(webhook=sink.address)
    item = office.submits("chelsea.png", text="They said it was safe.", metadata={"board": "cats"})
    office.waits_until(item["id"], "waiting")
    alice = sits(chromium, office.address).signs_in(office.usernames[0])

    alice.starts().sees("shielded")
    assert alice.clear_pictures() == []
    assert not any(b"They said it was safe." in came.body for came in alice.came)
    assert any(came.picture for came in alice.came)

    alice.presses("g").sees("grey")
    grey = [came for came in alice.clear_pictures() if came.picture]
    assert grey
    assert all("/grey" in came.address and came.picture and came.picture.mode == "L" for came in grey)

    alice.page.keyboard.down("c")
    alice.sees("colour")
    alice.page.wait_for_timeout(450)
    alice.page.keyboard.up("c")
    alice.sees("grey")
    alice.presses("t").reads("They said it was safe.")

    alice.page.get_by_role("radio", name="Deadly or serious accident").check()
    alice.page.get_by_role("radio", name="Remove").check()
    alice.page.get_by_label("Why, for the author").fill("A person is hurt.")
    alice.page.get_by_role("button", name="Decide").click()
    alice.reads("Nothing is waiting for you. Waiting is working time.")

    until(lambda: sink.received, "a webhook")
    headers, body = sink.received[0]
    told = Webhook(office.webhook_secret).verify(body, headers)
    assert told["type"] == "decision.made"
    assert told["data"]["item_id"] == item["id"]
    assert told["data"]["action"] == "remove"
    assert told["data"]["rationale"] == "A person is hurt."
    assert told["data"]["metadata"] == {"board": "cats"}
    assert office.decisions()[0]["id"] == told["data"]["id"]
    assert office.status_of(item["id"]) == "decided"
    assert alice.troubles == []


def test_a_break_interrupts_parks_the_case_and_kept_addresses_answer_nothing(
    respite: Installation, chromium: Browser
) -> None:
    office = respite.office()
    item = office.submits("chelsea.png")
    office.waits_until(item["id"], "waiting")
    alice = sits(chromium, office.address).signs_in(office.usernames[0])
    alice.starts().sees("shielded").presses("g").sees("grey")
    address = alice.picture_address()
    assert alice.fetches(address) == 200

    respite.tightens(office, "severe_seconds", 1)
    alice.reads("A break is due. You can decide this case until").sees("covered")
    assert alice.fetches(address) == 404
    alice.page.get_by_label("Why, for the author").fill("Half a thought")
    alice.presses("Tab").reads("saved")
    alice.presses("g").sees("covered")

    alice.page.get_by_role("button", name="Step away").click()
    alice.page.wait_for_url("**/break/")
    alice.reads("Your case and your draft wait for you.")
    assert alice.fetches(address) == 404
    alice.page.get_by_role("button", name="I am back").click()


def test_a_case_arrives_by_itself_covered_and_enter_shows_it(
    respite: Installation, chromium: Browser
) -> None:
    office = respite.office()
    alice = sits(chromium, office.address).signs_in(office.usernames[0])
    alice.starts().reads("Nothing is waiting for you.")
    office.submits("chelsea.png")
    alice.reads("A case is ready. Enter shows it.")
    assert not any(came.picture for came in alice.came)
    alice.page.wait_for_timeout(450)
    alice.presses("Enter").sees("shielded")
    assert alice.clear_pictures() == []


def test_two_tabs_show_one_look_and_one_cover_covers_both(respite: Installation, chromium: Browser) -> None:
    office = respite.office()
    item = office.submits("chelsea.png")
    office.waits_until(item["id"], "waiting")
    first = sits(chromium, office.address).signs_in(office.usernames[0])
    first.starts().sees("shielded")
    second = watched(first.context, office.address)
    second.page.goto(f"{office.address}/desk/")
    second.is_ready()
    first.page.bring_to_front()
    first.presses("g").sees("grey")
    second.presses("Escape")
    first.sees("covered")
    second.page.get_by_role("radio", name="None of these").check()
    second.page.get_by_role("radio", name="No action").check()
    second.page.get_by_role("button", name="Decide").click()
    second.reads("Nothing is waiting for you.")
    first.reads("Nothing is waiting for you.")
    until(lambda: len(office.decisions()) == 1, "the decision")


def test_without_scripts_the_whole_way_is_plain_forms(respite: Installation, chromium: Browser) -> None:
    office = respite.office()
    item = office.submits("chelsea.png", text="They said it was safe.")
    office.waits_until(item["id"], "waiting")
    alice = sits(chromium, office.address, java_script_enabled=False)
    page = alice.page
    page.goto(f"{office.address}/accounts/login/")
    page.get_by_label("Name").fill(office.usernames[0])
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Start").click()
    assert page.locator("#stage img").get_attribute("src")
    assert alice.clear_pictures() == []
    assert "They said it was safe." not in page.content()
    page.get_by_role("button", name="Grey").click()
    assert "/grey" in str(page.locator("#stage img").get_attribute("src"))
    page.get_by_role("button", name="Unfold").click()
    assert "They said it was safe." in page.content()
    page.get_by_role("radio", name="Deadly or serious accident").check()
    page.get_by_role("radio", name="Restrict").check()
    page.get_by_role("button", name="Cover").click()
    assert page.get_by_role("radio", name="Restrict").is_checked()
    page.get_by_role("button", name="Decide").click()
    assert "Nothing is waiting for you." in page.content()
    until(lambda: office.status_of(item["id"]) == "decided", "the answer")
    assert office.decisions()[0]["action"] == "restrict"
    assert json.dumps(office.decisions()[0])
