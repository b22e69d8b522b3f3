"""What a page's policy forbids does not run, and a real browser reports it to us."""

import httpx
import pytest
from playwright.sync_api import Browser

from tests.browser.respite import Installation, until
from tests.faults.house import PLAIN

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

INLINE = """() => {
  const script = document.createElement("script");
  script.textContent = "window.ran = true";
  document.body.append(script);
}"""


def test_an_inline_script_does_not_run_and_is_counted(respite: Installation, chromium: Browser) -> None:
    def reported() -> int:
        told: int = httpx.get(f"{respite.address}/readyz", **PLAIN).json()["policy_reports_7_days"]
        return told

    before = reported()
    page = chromium.new_page()
    page.goto(f"{respite.address}/accounts/login/")
    page.evaluate(INLINE)
    assert page.evaluate("window.ran") is None
    until(lambda: reported() == before + 1, "a report")
