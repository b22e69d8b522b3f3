"""Take a picture of every page and state into screenshots/ (`make screenshots`).

    python -m scripts.screenshots [NAME …]      only the states whose name begins with one of these

A real installation in a temporary folder, a real Chromium, harmless pictures. Each state is taken light and dark, 1280
and 400 pixels wide, and checked for sideways scrolling.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Route, expect, sync_playwright

from scripts.life_scenes import living
from scripts.my_day_scenes import telling_of_days
from scripts.office_scenes import documentation, guarding, leading, operating
from scripts.officer_scenes import caring
from scripts.planning_scenes import planning
from scripts.rules_scenes import saying_rules
from tests.browser.colleague import Colleague
from tests.browser.conftest import ARGUMENTS
from tests.browser.desk import Moderator, sits
from tests.browser.respite import Installation, Office, running

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "screenshots"
SIZES = ((1280, 800), (400, 800))
SCHEMES = ("light", "dark")
RENDERED = ("400", "403", "403_csrf", "429", "500")
FRENCH = "Ils ont dit que c’était sûr de se tenir là. Ce ne l’était pas. Quelqu’un a été touché, on l’entend crier."
HATE = "They should all be sent back where they came from, every one of them."


@dataclass
class Studio:
    """Where pictures are taken: one installation, one browser, a moderator per scene."""

    respite: Installation
    browser: Browser
    wanted: tuple[str, ...]
    wide: list[str] = field(default_factory=list)
    taken: int = 0

    def takes(self, moderator: Moderator | Colleague, name: str) -> None:
        """Take one state in both schemes and sizes."""
        if self.wanted and not name.startswith(self.wanted):
            return
        page = moderator.page
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.screenshot(path=FOLDER / f"{name}-{scheme}-{width}.png", full_page=True)
                self.taken += 1
            if page.evaluate("document.documentElement.scrollWidth") > width:
                self.wide.append(f"{name} at {width}")
        page.set_viewport_size({"width": 1280, "height": 800})

    def office(self, *pictures: str, **item: object) -> Office:
        """An office where one item waits, if there is anything in it."""
        office = self.respite.office()
        if pictures or item:
            office.waits_until(office.submits(*pictures, **item)["id"], "waiting")
        return office

    def moderator(self, office: Office) -> Moderator:
        return sits(self.browser, office.address).signs_in(office.usernames[0])


def signing_in(studio: Studio) -> None:
    visitor = sits(studio.browser, studio.respite.address)
    visitor.page.goto(f"{visitor.address}/accounts/login/")
    studio.takes(visitor, "sign-in")
    visitor.page.get_by_label("Name").fill("nobody")
    visitor.page.get_by_label("Password").fill("wrong password")
    visitor.page.get_by_role("button", name="Sign in").click()
    studio.takes(visitor, "sign-in-refused")


def answers_with(html: str) -> Callable[[Route], None]:
    """Return what plays the server for one address."""

    def answers(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html")

    return answers


def problems(studio: Studio) -> None:
    visitor = sits(studio.browser, studio.respite.address)
    visitor.page.goto(f"{visitor.address}/nothing/here")
    studio.takes(visitor, "problem-404")
    for name in RENDERED:
        html = studio.respite.manage(
            f"from django.template.loader import render_to_string as render; print(render('{name}.html'))"
        )
        visitor.page.route(f"**/problem/{name}", answers_with(html))
        visitor.page.goto(f"{visitor.address}/problem/{name}")
        studio.takes(visitor, f"problem-{name}")


def waiting(studio: Studio) -> None:
    office = studio.office()
    alice = studio.moderator(office)
    studio.takes(alice, "desk-off")
    alice.starts().reads("Nothing is waiting for you.")
    studio.takes(alice, "desk-waiting")
    office.submits("rocket.jpg", category="ACCIDENT", language="fr", text=FRENCH)
    alice.reads("A case is ready. Enter shows it.")
    studio.takes(alice, "desk-arrived")


def looking(studio: Studio) -> None:
    reports = [
        {"source": "user", "reason": "accident, blood"},
        {"source": "user", "reason": "my kid saw this"},
    ]
    office = studio.office("rocket.jpg", category="ACCIDENT", language="fr", text=FRENCH, reports=reports)
    alice = studio.moderator(office)
    alice.starts().sees("shielded")
    studio.takes(alice, "desk-shielded")
    alice.presses("g").sees("grey")
    studio.takes(alice, "desk-grey")
    alice.page.locator("#others-here > summary").click()
    studio.takes(alice, "desk-others")
    alice.page.locator("#others-here > summary").click()
    alice.presses("c").sees("colour").presses("c")
    studio.takes(alice, "desk-colour")
    alice.presses("d").sees("shielded").presses("t").reads("sûr")
    studio.takes(alice, "desk-unfolded")
    alice.presses("Escape").sees("covered")
    studio.takes(alice, "desk-covered")


def deciding(studio: Studio) -> None:
    office = studio.office("china.jpg", category="VIO_ASSAULT", language="en")
    office.waits_until(office.submits("coffee.png", category="SPAM_FRAUD")["id"], "waiting")
    alice = studio.moderator(office)
    alice.starts().sees("shielded")
    alice.page.wait_for_timeout(450)
    alice.presses("Enter").reads("Choose what it is and what should happen first.")
    studio.takes(alice, "desk-choose-first")
    alice.presses("/")
    studio.takes(alice, "desk-all-categories")
    alice.presses("/").presses("w")
    studio.takes(alice, "desk-worse")
    alice.page.keyboard.press("Tab")
    alice.page.locator("#worse > summary").click()
    alice.page.locator(".purpose > summary").click()
    studio.takes(alice, "desk-guidance")
    alice.page.locator(".purpose > summary").click()
    alice.page.get_by_role("radio").first.check()
    alice.page.get_by_role("radio", name="Restrict").check()
    alice.page.get_by_label("Why, for the author").fill("Two people fight; faces can be recognised.")
    alice.reads(re.compile(r"saved \d\d:\d\d"))
    studio.takes(alice, "desk-chosen")
    alice.page.get_by_role("button", name="Decide").click()
    alice.reads("Sent.")
    studio.takes(alice, "desk-sent")


def reading(studio: Studio) -> None:
    context = {
        "thread": [{"author": "sam", "text": "Who let them in?"}, {"author": "lee", "text": "Stop it."}]
    }
    office = studio.office(category="HATE", language="en", text=HATE, context=context)
    alice = studio.moderator(office)
    alice.starts().reads("Text folded")
    studio.takes(alice, "desk-text-folded")
    alice.presses("t").reads("sent back")
    studio.takes(alice, "desk-text-unfolded")


def losing(studio: Studio) -> None:
    office = studio.office("coffee.png", category="GORE")
    alice = studio.moderator(office)
    alice.starts().sees("shielded")
    alice.page.get_by_label("Why, for the author").fill("A wound is shown without need.")
    alice.reads(re.compile(r"saved \d\d:\d\d"))
    alice.context.set_offline(True)
    alice.reads("The line is down.")
    studio.takes(alice, "desk-offline")
    alice.page.get_by_role("radio").first.check()
    alice.page.get_by_role("radio", name="Remove").check()
    alice.page.get_by_role("button", name="Decide").click()
    alice.reads("Your decision is not sent yet.")
    studio.takes(alice, "desk-unsent")
    studio.respite.manage(
        "from django.utils import timezone; from queues.models import Claim; from queues.services import desk; "
        "claim = Claim.objects.filter(state='live').latest('claimed_at'); "
        "desk.sign_out(subject=claim.subject, at=timezone.now())"
    )
    alice.context.set_offline(False)
    alice.reads("This case is not in your hands any more.")
    studio.takes(alice, "desk-claim-lost")


def resting(studio: Studio) -> None:
    office = studio.office("chelsea.png", category="ANIMAL")
    alice = studio.moderator(office)
    alice.starts().sees("shielded").presses("g").sees("grey")
    studio.respite.tightens(office, "work_seconds", 100)
    alice.reads("A break comes at")
    studio.takes(alice, "desk-break-coming")
    studio.respite.tightens(office, "work_seconds", 1)
    alice.reads("A break is due.")
    studio.takes(alice, "desk-break-due")
    alice.page.get_by_role("button", name="Skip").click()
    alice.page.wait_for_url("**/break/")
    studio.takes(alice, "break")
    alice.page.get_by_role("button", name="I am back").click()
    alice.reads("Not yet.")
    studio.takes(alice, "break-not-yet")
    alice.page.goto(f"{alice.address}/break/?longer=1")
    studio.takes(alice, "break-longer")
    alice.page.goto(f"{alice.address}/talk/")
    studio.takes(alice, "talk")


def stepping_away(studio: Studio) -> None:
    office = studio.office("chelsea.png", category="ANIMAL")
    alice = studio.moderator(office)
    alice.starts().sees("shielded").presses("Shift+B")
    alice.page.wait_for_url("**/break/")
    studio.takes(alice, "step-away")
    alice.page.get_by_role("button", name="I am back").click()
    alice.is_ready().sees("shielded")
    alice.page.get_by_role("button", name="This was too much").click()
    alice.page.wait_for_url("**/break/")
    studio.takes(alice, "too-much")


def reaching_a_limit(studio: Studio) -> None:
    office = studio.office("chelsea.png", category="ANIMAL")
    alice = studio.moderator(office)
    alice.starts().sees("shielded").presses("g").sees("grey")
    studio.respite.tightens(office, "seconds_3", 1)
    alice.reads("Severity 3 and up is done until")
    studio.takes(alice, "desk-limit-reached")
    alice.page.get_by_role("button", name="Skip").click()
    alice.reads("Nothing that may come to you now is waiting.")
    studio.takes(alice, "desk-waiting-mild")
    alice.page.goto(f"{alice.address}/my-day/")
    expect(alice.page.get_by_role("heading", name="My day")).to_be_visible()
    alice.page.locator("details").evaluate_all("folds => folds.forEach(fold => { fold.open = true })")
    studio.takes(alice, "my-day")


SCENES: tuple[Callable[[Studio], None], ...] = (
    signing_in,
    problems,
    waiting,
    looking,
    deciding,
    reading,
    losing,
    resting,
    stepping_away,
    reaching_a_limit,
    telling_of_days,
    living,
    documentation,
    operating,
    leading,
    planning,
    guarding,
    caring,
    saying_rules,
)


def main(wanted: tuple[str, ...]) -> int:
    """Take every state, or those whose names begin with one of *wanted*; return the exit code."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("No Chromium is found on PATH.", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="respite-screenshots-") as folder,
        running(Path(folder)) as respite,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        studio = Studio(respite, browser, wanted)
        for scene in SCENES:
            scene(studio)
        browser.close()
    print(f"{studio.taken} pictures in {FOLDER.relative_to(ROOT)}/")
    for name in studio.wide:
        print(f"wider than the window: {name}", file=sys.stderr)
    return 1 if studio.wide else 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
