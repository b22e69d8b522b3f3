"""The puzzle: offered in long breaks alone, and nothing of it leaves the page.

Seen red without ``may_puzzle`` (it was offered in every break).
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

from people.models import User
from tests.web.desk.scene import a_break_is_due, sits_down

pytestmark = pytest.mark.django_db

SCRIPT = Path(settings.BASE_DIR) / "static/js/puzzle.js"


def test_a_long_break_offers_it(alice: User) -> None:
    page = sits_down(alice).press("too-much")
    assert 'href="/break/puzzle/"' in page.html
    page.get("/break/puzzle/")
    assert "it is not a treatment" in page.html
    assert 'id="puzzle"' in page.html


def test_a_short_one_and_no_break_do_not(alice: User) -> None:
    page = sits_down(alice)
    page.get("/break/puzzle/")
    assert page.path == "/desk/"
    a_break_is_due(alice)
    page.get("/desk/").press("next")
    page.get("/break/")
    assert page.path == "/break/"
    assert "/break/puzzle/" not in page.html
    page.get("/break/puzzle/")
    assert page.path == "/break/"


def test_its_script_sends_and_keeps_nothing() -> None:
    script = SCRIPT.read_text()
    assert re.findall(r"fetch\(([^,)]+)", script) == ['"/break/"']
    assert not re.search(
        r"POST|localStorage|sessionStorage|indexedDB|cookie|sendBeacon|score|Date\.now|performance", script
    )
