"""Pictures of life at the desk: other paid work, what one is handed, whom to talk to, the first day, the last minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.colleague import Colleague, comes

if TYPE_CHECKING:
    from scripts.screenshots import Studio
    from tests.browser.respite import Office

A_LINE = (
    "from django.utils import timezone; from wellbeing.models import Contact; "
    "Contact.objects.create(name='Helpline', phone='116 123', hours='every day, day and night', "
    "languages='English, French', set_at=timezone.now(), set_by='system')"
)
IS_NEW = "from people.models import User; User.objects.filter(username={name!r}).update(began_on=None)"


def living(studio: Studio) -> None:
    """A day of alice between cases, and the first of amina."""
    office = studio.respite.office(
        zone="Europe/Brussels", people=["alice", "amina"], colleagues={"wim": "wellbeing_officer"}
    )
    studio.respite.manage(A_LINE)
    studio.respite.manage(IS_NEW.format(name=office.usernames[1]))
    _begins(studio, comes(studio.browser, office.address).signs_in(office.usernames[1]))
    _goes_on(studio, comes(studio.browser, office.address).signs_in(office.usernames[0]), office)


def _begins(studio: Studio, amina: Colleague) -> None:
    studio.takes(amina.opens("/desk/"), "first-day-desk")
    studio.takes(amina.opens("/first-day/"), "first-day")
    amina.clicks("Begin")
    for name in ("desk", "ladder", "breaks", "languages", "contacts"):
        amina.page.wait_for_url(f"**/first-day/{name}/")
        studio.takes(amina, f"first-day-{name}-page")
        if name == "languages":
            amina.page.get_by_label("French", exact=True).check()
        amina.page.locator("button[name=step]").click()
    studio.takes(amina.reads("That is the walk"), "first-day-done")
    studio.takes(amina.opens("/first-day/ladder/?level=colour&picture=cat"), "first-day-colour")


def _goes_on(studio: Studio, alice: Colleague, office: Office) -> None:
    alice.opens("/handed/").page.get_by_label("Keep away from me").select_option("category:GORE")
    alice.clicks("Keep it away")
    studio.takes(alice.is_told("Kept away from now on."), "handed")
    alice.opens("/talk/").types("Somebody you trust, by name", office.usernames[1])
    alice.clicks("Ask them")
    studio.takes(alice.is_told("Asked."), "talk-asked")
    alice.opens("/desk/").page.get_by_role("button", name="Start").click()
    alice.reads("Waiting is working time.").page.locator(".nav-more > summary").click()
    studio.takes(alice, "desk-more")
    alice.page.locator(".nav-more > summary").click()
    alice.clicks("Reading policy")
    studio.takes(alice.reads("Nothing is handed to you meanwhile."), "other-work")
    alice.clicks("Wellness time")
    studio.takes(alice.reads("Wellness time until"), "wellness")
    alice.clicks("I am back")
    alice.clicks("This was too much")
    alice.page.wait_for_url("**/break/")
    alice.follows("A block puzzle")
    alice.page.locator("#board").focus()
    for key in ("Enter", "r", "ArrowRight", "ArrowDown"):
        alice.page.keyboard.press(key)
    studio.takes(alice, "puzzle")
    studio.takes(alice.opens("/day/closed/"), "closed-day")
