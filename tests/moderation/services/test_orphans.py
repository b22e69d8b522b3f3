"""Stored bytes without a row go after a day; everything else stays."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from moderation.media.store import BlobStore
from moderation.models import Blob
from moderation.services.orphans import collect_orphans
from tests.cast import T0

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def store(tmp_path: Path, settings: Settings) -> BlobStore:
    settings.MEDIA_ROOT = tmp_path
    return BlobStore(tmp_path)


def stored(store: BlobStore, content: bytes, at: datetime = T0) -> str:
    sha256 = store.put([content]).sha256
    os.utime(store.path(sha256), (at.timestamp(), at.timestamp()))
    return sha256


def test_bytes_without_a_row_go_after_a_day(store: BlobStore) -> None:
    sha256 = stored(store, b"orphan")
    assert collect_orphans(at=T0 + DAY) == 0
    assert collect_orphans(at=T0 + DAY + SECOND) == 1
    assert not store.exists(sha256)


def test_bytes_with_a_row_stay(store: BlobStore) -> None:
    sha256 = stored(store, b"kept")
    Blob.objects.create(sha256=sha256, size=4, format="png", stored_at=T0)
    assert collect_orphans(at=T0 + 30 * DAY) == 0
    assert store.exists(sha256)


def test_bytes_that_were_sent_again_are_young(store: BlobStore) -> None:
    sha256 = stored(store, b"twice")
    stored(store, b"twice", at=T0 + DAY)
    collect_orphans(at=T0 + DAY + SECOND)
    assert store.exists(sha256)


def test_what_a_crashed_writer_left_behind_goes_too(store: BlobStore) -> None:
    left = store.root / ".tmp-half"
    left.write_bytes(b"half")
    os.utime(left, (T0.timestamp(), T0.timestamp()))
    assert collect_orphans(at=T0 + DAY + SECOND) == 1
    assert not left.exists()
