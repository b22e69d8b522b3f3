"""A nudge brings an entry to a worker sooner. It is sent after the commit, may be lost, and may come twice.

Seen red without ``on_commit`` (told of what was rolled back), without the lease in ``lease_entry`` (run twice), and
without the thread that keeps the lease.
"""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from outbox.kinds import Handler, Work
from outbox.models import OutboxEntry, OutboxState
from outbox.services import finish, lease_entry, promise, running
from outbox.services.running import run_entry
from tests.cast import T0
from tests.outbox.steps import Clock, Diary, at_once, fails, leased, promised, quiet

HEARD: list[tuple[int, str]] = []
NOTE = {"note": Handler(run=lambda _work: None)}


def hear(*, entry_id: int, kind: str) -> bool:
    HEARD.append((entry_id, kind))
    return True


def break_down(*, entry_id: int, kind: str) -> bool:
    raise ConnectionError


@pytest.fixture(autouse=True)
def somebody_listens(settings) -> None:
    HEARD.clear()
    settings.OUTBOX_NUDGE = f"{__name__}.hear"


class TestSending:
    @pytest.mark.django_db(transaction=True)
    def test_a_promise_is_told_once_it_is_committed(self) -> None:
        with transaction.atomic():
            entry = promised()
            assert HEARD == []
        assert [(entry.pk, "note")] == HEARD

    @pytest.mark.django_db(transaction=True)
    def test_a_promise_that_was_rolled_back_is_told_to_nobody(self) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
            promised()
            raise ZeroDivisionError
        assert HEARD == []

    @pytest.mark.django_db(transaction=True)
    def test_what_is_not_due_yet_is_told_to_nobody(self) -> None:
        promise(kind="note", arguments={}, at=T0, run_after=T0 + timedelta(seconds=1))
        assert HEARD == []

    @pytest.mark.django_db(transaction=True)
    def test_a_nudge_that_fails_takes_nothing_back(self, settings) -> None:
        settings.OUTBOX_NUDGE = f"{__name__}.break_down"
        assert OutboxEntry.objects.get(pk=promised().pk).state == OutboxState.PENDING


@pytest.mark.django_db
class TestRunning:
    def test_the_named_entry_is_run_and_no_other(self) -> None:
        diary, first, second = Diary(), promised(), promised()
        assert run_entry(entry_id=second.pk, handlers={"note": Handler(run=diary.run)}, around=quiet())
        assert diary.entry_ids == [second.pk]
        first.refresh_from_db()
        assert first.state == OutboxState.PENDING

    def test_a_second_nudge_finds_nothing_to_do(self) -> None:
        diary, entry = Diary(), promised()
        handlers = {"note": Handler(run=diary.run)}
        assert run_entry(entry_id=entry.pk, handlers=handlers, around=quiet())
        assert not run_entry(entry_id=entry.pk, handlers=handlers, around=quiet())
        assert len(diary.works) == 1

    def test_what_another_has_in_hand_is_left_to_it(self) -> None:
        entry = promised()
        taken = leased(NOTE)
        assert not lease_entry(entry_id=entry.pk, handlers=NOTE, at=T0)
        assert finish(leased=taken, at=T0)

    def test_what_is_not_due_yet_waits_for_the_sweeper(self) -> None:
        entry = promise(kind="note", arguments={}, at=T0, run_after=T0 + timedelta(seconds=1))
        assert not lease_entry(entry_id=entry.pk, handlers=NOTE, at=T0)

    def test_what_failed_comes_again_by_its_schedule(self) -> None:
        entry = promised()
        assert run_entry(entry_id=entry.pk, handlers={"note": Handler(run=fails)}, around=quiet())
        entry.refresh_from_db()
        assert (entry.state, entry.run_after > T0) == (OutboxState.PENDING, True)

    def test_an_entry_that_nobody_promised_is_no_error(self) -> None:
        assert not run_entry(entry_id=0, handlers=NOTE, around=quiet())


@pytest.mark.django_db(transaction=True)
def test_eight_nudges_at_once_run_it_once() -> None:
    diary, entry = Diary(), promised()
    handlers = {"note": Handler(run=diary.run)}
    results = at_once(*[lambda: run_entry(entry_id=entry.pk, handlers=handlers, around=quiet())] * 8)
    assert sorted(results, key=str) == [False] * 7 + [True]
    assert len(diary.works) == 1


@pytest.mark.django_db(transaction=True)
def test_long_work_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "RENEW_EVERY", timedelta(milliseconds=10))
    clock, entry, renewed = Clock(), promised(), threading.Event()

    def long(_work: Work) -> None:
        clock.move(timedelta(seconds=20))
        for _look in range(1_000):
            entry.refresh_from_db()
            if entry.lease_until == clock.at + timedelta(seconds=30):
                renewed.set()
                return
            renewed.wait(0.01)

    handlers = {"note": Handler(run=long, lease=timedelta(minutes=5))}
    assert run_entry(entry_id=entry.pk, handlers=handlers, around=quiet(clock))
    assert renewed.is_set()
    connection.close()
