"""Two platforms that call, and a media folder of this test alone."""

from pathlib import Path

import pytest

from moderation.api import limiting
from people.models import Platform
from queues.models import Queue
from tests import cast
from tests.moderation.api.caller import Caller, a_policy, a_secret


@pytest.fixture(autouse=True)
def media_root(tmp_path: Path, settings) -> Path:
    folder = tmp_path / "media"
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture(autouse=True)
def no_requests_yet() -> None:
    limiting.forget()


@pytest.fixture
def lumens_queue(photos: Queue) -> Queue:
    a_policy(photos)
    return photos


@pytest.fixture
def lumen_calls(lumen: Platform, lumens_queue: Queue) -> Caller:
    return Caller(a_secret(lumen))


@pytest.fixture
def other_calls(db: None) -> Caller:
    """Another platform, with a queue and a team of its own."""
    other = cast.a_platform("Umbra")
    a_policy(cast.a_queue(platform=other, team=cast.a_team("South")))
    return Caller(a_secret(other))
