"""A nudge brings a process to look sooner. It is sent after the commit, may be lost, and may come twice.

Seen red without ``on_commit`` (told of what was rolled back), and without the thread that keeps the lease.
"""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from outbox.kinds import Handler, Work
from outbox.models import OutboxEntry, OutboxState
from outbox.services import finish, promise, promise_all, running
from outbox.services.running import run_pool
from tests.cast import T0
from tests.outbox.steps import Clock, Diary, at_once, fails, leased, promised, quiet

HEARD: list[tuple[str, bool]] = []
NOTE = {"note": Handler(run=lambda _work: None)}


def hear(*, kind: str, is_due: bool) -> None:
    HEARD.append((kind, is_due))


def break_down(*, kind: str, is_due: bool) -> None:
    raise ConnectionError


@pytest.fixture(autouse=True)
def somebody_listens(settings) -> None:
    HEARD.clear()
    settings.OUTBOX_NUDGE = f"{__name__}.hear"


class TestSending:
    @pytest.mark.django_db(transaction=True)
    def test_a_promise_is_told_once_it_is_committed(self) -> None:
        with transaction.atomic():
            promised()
            assert HEARD == []
        assert HEARD == [("note", True)]

    @pytest.mark.django_db(transaction=True)
    def test_a_promise_that_was_rolled_back_is_told_to_nobody(self) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
            promised()
            raise ZeroDivisionError
        assert HEARD == []

    @pytest.mark.django_db(transaction=True)
    def test_what_is_due_before_anybody_looks_by_themselves_is_told_as_such(self) -> None:
        promise(kind="note", arguments={}, at=T0, run_after=T0 + timedelta(seconds=4.9))
        assert HEARD == [("note", False)]

    @pytest.mark.django_db(transaction=True)
    def test_what_is_due_later_is_told_to_nobody(self) -> None:
        promise(kind="note", arguments={}, at=T0, run_after=T0 + timedelta(seconds=5))
        assert HEARD == []

    @pytest.mark.django_db(transaction=True)
    def test_of_many_that_are_promised_together_each_is_told(self) -> None:
        """A pool takes as many in hand at once as it was told of."""
        promise_all(kind="note", arguments=[{}] * 3, at=T0)
        assert HEARD == [("note", True)] * 3

    @pytest.mark.django_db(transaction=True)
    def test_a_nudge_that_fails_takes_nothing_back(self, settings) -> None:
        settings.OUTBOX_NUDGE = f"{__name__}.break_down"
        assert OutboxEntry.objects.get(pk=promised().pk).state == OutboxState.PENDING


@pytest.mark.django_db
class TestRunning:
    def test_all_that_is_due_is_run(self) -> None:
        diary, first, second = Diary(), promised(), promised()
        assert not run_pool(handlers={"note": Handler(run=diary.run)}, around=quiet())
        assert diary.entry_ids == [first.pk, second.pk]

    def test_a_second_nudge_finds_nothing_to_do(self) -> None:
        diary = Diary()
        promised()
        for _nudge in range(2):
            assert not run_pool(handlers={"note": Handler(run=diary.run)}, around=quiet())
        assert len(diary.works) == 1

    def test_what_another_has_in_hand_is_left_to_it(self) -> None:
        promised()
        taken, diary = leased(NOTE), Diary()
        assert not run_pool(handlers={"note": Handler(run=diary.run)}, around=quiet())
        assert diary.works == []
        assert finish(leased=taken, at=T0)

    def test_what_is_not_due_yet_waits(self) -> None:
        diary = Diary()
        promise(kind="note", arguments={}, at=T0, run_after=T0 + timedelta(seconds=1))
        assert not run_pool(handlers={"note": Handler(run=diary.run)}, around=quiet())
        assert diary.works == []

    def test_what_failed_comes_again_by_its_schedule(self) -> None:
        entry = promised()
        run_pool(handlers={"note": Handler(run=fails)}, around=quiet())
        entry.refresh_from_db()
        assert (entry.state, entry.run_after > T0) == (OutboxState.PENDING, True)

    def test_what_is_more_than_a_turns_worth_is_left_to_the_next_and_said(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running, "TURN_SECONDS", 0.0)
        diary, _first, _second = Diary(), promised(), promised()
        handlers = {"note": Handler(run=diary.run)}
        assert run_pool(handlers=handlers, around=quiet())
        assert len(diary.works) == 1
        assert not run_pool(handlers=handlers, around=quiet())
        assert len(diary.works) == 2


@pytest.mark.django_db(transaction=True)
def test_eight_nudges_at_once_run_it_once() -> None:
    diary, _entry = Diary(), promised()
    handlers = {"note": Handler(run=diary.run)}
    at_once(*[lambda: run_pool(handlers=handlers, around=quiet())] * 8)
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
    run_pool(handlers=handlers, around=quiet(clock))
    assert renewed.is_set()
    connection.close()
