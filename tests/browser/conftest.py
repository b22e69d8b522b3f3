"""A running Respite and a real Chromium, one of each per test process."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.respite import Installation, Sink, receiving, running

LEFT_OUT = [
    # Two pages that each window loads for its address bar, which nobody sees: most of what a new window costs.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # What Playwright leaves out by itself. The last list that the browser is told replaces all others.
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(LEFT_OUT)}",
]


@pytest.fixture(scope="session")
def respite(
    tmp_path_factory: pytest.TempPathFactory, moved_in: Callable[[Path], Path]
) -> Iterator[Installation]:
    with running(moved_in(tmp_path_factory.mktemp("respite"))) as installation:
        yield installation


# Not for the session: its driver keeps an event loop running, under which Django refuses every other test's queries.
@pytest.fixture(scope="package")
def running_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def chromium(running_chromium: Browser) -> Iterator[Browser]:
    """Yield it with no window open: the desks that a test leaves open would go on beating beside all that follow."""
    yield running_chromium
    for context in running_chromium.contexts:
        context.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with receiving() as sink:
        yield sink
