"""Real connections that race for the same rows, on both databases."""

from collections import Counter
from functools import partial

import pytest

from outbox.kinds import Handler
from outbox.models import OutboxEntry, OutboxState
from outbox.services.running import run_due
from tests.outbox.steps import Diary, at_once, promised, quiet

pytestmark = pytest.mark.django_db(transaction=True)


def test_workers_at_once_run_each_entry_once() -> None:
    entries = [promised() for _ in range(40)]
    diaries = [Diary() for _ in range(4)]
    counts = at_once(
        *(partial(run_due, handlers={"note": Handler(run=diary.run)}, around=quiet()) for diary in diaries)
    )
    assert sum(counts) == 40
    run = Counter(entry_id for diary in diaries for entry_id in diary.entry_ids)
    assert run == Counter(entry.pk for entry in entries)
    assert not OutboxEntry.objects.exclude(state=OutboxState.DONE).exists()
