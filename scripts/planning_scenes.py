"""Pictures of what is planned: shifts, as the person and the lead see them, and the presets of a team."""

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


def _plans(colleague: Colleague, on: date, begins: str, ends: str, *weekdays: str) -> None:
    page = colleague.page
    page.get_by_label("First day").fill(on.isoformat())
    page.get_by_label("From").fill(begins)
    page.get_by_label("Until").fill(ends)
    for weekday in weekdays:
        page.get_by_label(weekday).check()
    colleague.clicks("Plan it")
