"""One full day for all tests of a module: making it takes longer than most of what is asked about it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.promises.team_with_a_day import Day, a_full_day


@pytest.fixture(scope="module")
def one_day(django_db_setup: None, django_db_blocker: Any) -> Iterator[Day]:
    """Make the day in a transaction that is rolled back after the module's last test.

    Every test has a savepoint in it, so that what it writes is gone before the next. No test of such a module may commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_full_day(timezone.now())
        transaction.set_rollback(True)


@pytest.fixture
def whole_day(one_day: Day, db: None, settings: Any, tmp_path: Path) -> Day:
    """The day, with a media folder of this test alone, and lists of ids that it may add to."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return replace(one_day, ids={name: list(ids) for name, ids in one_day.ids.items()})


@pytest.fixture
def day(whole_day: Day) -> Day:
    """The day, with one id of each kind; every id is walked for P7."""
    return replace(whole_day, ids={name: ids[:1] for name, ids in whole_day.ids.items()})
