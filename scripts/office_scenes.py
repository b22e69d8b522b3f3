"""Pictures of what is not the desk: leads, the safeguard, the operator, the second factor, the interface's documentation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from typing import TYPE_CHECKING

from tests.browser.colleague import comes
from tests.browser.desk import Moderator, sits
from tests.browser.office import PASSWORD

if TYPE_CHECKING:
    from scripts.screenshots import Studio
    from tests.browser.colleague import Colleague
    from tests.browser.respite import Office

SIX = ("alice", "amina", "bilal", "carmen", "hugo", "ines")
OPERATOR = (
    "from django.utils import timezone; from people.services.accounts import create_user; "
    "create_user(username='olga', password={password!r}, roles=['operator'], actor='system', at=timezone.now(), "
    "display_name='Olga', password_is_theirs=True)"
)

SET_ANEW = "from people.models import User; User.objects.filter(username='{username}').update(email='a@else.example')"


def six_digits(secret: str, seconds: float) -> str:
    """Return what an authenticator shows for a base32 secret at this time (RFC 6238)."""
    padded = secret.strip().upper() + "=" * (-len(secret.strip()) % 8)
    digest = hmac.digest(base64.b32decode(padded), struct.pack(">Q", int(seconds // 30)), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def documentation(studio: Studio) -> None:
    """The page for those who write a client."""
    reader = sits(studio.browser, studio.respite.address)
    reader.page.goto(f"{reader.address}/api/v1/docs")
    studio.takes(reader, "api-docs")


def operating(studio: Studio) -> None:
    """An operator's first sign-in, and each page that follows."""
    studio.office()
    studio.respite.manage(OPERATOR.format(password=PASSWORD))
    olga = sits(studio.browser, studio.respite.address)
    signs_in_with_a_second_factor(studio, olga)
    for name in ("people", "invite", "platforms"):
        olga.page.goto(f"{olga.address}/people/{'' if name == 'people' else name + '/'}")
        studio.takes(olga, f"operator-{name}")
    olga.page.goto(f"{olga.address}/people/")
    olga.page.get_by_role("link", name="Alice").first.click()
    studio.takes(olga, "operator-person")
    olga.page.goto(f"{olga.page.url.rstrip('/')}/leaving/")
    studio.takes(olga, "operator-leaving")
    olga.page.goto(f"{olga.page.url.removesuffix('leaving/')}factor/")
    studio.takes(olga, "operator-factor-lost")


def signs_in_with_a_second_factor(studio: Studio, olga: Moderator) -> None:
    """Enrol as anybody would: the secret of the page, the digits of an authenticator."""
    page = olga.page
    page.goto(f"{olga.address}/accounts/login/")
    page.get_by_label("Name").fill("olga")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    secret = page.get_by_label("Or type this secret")
    studio.takes(olga, "second-factor")
    page.get_by_label("The six digits").fill(six_digits(secret.input_value(), time.time()))
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_load_state()
    studio.takes(olga, "second-factor-set")


def leading(studio: Studio) -> None:
    """A lead's pages, from an empty board to a history."""
    office = studio.respite.office(colleagues={"dana": "lead"}, people=list(SIX))
    office.waits_until(office.submits("chelsea.png", category="ANIMAL")["id"], "waiting")
    dana = comes(studio.browser, office.address).signs_in(office.username("dana"))
    for name, path in (
        ("board", ""),
        ("new-queue", "queues/new/"),
        ("limits", "limits/"),
        ("team", "people/"),
    ):
        studio.takes(dana.opens(f"/lead/{path}"), f"lead-{name}")
    studio.takes(dana.follows("Alice"), "lead-person")
    dana.opens("/lead/queues/new/").types("Name", "Profile pictures").clicks("Make the draft")
    studio.takes(dana, "lead-queue-draft")
    studio.takes(dana.opens("/lead/").follows("Reports"), "lead-queue")
    dana.opens("/lead/limits/").types("Minutes at severity 3 and up", "600").clicks("See what changes")
    studio.takes(dana, "lead-limits-refused")
    studio.respite.tightens(office, "seconds_4", 600)
    dana.opens("/lead/limits/").types("Minutes at severity 3 and up", "60").types(
        "Minutes at severity 4", "20"
    )
    studio.takes(dana.clicks("See what changes"), "lead-limits-review")
    studio.takes(dana.opens("/lead/history/"), "lead-history")


def guarding(studio: Studio) -> None:
    """The safeguard, a proposal as its two people see it, and the officer's empty list."""
    office = studio.respite.office(colleagues={"wim": "wellbeing_officer", "rosa": "representative"})
    wim = comes(studio.browser, office.address).signs_in(office.username("wim"))
    for name, path in (
        ("questions", "/questions/"),
        ("safeguard", "/safeguard/"),
        ("safeguard-category", "/safeguard/change/category/GORE/"),
        ("safeguard-ceiling", "/safeguard/change/ceiling/seconds_3/"),
    ):
        studio.takes(wim.opens(path), name)
    studio.takes(
        wim.types("Allowed", "130").types("Why", "The election month.").clicks("Propose it"), "proposal-own"
    )
    rosa = comes(studio.browser, office.address).signs_in(office.username("rosa"))
    rosa.opens("/safeguard/").follows("Minutes at severity 3 and up")
    studio.takes(rosa, "proposal")
    studio.takes(rosa.clicks("Sign it as the second person"), "proposal-signed")
    confirming(studio, office, wim)


def confirming(studio: Studio, office: Office, wim: Colleague) -> None:
    """A sign-in that somebody else set anew, for its person and for those who confirm."""
    studio.respite.manage(SET_ANEW.format(username=office.usernames[0]))
    alice = comes(studio.browser, office.address).signs_in(office.usernames[0])
    studio.takes(alice.opens("/my-day/"), "my-day-closed")
    studio.takes(alice.opens("/people/sign-in/"), "my-sign-in")
    studio.takes(wim.opens("/safeguard/sign-ins/"), "sign-ins")
    studio.takes(wim.follows("Alice"), "sign-in-to-confirm")
