"""Pictures of what is planned: shifts, as the person and the lead see them, presets, and a value for one person."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from tests.browser.colleague import Colleague, comes

if TYPE_CHECKING:
    from scripts.screenshots import Studio


def planning(studio: Studio) -> None:
    """A week that alice plans, what dana plans for her and what she may not, and a preset before it is chosen."""
    office = studio.respite.office(
        zone="Europe/Brussels", colleagues={"dana": "lead"}, people=["alice", "amina"]
    )
    alice = comes(studio.browser, office.address).signs_in(office.usernames[0])
    dana = comes(studio.browser, office.address).signs_in(office.username("dana"))
    studio.takes(alice.opens("/my-shifts/"), "my-shifts-empty")
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=7 - today.weekday())
    _plans(alice, monday, "09:00", "17:00", "Monday", "Tuesday", "Thursday")
    dana.opens("/lead/shifts/")
    _plans(dana, monday + timedelta(days=4), "13:00", "21:00")
    studio.takes(alice.opens("/my-shifts/"), "my-shifts")
    _plans(alice, monday, "17:30", "22:00")
    studio.takes(alice, "my-shifts-refused")
    studio.takes(dana.opens("/lead/shifts/"), "lead-shifts")
    _plans(dana, monday + timedelta(days=6), "20:00", "02:00")
    studio.takes(dana, "lead-shifts-refused")
    studio.takes(dana.opens("/lead/presets/"), "lead-presets")
    studio.takes(dana.opens("/lead/presets/starter/"), "lead-presets-review")
    studio.takes(dana.opens("/lead/presets/specialist/"), "lead-presets-refused")
    _tightens(dana)
    studio.takes(dana, "lead-person-set")
    alice.opens("/my-day/").page.get_by_label("Limit", exact=True).select_option("seconds_1")
    alice.types("Value, in what the limit counts", "120").clicks("Set for myself")
    studio.takes(alice.opens("/my-day/#set-for-me").reads("Set for you"), "my-limits")


def _tightens(dana: Colleague) -> None:
    """Set a tighter value for alice, and ask her for a looser one."""
    dana.opens("/lead/people/").follows("Alice").page.get_by_label("Limit").select_option("seconds_3")
    dana.types("Value", "60").types("Why", "As we said on Monday.").clicks("Set it")
    asking = dana.page.locator("form[action$='/ask/']")
    asking.get_by_label("Limit").select_option("seconds_3")
    asking.get_by_label("Value").fill("90")
    asking.get_by_label("Why").fill("A month is over.")
    asking.get_by_role("button", name="Ask").click()


def _plans(colleague: Colleague, on: date, begins: str, ends: str, *weekdays: str) -> None:
    page = colleague.page
    page.get_by_label("First day").fill(on.isoformat())
    page.get_by_label("From").fill(begins)
    page.get_by_label("Until").fill(ends)
    for weekday in weekdays:
        page.get_by_label(weekday).check()
    colleague.clicks("Plan it")
