"""The life of an entry, one behaviour per test."""

from datetime import timedelta

import pytest
from django.db import transaction

from outbox.kinds import GiveUp, Handler, RetryAfter, Work
from outbox.models import OutboxEntry, OutboxState
from outbox.services import fail, finish, lease_next, promise, purge_next, release, renew
from outbox.services.entries import GRIP
from tests.cast import T0
from tests.outbox.steps import Diary, fails, leased, promised

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
GAPS = (SECOND, timedelta(minutes=1))
NOTE = Handler(run=Diary().run, gaps=GAPS, lease=timedelta(minutes=5))
HANDLERS = {"note": NOTE}


class Undone(Exception):
    pass


def broken_promise() -> None:
    with transaction.atomic():
        promised()
        raise Undone


def test_a_promise_lives_and_dies_with_its_transaction() -> None:
    with pytest.raises(Undone):
        broken_promise()
    assert not OutboxEntry.objects.exists()


def test_what_was_promised_is_leased_with_its_arguments() -> None:
    entry = promised(item=7)
    taken = leased(HANDLERS)
    assert taken.kind == "note"
    assert taken.work == Work(entry_id=entry.pk, arguments={"item": 7}, attempt=1, at=T0, fence=1)


def test_nothing_is_leased_before_its_time() -> None:
    promise(kind="note", arguments={}, at=T0, run_after=T0 + HOUR)
    assert not lease_next(handlers=HANDLERS, at=T0 + HOUR - SECOND)
    assert lease_next(handlers=HANDLERS, at=T0 + HOUR)


def test_what_has_been_due_longest_comes_first() -> None:
    late, early = promised(at=T0 + SECOND), promised(at=T0)
    order = [leased(HANDLERS, T0 + HOUR).work.entry_id for _ in range(2)]
    assert order == [early.pk, late.pk]


def test_a_kind_without_a_handler_here_is_left_for_whoever_has_one() -> None:
    promised(kind="unheard of")
    assert not lease_next(handlers=HANDLERS, at=T0)


def test_what_is_leased_is_not_leased_again_while_the_lease_runs() -> None:
    promised()
    leased(HANDLERS)
    assert not lease_next(handlers=HANDLERS, at=T0 + GRIP - SECOND)


def test_a_lapsed_lease_is_taken_up_with_a_higher_fence() -> None:
    promised()
    leased(HANDLERS)
    again = leased(HANDLERS, T0 + GRIP)
    assert (again.work.fence, again.work.attempt) == (2, 2)


def test_a_lease_that_is_renewed_goes_on() -> None:
    promised()
    taken = leased(HANDLERS)
    assert renew(leased=taken, handler=NOTE, at=T0 + GRIP - SECOND)
    assert not lease_next(handlers=HANDLERS, at=T0 + GRIP + SECOND)


def test_no_renewal_goes_beyond_what_its_kind_may_take() -> None:
    promised()
    taken = leased(HANDLERS)
    renew(leased=taken, handler=NOTE, at=T0 + NOTE.lease - SECOND)
    assert lease_next(handlers=HANDLERS, at=T0 + NOTE.lease)


def test_what_is_finished_is_done_and_stays_so() -> None:
    entry = promised()
    assert finish(leased=leased(HANDLERS), at=T0 + SECOND)
    entry.refresh_from_db()
    assert (entry.state, entry.ended_at) == (OutboxState.DONE, T0 + SECOND)
    assert not lease_next(handlers=HANDLERS, at=T0 + HOUR)


def test_a_worker_past_its_lease_changes_nothing() -> None:
    entry = promised()
    zombie = leased(HANDLERS)
    leased(HANDLERS, T0 + GRIP)
    before = OutboxEntry.objects.values().get(pk=entry.pk)
    late = T0 + GRIP + SECOND
    assert not finish(leased=zombie, at=late)
    assert not fail(leased=zombie, handler=NOTE, error=ZeroDivisionError(), jitter=0, at=late)
    assert not fail(leased=zombie, handler=NOTE, error=GiveUp("no"), jitter=0, at=late)
    assert not release(leased=zombie)
    assert not renew(leased=zombie, handler=NOTE, at=late)
    assert OutboxEntry.objects.values().get(pk=entry.pk) == before


def test_a_failure_waits_for_the_gap_of_its_kind() -> None:
    promised()
    fail(leased=leased(HANDLERS), handler=NOTE, error=ZeroDivisionError(), jitter=0, at=T0)
    assert not lease_next(handlers=HANDLERS, at=T0 + SECOND - timedelta(milliseconds=1))
    assert leased(HANDLERS, T0 + SECOND).work.attempt == 2


def test_jitter_lengthens_the_gap() -> None:
    entry = promised()
    fail(leased=leased(HANDLERS), handler=NOTE, error=ZeroDivisionError(), jitter=1.0, at=T0)
    entry.refresh_from_db()
    assert entry.run_after == T0 + SECOND * 1.1


def test_a_handler_may_name_its_own_delay() -> None:
    entry = promised()
    fail(leased=leased(HANDLERS), handler=NOTE, error=RetryAfter(HOUR, "busy"), jitter=1.0, at=T0)
    entry.refresh_from_db()
    assert (entry.run_after, entry.last_error) == (T0 + HOUR, "busy")


def test_the_message_of_an_unexpected_error_is_not_kept() -> None:
    entry = promised()
    fail(leased=leased(HANDLERS), handler=NOTE, error=ZeroDivisionError("secret"), jitter=0, at=T0)
    entry.refresh_from_db()
    assert entry.last_error == "ZeroDivisionError"


def fail_until_quarantined(handler: Handler) -> OutboxEntry:
    entry, at = promised(), T0
    for _ in range(handler.attempts):
        fail(
            leased=leased({"note": handler}, at), handler=handler, error=ZeroDivisionError(), jitter=0, at=at
        )
        at += HOUR
    entry.refresh_from_db()
    return entry


def test_what_is_exhausted_is_quarantined() -> None:
    entry = fail_until_quarantined(NOTE)
    assert entry.state == OutboxState.QUARANTINED
    assert not lease_next(handlers=HANDLERS, at=T0 + 1000 * HOUR)


def test_its_kind_has_the_last_word_once() -> None:
    said = Diary()
    entry = fail_until_quarantined(Handler(run=fails, gaps=GAPS, exhausted=said.run))
    assert said.entry_ids == [entry.pk]


def test_a_last_word_that_fails_does_not_keep_the_entry_alive() -> None:
    entry = fail_until_quarantined(Handler(run=fails, gaps=GAPS, exhausted=fails))
    assert entry.state == OutboxState.QUARANTINED


def test_giving_up_quarantines_at_once() -> None:
    entry = promised()
    fail(leased=leased(HANDLERS), handler=NOTE, error=GiveUp("the case is gone"), jitter=0, at=T0)
    entry.refresh_from_db()
    assert (entry.state, entry.last_error) == (OutboxState.QUARANTINED, "the case is gone")


def test_an_entry_that_kills_its_worker_cannot_spin() -> None:
    entry, at = promised(), T0
    for _ in range(NOTE.attempts):
        leased(HANDLERS, at)
        at += HOUR
    behind = promised(at=at)
    assert leased(HANDLERS, at).work.entry_id == behind.pk
    entry.refresh_from_db()
    assert entry.state == OutboxState.QUARANTINED


def test_what_is_given_back_comes_again_at_once_and_costs_no_attempt() -> None:
    promised()
    assert release(leased=leased(HANDLERS))
    assert leased(HANDLERS).work.attempt == 1


def test_done_entries_are_purged_after_a_week_and_quarantined_ones_never() -> None:
    promised()
    finish(leased=leased(HANDLERS), at=T0)
    kept = fail_until_quarantined(NOTE)
    week = T0 + timedelta(days=7)
    assert not purge_next(at=week)
    assert purge_next(at=week + SECOND)
    assert not purge_next(at=week + SECOND)
    assert list(OutboxEntry.objects.all()) == [kept]
