"""Pictures of the wellbeing officer's pages, with a few weeks behind them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.browser.colleague import Colleague, comes

if TYPE_CHECKING:
    from scripts.screenshots import Studio

WEEKS = """
from datetime import date, datetime, timedelta
from django.utils import timezone
from people.models import Organisation, User
from people.selectors import subject_of
from wellbeing.models import DaySum, LoadFlag, Question
at = timezone.now()
Organisation.objects.update(created_at=at - timedelta(days=175))
alice, amina, bilal = (subject_of(User.objects.get(username=f'{{name}}-{office}')) for name in ('alice', 'amina', 'bilal'))
for ago in (0, 1, 2, 3, 6, 7, 8, 9, 13, 14, 20):
    for severity, seconds, cases in ((1, 1800 + 97 * ago, 14), (2, 2400 - 31 * ago, 21), (3, 1500 + 41 * ago, 9), (4, 240, 2)):
        DaySum.objects.create(subject=alice, local_date=at.date() - timedelta(days=ago), severity=severity,
            shown_ms=seconds * 1000, cases=cases, load_units=1)
streak = {{'loads': '171.5, 188.0, 164.2, 192.4', 'days': 4, 'least': 160}}
rise = {{'week': '412.0', 'percent': 150, 'mean': '240.5', 'least': 240}}
LoadFlag.objects.create(subject=alice, code='HEAVY_STREAK', level='red', local_date=at.date(), figures=streak, raised_at=at, red_at=at)
LoadFlag.objects.create(subject=amina, code='RAPID_RISE', level='amber', local_date=at.date(), figures=rise, raised_at=at)
LoadFlag.objects.create(subject=bilal, code='SEV4_STREAK', level='amber', local_date=at.date() - timedelta(days=1),
    figures={{'days': 3, 'asked': 3}}, raised_at=at - timedelta(days=1))
for who, hours in ((alice, 30), (amina, -3)):
    Question.objects.create(subject=who, about='limit', about_ref='1', words='Could somebody look at this?',
        asked_at=at - timedelta(hours=48 - hours), due_at=at + timedelta(hours=hours))
"""


def caring(studio: Studio) -> None:
    """What waits, a flag answered by one officer and then by another, a record, outside lines, the review."""
    office = studio.respite.office(
        people=["alice", "amina", "bilal", "carmen", "hugo"],
        colleagues={"wim": "wellbeing_officer", "willa": "wellbeing_officer", "rosa": "representative"},
    )
    wim = comes(studio.browser, office.address).signs_in(office.username("wim"))
    studio.takes(wim.opens("/officer/contacts/"), "officer-contacts-empty")
    studio.respite.manage(WEEKS.format(office=office.username("alice").partition("-")[2]))
    studio.takes(wim.opens("/officer/"), "officer-page")
    wim.page.locator("#requests + ul a").first.click()
    studio.takes(wim, "officer-question")
    studio.takes(wim.opens("/officer/flags/"), "officer-flags")
    wim.page.get_by_role("link", name=re.compile("Heavy worked days")).first.click()
    studio.takes(wim, "officer-flag")
    _answers(studio, wim)
    record = wim.page.get_by_role("link", name="Alice", exact=True).get_attribute("href") or ""
    studio.takes(wim.opens("/officer/people/"), "officer-people")
    wim.opens(record).page.locator("summary").click()
    studio.takes(wim, "officer-person")
    _adds_a_line(wim)
    studio.takes(wim, "officer-contacts")
    wim.page.get_by_role("link", name="Change A line for those who look").click()
    studio.takes(wim, "officer-contact")
    studio.takes(wim.opens("/reviews/"), "reviews")
    wim.page.get_by_label("Held on").fill("2099-01-01")
    wim.types("What was looked at, and what came of it", "Every limit, with the whole team.")
    studio.takes(wim.clicks("Write it down"), "reviews-refused")
    rosa = comes(studio.browser, office.address).signs_in(office.username("rosa"))
    studio.takes(rosa.opens("/safeguard/"), "safeguard-review-due")
    wim.page.get_by_label("Held on").fill(datetime.now(UTC).date().isoformat())
    studio.takes(wim.clicks("Write it down").reads("Waits for Rosa"), "reviews-waits")
    studio.takes(rosa.opens("/reviews/"), "reviews-named")
    studio.takes(rosa.clicks("Sign it as the second person").reads("Wim and Rosa"), "reviews-recorded")


def _answers(studio: Studio, wim: Colleague) -> None:
    """Order a rest day that lies in the past, and then one that does not."""
    page = wim.page
    page.get_by_role("radio", name="Rest day").check()
    page.get_by_label("First day, or the rest day").fill("2020-01-01")
    wim.types("In words", "You asked for a day without cases.").clicks("Write it down")
    studio.takes(wim, "officer-flag-refused")
    page.get_by_role("radio", name="Contact").check()
    page.get_by_label("First day, or the rest day").fill("")
    studio.takes(wim.clicks("Write it down"), "officer-flag-answered")


def _adds_a_line(wim: Colleague) -> None:
    wim.opens("/officer/contacts/")
    for label, text in (
        ("Name", "A line for those who look"),
        ("Country", "BE"),
        ("Phone", "+00 000 00 00"),
        ("Hours", "day and night"),
        ("Languages", "français, Nederlands, English"),
    ):
        wim.types(label, text)
    wim.clicks("Add it").reads("A line for those who look")
