"""Pictures of what is not the desk: the operator's pages, the second factor, and the interface's documentation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from typing import TYPE_CHECKING

from tests.browser.desk import Moderator, sits
from tests.browser.office import PASSWORD

if TYPE_CHECKING:
    from scripts.screenshots import Studio

OPERATOR = (
    "from django.utils import timezone; from people.services.accounts import create_user; "
    "create_user(username='olga', password={password!r}, roles=['operator'], actor='system', at=timezone.now(), "
    "display_name='Olga')"
)


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
