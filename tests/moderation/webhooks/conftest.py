from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.moderation.webhooks.sink import LOOPBACK, Sink, a_sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    with a_sink() as running:
        yield running


@pytest.fixture
def loopback_allowed(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW_NETWORKS = LOOPBACK
