"""The lead's ways beside a desk that is live, each in windows of their own, judged by the bytes that came.

Seen red without: the change number that a team's limit moves, the covering at a limit and the shield that comes back, the
sentence of a closed step's key, the wait of a looser value, the row that a form had seen, the guidelines that a queue needs
before it opens, the hold of a paused queue.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.colleague import Colleague, comes
from tests.browser.desk import SHIELD_EDGE, Moderator, has_colour, sits, watched
from tests.browser.respite import Installation, Office, until

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

SEVERE = "Minutes at severity 3 and up"
CASES = "Cases of severity 4"
REACHED = "Severity 3 and up is done until"
MAY_DECIDE = re.compile(r"You can decide this case until (\d\d:\d\d), behind its shield, or hand it back\.")
A_SECOND = 1_000
COUNTED_ANEW = "from queues.models import QueueCount; QueueCount.objects.all().delete()"
WITHOUT_BEATS = "window.setInterval = () => 0"
HOLD = 450


def with_a_lead(respite: Installation, chromium: Browser, **wanted: object) -> tuple[Office, Colleague]:
    """An office whose lead dana is there."""
    office = respite.office(**{"colleagues": {"dana": "lead"}, **wanted})
    return office, comes(chromium, office.address).comes_back(office.session("dana"))


def looks_in_colour(office: Office, chromium: Browser) -> Moderator:
    """Alice keeps a severity-3 picture on her stage, in colour."""
    item = office.submits("chelsea.png", text="They said it was safe.")
    office.waits_until(item["id"], "waiting")
    alice = sits(chromium, office.address).comes_back(office.session("alice"))
    alice.starts().sees("shielded").presses("c").sees("colour").presses("c")
    return alice


def asks_for(lead: Colleague, label: str, value: str) -> Colleague:
    """Write a limit and look at what would change; nothing is saved yet."""
    return (
        lead.opens("/lead/limits/").types(label, value).clicks("See what changes").reads("Nothing is saved")
    )


def saves(lead: Colleague) -> None:
    """Save, and return when the server has answered."""
    with lead.page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        lead.clicks("Save the change")
    assert saved.value.status == 302


def without_scripts(chromium: Browser, alice: Moderator) -> Moderator:
    """The same person's desk, in a browser that runs no script."""
    state = alice.context.storage_state()
    plain = sits(chromium, alice.address, java_script_enabled=False, storage_state=state)
    plain.page.goto(f"{alice.address}/desk/")
    return plain


def answers_with_the_sentence(alice: Moderator, key: str, *, held: int = 0) -> None:
    """Press a key of the ladder and read why it stays closed."""
    alice.page.evaluate("document.getElementById('notices').replaceChildren()")
    alice.page.keyboard.down(key)
    alice.page.wait_for_timeout(held)
    alice.page.keyboard.up(key)
    expect(alice.page.locator("#notices")).to_contain_text(REACHED)
    expect(alice.page.locator("#notices")).to_contain_text(MAY_DECIDE)
    alice.sees("shielded")


def refuses_what_no_button_asks(context: BrowserContext, alice: Moderator) -> None:
    """Post the clear levels, with sound and with text, past the page: nothing clear comes back."""
    names = ("csrfmiddlewaretoken", "claim", "fence")
    form = {name: alice.page.locator(f"#work [name={name}]").input_value() for name in names}
    for wanted in (
        {"level": "grey"},
        {"level": "colour", "sound": "1"},
        {"words": "unfold"},
        {"level": "lens"},
    ):
        answer = context.request.post(
            f"{alice.address}/desk/show",
            form={**form, **wanted},
            headers={"Referer": f"{alice.address}/desk/"},
        )
        assert answer.status in {400, 409}, wanted
        assert "They said it was safe." not in answer.text()
        assert "/grey" not in answer.text()
        assert "/colour" not in answer.text()


def test_a_tightened_limit_shields_a_live_desk_within_a_second(
    respite: Installation, chromium: Browser
) -> None:
    office, dana = with_a_lead(respite, chromium)
    alice = looks_in_colour(office, chromium)
    kept = alice.picture_address()
    tab = watched(alice.context, office.address)
    tab.page.add_init_script(WITHOUT_BEATS)
    tab.page.goto(f"{office.address}/desk/")
    tab.is_ready()
    plain = without_scripts(chromium, alice)
    alice.page.bring_to_front()
    alice.sees("colour")
    assert alice.fetches(kept) == 200

    asks_for(dana, SEVERE, "0:01").reads("tighter").reads("Holds at once, on every open desk.")
    with alice.page.expect_response("**/desk/beat"):
        alice.sees("colour")  # the next beat is five seconds away: what comes before is told by the socket
    before = {name: len(window.came) for name, window in (("alice", alice), ("tab", tab))}
    saves(dana)
    expect(alice.page.locator("#part-stage[data-level=shielded]")).to_be_visible(timeout=A_SECOND)
    assert alice.fetches(kept) == 404
    dana.is_told("What is tighter holds now.")

    alice.sees("shielded").reads(REACHED)
    shown = [came.picture for came in alice.came[before["alice"] :] if came.picture]
    assert shown
    assert all(max(picture.size) <= SHIELD_EDGE and not has_colour(picture) for picture in shown)
    for key, held in (("g", 0), ("c", 0), ("c", HOLD), ("t", 0)):
        answers_with_the_sentence(alice, key, held=held)
    until_time = MAY_DECIDE.search(alice.page.inner_text("#notices"))
    assert until_time
    # By the clock of alice, who is whole hours away from here.
    assert int(until_time[1].partition(":")[2]) in {
        (datetime.now(UTC) + timedelta(minutes=minutes)).minute for minutes in (4, 5)
    }

    tab.sees("shielded")
    plain.page.reload()
    plain.reads(REACHED).page.get_by_role("button", name="Shielded").click()
    assert plain.picture_address().endswith("/shielded")
    expect(plain.page.get_by_role("button", name="Grey")).to_be_disabled()
    refuses_what_no_button_asks(alice.context, alice)
    for name, window in (("alice", alice), ("tab", tab)):
        assert not any(came.is_clear for came in window.came[before[name] :]), name
    alice.page.reload()
    alice.is_ready().chooses_and_decides().reads("Nothing that may come to you now is waiting.")
    until(lambda: len(office.decisions()) == 1, "the decision")
    dana.is_off()


def test_a_looser_limit_says_from_when_and_changes_nothing_now(
    respite: Installation, chromium: Browser
) -> None:
    office, dana = with_a_lead(respite, chromium, limits={"seconds_3": 1800})
    alice = looks_in_colour(office, chromium)
    alice.reads(re.compile(r"Severity 3 and up: (30|29) min left today"))
    asks_for(dana, SEVERE, "40").reads("looser").reads("Holds from each person’s next local day, not before.")
    dana.clicks("Save the change")
    assert dana.page.get_by_label("Why").evaluate("field => field.validity.valueMissing")
    dana.types("Why", "The short week is over.")
    saves(dana)
    dana.reads("looser: 40 min from each person’s next local day").reads("The short week is over.")
    alice.reads(re.compile(r"Severity 3 and up: (30|29) min left today"))
    alice.opens_my_day().reads(re.compile(r"40 min from \d+ \w+"))
    alice.reads("30 min")
    dana.is_off()


def test_a_value_for_one_person_is_told_to_them_and_contested_with_the_officer(
    respite: Installation, chromium: Browser
) -> None:
    colleagues = {"dana": "lead", "wim": "wellbeing_officer"}
    office, dana = with_a_lead(respite, chromium, people=["alice", "amina"], colleagues=colleagues)
    alice = sits(chromium, office.address).comes_back(office.session("alice"))
    dana.opens("/lead/people/").follows("Alice")
    form = dana.page.locator("form[action$='/tighten/']")
    form.get_by_label("Limit").select_option("seconds_3")
    form.get_by_label("Value").fill("20")
    form.get_by_label("Why").fill("The fire last week was yours.")
    form.get_by_role("button", name="Set it").click()
    dana.is_told("It holds now. Alice is told.").reads("The fire last week was yours.")

    alice.opens_my_day()
    alice.reads(f"{SEVERE}: 20 min").reads("Set by Dana").reads("It ends by itself on")
    alice.reads("The fire last week was yours.")
    alice.page.get_by_role("link", name="Ask the officer to look at this").first.click()
    alice.page.get_by_label("What you want to say, if anything").fill("I would rather say it myself.")
    alice.page.get_by_role("button", name="Ask", exact=True).click()
    alice.reads("The answer will stand here by")

    wim = comes(chromium, office.address).signs_in(office.username("wim")).opens("/questions/")
    wim.reads("Questions to you").does_not_read("I would rather say it myself.").does_not_read("Alice")
    wim.page.get_by_role("link", name=re.compile("^A question about a limit")).last.click()
    wim.reads("Alice asks").reads("I would rather say it myself.").reads("The fire last week was yours.")
    wim.types("Your answer", "Dana and I talked. It goes back on Monday.").clicks("Answer")
    wim.is_told("Answered. The person finds it on My day.")

    alice.opens_my_day().reads("Dana and I talked. It goes back on Monday.")
    expect(alice.page.get_by_role("region", name="Who read my data")).to_contain_text("Wim")
    amina = sits(chromium, office.address).comes_back(office.session("amina")).opens_my_day()
    for words in ("The fire last week", "Dana and I talked", "Alice", "20 min"):
        expect(amina.page.locator("body")).not_to_contain_text(words)
    dana.opens("/lead/history/").does_not_read("The fire last week").does_not_read("I would rather")
    dana.is_off()
    wim.is_off()


def test_of_two_leads_who_save_the_same_limit_the_second_is_told(
    respite: Installation, chromium: Browser
) -> None:
    office, dana = with_a_lead(respite, chromium, colleagues={"dana": "lead", "dora": "lead"})
    dora = comes(chromium, office.address).comes_back(office.session("dora"))
    asks_for(dora, CASES, "30")
    asks_for(dana, CASES, "40")
    saves(dana)
    dora.clicks("Save the change").reads("Nothing was saved. Look at the marked fields.")
    dora.reads("set 40 cases while your page was open. Yours is in the field still, and is not saved.")
    expect(dora.page.get_by_label(CASES, exact=True)).to_have_value("30")
    dana.opens("/lead/limits/")
    expect(dana.page.get_by_label(CASES, exact=True)).to_have_value("40")
    dora.clicks("See what changes").reads("40 cases")
    saves(dora)
    dana.opens("/lead/history/").reads("40 cases").reads("30 cases").reads("Dora")
    dana.is_off()
    dora.is_off()


def test_a_queue_is_made_opened_paused_drained_and_closed(respite: Installation, chromium: Browser) -> None:
    office, dana = with_a_lead(respite, chromium, people=["alice", "amina"])
    alice, amina = (
        sits(chromium, office.address).comes_back(office.session(name)).starts()
        for name in ("alice", "amina")
    )
    dana.opens("/lead/").follows("New queue")
    dana.page.get_by_label("Platform").select_option(label=office.platform)
    dana.types("Name", "Evening photos").types("Client", "Lumen SA").types("Purpose", "Photos of the evening")
    dana.types("What the decisions are used for", "You decide whether this stays public.")
    dana.types("Other paid work when severity 3 and up is closed to somebody", "Reading the policies")
    dana.types("With whom", "Dana").clicks("Make the draft").is_told("The draft is made.")
    dana.clicks("Open").reads("It cannot be open without guidelines in force.")
    assert office.posts("chelsea.png", queue="Evening photos").status_code >= 400
    dana.types("Title", "Evenings").types("Guidelines", "What stays: the moon.").clicks("Put it in force")
    dana.is_told("The guidelines are written.").clicks("Open").is_told("open")

    office.submits("chelsea.png", queue="Evening photos")
    alice.reads("A case is ready. Enter shows it.").reads("Photos of the evening, for Lumen SA.")
    dana.clicks("Pause").reads("Takes in, hands out nothing.")
    waits = office.submits("rocket.jpg", queue="Evening photos")
    office.waits_until(waits["id"], "waiting")
    with amina.page.expect_response("**/desk/beat"):
        amina.reads("Nothing is waiting for you.")
    amina.page.reload()
    amina.is_ready().reads("Nothing is waiting for you.")
    alice.chooses_and_decides().reads("Nothing is waiting for you.")

    dana.clicks("Drain").reads("Hands out, takes nothing in.")
    refused = office.posts("chelsea.png", queue="Evening photos")
    assert (refused.status_code, refused.json()["code"]) == (429, "queue_paused")
    until(lambda: has_a_case(alice) or has_a_case(amina), "the case of a draining queue")
    dana.clicks("Close").reads("Items still wait for a decision here.")
    (alice if has_a_case(alice) else amina).chooses_and_decides().reads("Nothing is waiting for you.")
    office.waits_until(waits["id"], "decided")
    respite.manage(COUNTED_ANEW)  # as if the quarter of an hour had passed after which a count may be told
    dana.clicks("Close").reads("Nothing comes in or goes out.")
    assert office.posts("chelsea.png", queue="Evening photos").json()["code"] == "queue_closed"
    assert len(office.decisions()) == 2
    dana.is_off()


def has_a_case(moderator: Moderator) -> bool:
    moderator.page.wait_for_timeout(50)
    return bool(moderator.page.locator("#desk").get_attribute("data-claim"))
