"""The safeguard in real windows: a ceiling moves with two people, and the lead's pages work by keyboard alone.

Seen red without: the check that who signs is not who proposed, an outline around what has the focus, and tables that stack.
"""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.colleague import Colleague, comes
from tests.browser.respite import Installation

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

CLUSTER = "Rest after three cases of severity 4, minutes"
SEVERE = "Minutes at severity 3 and up"
FOCUS_IS_SEEN = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""
PLACES = ["/lead/", "/lead/limits/", "/lead/people/", "/lead/history/", "/lead/queues/new/", "/safeguard/"]


def proposes(who: Colleague, value: str, reason: str) -> Colleague:
    who.opens("/safeguard/").page.get_by_role("link", name=f"Change {CLUSTER}").click()
    return who.types("Allowed", value).types("Why", reason).clicks("Propose it")


def test_a_ceiling_moves_when_a_second_person_signs_and_not_before(
    respite: Installation, chromium: Browser
) -> None:
    colleagues = {"dana": "lead", "wim": "wellbeing_officer", "rosa": "representative"}
    office = respite.office(colleagues=colleagues)
    wim, rosa, dana = (
        comes(chromium, office.address).signs_in(office.username(name)) for name in ("wim", "rosa", "dana")
    )
    proposes(wim, "20", "Three in a row were too much.")
    wim.is_told("Nothing changes before a second person signs.").reads("Waits for a second signature.")
    assert wim.page.get_by_role("button", name="Sign it as the second person").count() == 0
    proposal = wim.page.url.removeprefix(office.address)
    signs_past_the_page(wim, proposal)
    dana.opens("/lead/limits/").reads("at least 15 min").does_not_read("at least 20 min")
    dana.opens(proposal).reads("Three in a row were too much.")
    assert dana.page.get_by_role("button", name="Sign it as the second person").count() == 0

    rosa.opens("/safeguard/").follows(CLUSTER)
    rosa.reads("at least 15 min").reads("at least 20 min").clicks("Sign it as the second person")
    rosa.is_told("Signed by two people.")
    dana.opens("/lead/limits/").reads("at least 20 min")
    history = dana.opens("/safeguard/").page.get_by_role("region", name="What was signed")
    expect(history.get_by_role("row").filter(has_text=CLUSTER).first).to_contain_text(
        re.compile(r"Wim.*Rosa.*Three in a row were too much\.", re.DOTALL)
    )

    proposes(rosa, "15", "Back again.").clicks("Withdraw it").is_told("Withdrawn. Nothing changed.")
    dana.opens("/lead/limits/").reads("at least 20 min")
    history = dana.opens("/safeguard/").page.get_by_role("region", name="What was signed")
    expect(history.get_by_role("row").filter(has_text="Back again.")).to_contain_text("withdrawn")
    for colleague in (wim, rosa, dana):
        colleague.is_off()


def signs_past_the_page(who: Colleague, proposal: str) -> None:
    """Post the signature that no button offers; it is refused with its sentence."""
    token = who.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    answer = who.page.context.request.post(
        f"{who.address}{proposal}sign/",
        form={"csrfmiddlewaretoken": token},
        headers={"Referer": f"{who.address}{proposal}"},
    )
    assert answer.status == 409
    assert "Two people sign. You proposed it, so somebody else signs." in answer.text()


@pytest.mark.parametrize("width", [400, 1280])
def test_the_leads_pages_work_by_keyboard_alone_and_without_scripts(
    respite: Installation, chromium: Browser, width: int
) -> None:
    office = respite.office(colleagues={"dana": "lead"})
    dana = comes(
        chromium, office.address, java_script_enabled=False, viewport={"width": width, "height": 800}
    ).signs_in(office.username("dana"))
    for place in PLACES:
        dana.opens(place)
        fits(dana.page, width)
        assert not dana.page.locator("script:not([src])").count()

    reaches(dana.opens("/lead/").page, "Limits").press("Enter")
    dana.page.wait_for_url("**/lead/limits/")
    field = reaches(dana.page, SEVERE)
    field.press("Control+a")
    dana.page.keyboard.type("90")
    dana.page.keyboard.press("Enter")
    dana.reads("What changes for").reads("tighter")
    fits(dana.page, width)
    reaches(dana.page, "Why, if you like")
    dana.page.keyboard.type("A heavy month.")
    reaches(dana.page, "Save the change").press("Enter")
    dana.is_told("What is tighter holds now.").reads("A heavy month.")
    fits(dana.page, width)
    dana.is_off()


def reaches(page: Page, name: str) -> Locator:
    """Walk with Tab until the control of this name has the focus, which shows."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if name_of(focused) == name:
            assert page.evaluate(FOCUS_IS_SEEN), name
            return focused
    raise AssertionError(f"Tab does not reach {name}")


def name_of(focused: Locator) -> str:
    name: str = focused.evaluate(
        "e => (e.labels && e.labels.length ? e.labels[0].textContent : e.textContent).trim()"
    )
    return name


def fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
