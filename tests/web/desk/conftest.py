"""The desk's people, on the day the test runs, with a media folder of the test alone."""

from pathlib import Path

import pytest

from people.models import User
from queues.models import Queue
from tests.web.desk import scene


@pytest.fixture(autouse=True)
def media_root(tmp_path: Path, settings) -> Path:
    folder = tmp_path / "media"
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture
def alice(alice: User) -> User:
    return scene.works_today(alice)


@pytest.fixture
def amina(amina: User) -> User:
    return scene.works_today(amina)


@pytest.fixture
def charlie(charlie: User) -> User:
    return scene.works_today(charlie)


@pytest.fixture
def photos(photos: Queue) -> Queue:
    scene.a_policy(photos)
    return photos
