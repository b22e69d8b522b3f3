"""Pictures of what the rules say: breaks and what is said of them, what a step costs, other paid work, a counsellor's contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.browser.colleague import Colleague, comes

if TYPE_CHECKING:
    from scripts.screenshots import Studio
    from tests.browser.respite import Office

RESTS: Final = """
from django.utils import timezone
from people.models import User
from wellbeing.models import Break
subject = User.objects.get(username={username!r}).subject.pk
now = timezone.now()
Break.objects.filter(subject=subject).exclude(state='over').update(state='over', over_at=now)
Break.objects.create(subject=subject, cause={cause!r}, state='running', length_ms={minutes} * 60_000, due_at=now, started_at=now,
    ticked_at=now, with_work={with_work}, is_third={is_third})
"""
OVER: Final = """
from django.utils import timezone
from people.models import User
from wellbeing.models import Break
subject = User.objects.get(username={username!r}).subject.pk
Break.objects.filter(subject=subject).exclude(state='over').update(state='over', over_at=timezone.now())
"""
COUNTED: Final = """
from people.models import User
from wellbeing.models import PersonState
subject = User.objects.get(username={username!r}).subject.pk
PersonState.objects.filter(subject=subject).update({counted})
"""
MINUTE: Final = 60_000
KEPT: Final = (
    ("work", 10, False, False),
    ("extreme", 15, False, True),
    ("colour", 10, True, False),
    ("cluster", 15, False, False),
    ("load", 10, False, False),
)
"""Cause, minutes, whether it is the desk's break as well, whether it is the third."""


def saying_rules(studio: Studio) -> None:
    """What people, their lead and the officer read of breaks, costs, other paid work and the contract."""
    office = studio.respite.office(
        people=["alice", "amina"],
        colleagues={"dana": "lead", "wim": "wellbeing_officer", "willa": "wellbeing_officer"},
    )
    alice = comes(studio.browser, office.address).signs_in(office.usernames[0])
    dana = comes(studio.browser, office.address).signs_in(office.username("dana"))
    wim = comes(studio.browser, office.address).signs_in(office.username("wim"))
    _announced(studio, alice)
    _breaks(studio, office, alice)
    _costs(studio, office, alice)
    _other_work(studio, alice, dana)
    _contract(studio, dana, wim)


def _announced(studio: Studio, alice: Colleague) -> None:
    studio.takes(alice.opens("/desk/"), "rules-desk-announced")
    alice.page.get_by_role("button", name="Start").click()
    alice.reads("Waiting is working time.")


def _breaks(studio: Studio, office: Office, alice: Colleague) -> None:
    username = office.usernames[0]
    for cause, minutes, with_work, is_third in KEPT:
        studio.respite.manage(
            RESTS.format(
                username=username, cause=cause, minutes=minutes, with_work=with_work, is_third=is_third
            )
        )
        studio.takes(alice.opens("/break/"), f"rules-break-{cause}")
    studio.respite.manage(OVER.format(username=username))
    _counts(studio, username, work_ms=49 * MINUTE, since_rest_ms=49 * MINUTE)
    studio.takes(alice.opens("/desk/").reads("A break comes at"), "rules-waiting-break-near")


def _costs(studio: Studio, office: Office, alice: Colleague) -> None:
    username = office.usernames[0]
    _counts(studio, username, work_ms=0, severe_ms=0)
    office.waits_until(office.submits("rocket.jpg", category="VIO_KILL", text="A caption.")["id"], "waiting")
    alice.opens("/desk/").reads("A case is ready. Enter shows it.").page.wait_for_selector("html[data-ready]")
    alice.page.wait_for_timeout(500)  # Enter is deaf in a case's first moments
    alice.page.keyboard.press("Enter")
    studio.takes(alice.reads("a rest of 3 min follows"), "rules-desk-severity-4")
    _counts(studio, username, extreme_ms=9 * MINUTE)
    studio.takes(alice.opens("/desk/").reads("after this case or the next"), "rules-desk-block-near")
    studio.respite.tightens(office, "seconds_3", 0)
    studio.takes(alice.opens("/desk/"), "rules-desk-closed")
    studio.takes(alice.opens("/my-day/"), "rules-my-day-closed")


def _other_work(studio: Studio, alice: Colleague, dana: Colleague) -> None:
    studio.takes(dana.opens("/lead/other-work/"), "rules-lead-other-work")
    dana.page.get_by_label("Training").check()
    dana.clicks("Save")
    studio.takes(dana, "rules-lead-other-work-why")
    dana.types("How you know", "Slides of our own, without examples.").clicks("Save")
    dana.is_told("Saved.")
    studio.takes(dana.opens("/lead/history/"), "rules-lead-history")
    alice.opens("/desk/")
    alice.page.locator("button[name=activity][value=training]").first.evaluate("one => one.click()")
    studio.takes(alice.reads("Nothing is handed to you meanwhile."), "rules-other-work-content")
    alice.page.locator("button[name=activity][value=nothing]").first.click()
    studio.takes(alice.reads("counts as time away"), "rules-other-work-without")


def _contract(studio: Studio, dana: Colleague, wim: Colleague) -> None:
    studio.takes(dana.opens("/lead/presets/"), "rules-presets")
    studio.takes(dana.opens("/lead/presets/specialist/"), "rules-presets-specialist")
    studio.takes(wim.opens("/officer/contracts/"), "rules-contracts-empty")
    wim.types("With whom", "Practice Adler and Partners")
    wim.page.get_by_label("First day").fill("2026-01-01")
    wim.page.get_by_label("Last day").fill("2026-02-01")
    wim.clicks("Put it on record")
    studio.takes(wim, "rules-contracts-refused")
    wim.page.get_by_label("Last day").fill("2027-03-31")
    wim.clicks("Put it on record")
    wim.is_told("It is on record")
    studio.takes(wim, "rules-contracts")
    studio.takes(wim.opens("/officer/"), "rules-officer")
    studio.takes(wim.opens("/safeguard/"), "rules-safeguard")


def _counts(studio: Studio, username: str, **counted: int) -> None:
    told = ", ".join(f"{name}={value}" for name, value in counted.items())
    studio.respite.manage(COUNTED.format(username=username, counted=told))
