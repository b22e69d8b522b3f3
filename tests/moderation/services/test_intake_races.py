"""Equal requests at the same moment, on two real connections."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from moderation.exceptions import ExternalIdConflict, InFlight
from moderation.models import Case, IdempotencyKey, Item, ItemRevision, Report
from moderation.services import idempotency
from moderation.services.idempotency import Answered, Request
from moderation.services.reports import NewReport
from queues.models import Job, JobState
from tests import cast
from tests.cast import T0
from tests.moderation.api.caller import a_policy, picture
from tests.moderation.services.steps import an_item, in_thread, once, pictures, take_in, withdraw

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = [f"round {number}" for number in range(8)]


@pytest.fixture
def platform(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    lumen = cast.a_platform()
    a_policy(cast.a_queue(platform=lumen))
    return lumen


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act on a connection of its own, all from the same moment; return results and exceptions."""
    barrier = Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        barrier.wait(timeout=10)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the test says which it wanted
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return [run.result() for run in [pool.submit(in_thread(partial(begin, act))) for act in acts]]


def test_two_equal_items_at_once_become_one(platform) -> None:
    for name in ROUNDS:
        item = an_item(name, text=name, reports=(NewReport("user"),))
        first, second = at_once(*[lambda item=item: take_in(platform, item)] * 2)
        assert first == second, (first, second)
    assert Item.objects.count() == Case.objects.count() == Job.objects.count() == len(ROUNDS)
    assert Report.objects.count() == 2 * len(ROUNDS)


def test_two_equal_requests_with_one_key_at_once_count_once(platform) -> None:
    for name in ROUNDS:
        item = an_item(name, text=name, reports=(NewReport("user"),))
        first, second = at_once(*[lambda item=item, name=name: take_in(platform, item, key=name)] * 2)
        assert first == second, (first, second)
    assert Report.objects.count() == IdempotencyKey.objects.filter(status=200).count() == len(ROUNDS)


def test_equal_content_of_four_items_at_once_is_one_case(platform) -> None:
    media = pictures(picture())
    for text in ROUNDS:
        items = [an_item(f"{text}-{number}", text=text, media=media) for number in range(4)]
        results = at_once(*[lambda item=item: take_in(platform, item) for item in items])
        assert all(isinstance(result, ItemRevision) for result in results), results
    assert (Item.objects.count(), Case.objects.count()) == (4 * len(ROUNDS), len(ROUNDS))


def test_other_content_under_one_id_at_once_is_one_item_and_one_conflict(platform) -> None:
    results = at_once(
        lambda: take_in(platform, an_item(text="one")), lambda: take_in(platform, an_item(text="two"))
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [ExternalIdConflict]
    assert Item.objects.count() == 1


def test_two_higher_revisions_at_once_leave_one(platform) -> None:
    take_in(platform, an_item())
    results = at_once(*[
        lambda text=text: take_in(platform, an_item(text=text, revision=2)) for text in ("one", "two")
    ])  # fmt: skip
    assert [type(r) for r in results if isinstance(r, Exception)] == [ExternalIdConflict]
    assert ItemRevision.objects.filter(number=2).count() == 1


def test_joining_while_the_last_item_leaves_never_strands_the_newcomer(platform) -> None:
    """Whichever comes first: the newcomer waits in an open case that has an open job."""
    for text in ROUNDS:
        first = take_in(platform, an_item(f"{text}-a", text=text)).item
        newcomer = an_item(f"{text}-b", text=text)
        at_once(partial(withdraw, first), partial(take_in, platform, newcomer))
        arrived = ItemRevision.objects.select_related("case").get(item__external_id=f"{text}-b")
        assert (arrived.status, arrived.case.state) == ("waiting", "open")
        assert Job.objects.filter(case_ref=arrived.case_id).exclude(state=JobState.ENDED).count() == 1


def test_the_last_two_items_leaving_at_once_close_the_case(platform) -> None:
    for text in ROUNDS:
        items = [take_in(platform, an_item(f"{text}-{name}", text=text)).item for name in ("a", "b")]
        results = at_once(*[lambda item=item: withdraw(item) for item in items])
        assert not [result for result in results if isinstance(result, Exception)], results
    assert set(Case.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.ENDED}


def test_withdrawn_twice_at_once_is_withdrawn_once(platform) -> None:
    item = take_in(platform, an_item()).item
    later = T0 + timedelta(minutes=1)
    results = at_once(lambda: withdraw(item), lambda: withdraw(item, at=later))
    assert results[0].ended_at == results[1].ended_at


# ── a key in flight ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_in_flight_is_waited_for_and_then_replayed(platform) -> None:
    begun, go_on = Event(), Event()

    def slow() -> dict[str, str]:
        begun.set()
        assert go_on.wait(10)
        return {"by": "the first"}

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(in_thread(lambda: once(platform, slow, key="k")))
        assert begun.wait(10)
        second = pool.submit(in_thread(lambda: once(platform, lambda: {"by": "the second"}, key="k")))
        until_it_waits(second)
        go_on.set()
        assert (first.result().replayed, second.result().replayed) == (False, True)
        assert first.result().body == second.result().body == {"by": "the first"}


def test_a_key_that_stays_in_flight_is_told(platform, monkeypatch) -> None:
    monkeypatch.setattr(idempotency, "WAIT", timedelta(milliseconds=200))
    begun, go_on = Event(), Event()

    def slow() -> dict[str, str]:
        begun.set()
        assert go_on.wait(10)
        return {}

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(in_thread(lambda: once(platform, slow, key="k")))
        assert begun.wait(10)
        with pytest.raises(InFlight):
            once(platform, dict, key="k")
        go_on.set()
        assert first.result().body == {}
    assert once(platform, dict, key="k").replayed


def test_the_wait_of_a_key_changes_nothing_for_those_that_come_after(platform) -> None:
    once(platform, dict, key="k")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
        else:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",)


def test_what_fails_at_the_end_takes_its_key_with_it(platform) -> None:
    def act() -> Answered:
        raise RuntimeError

    request = Request(platform=platform, key="k", operation="POST /x", body_digest="d")
    with pytest.raises(RuntimeError):
        idempotency.once(request=request, act=act, at=T0)
    assert not IdempotencyKey.objects.exists()


def until_it_waits(run: Any) -> None:
    """Give the second transaction the time to reach the lock; if it had not, it would only be the first."""
    deadline = time.monotonic() + 0.3
    while time.monotonic() < deadline and not run.done():
        time.sleep(0.01)
