"""The sweeper's own hands: when it does the workers' work. Seen red with a stand-in that never waits, and one that only does."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from redis.exceptions import ConnectionError as RedisGone

from config import celery
from config.nudging import TOO_LONG, Nudger, StandIn
from config.outbox import HANDLERS
from config.shared.breaker import Breaker
from moderation.services.answers import FINALISE
from outbox.kinds import Handler, Work
from tests.cast import T0
from tests.outbox.steps import Clock, Diary, promised, quiet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def broker(monkeypatch: pytest.MonkeyPatch) -> Breaker:
    """A broker that has answered so far."""
    fresh = Breaker()
    monkeypatch.setattr(celery, "broker", fresh)
    return fresh


def is_gone() -> bool:
    raise RedisGone


def stand_in(diary: Diary, clock: Clock) -> StandIn:
    return StandIn(handlers={"note": Handler(run=diary.run)}, around=quiet(clock))


def test_what_was_nudged_is_left_to_the_workers_for_a_while() -> None:
    diary, clock = Diary(), Clock()
    promised()
    clock.move(TOO_LONG - timedelta(seconds=1))
    assert not stand_in(diary, clock).step()
    clock.move(timedelta(seconds=1))
    assert stand_in(diary, clock).step()
    assert len(diary.works) == 1


def test_while_the_broker_is_gone_nothing_waits(broker: Breaker) -> None:
    diary = Diary()
    promised()
    broker.ask(is_gone, lambda: False)
    assert stand_in(diary, Clock()).step()
    assert not stand_in(diary, Clock()).step()


def test_while_the_broker_is_gone_it_lingers_as_a_worker_does(broker: Breaker) -> None:
    """Seen red with a look for what it lingers for: it would not rest meanwhile."""
    together: list[int] = []

    def run_all(works: Sequence[Work]) -> list[Work]:
        together.append(len(works))
        return []

    clock = Clock()
    handler = Handler(run=Diary().run, run_all=run_all, linger=timedelta(seconds=1))
    instead = StandIn(handlers={"note": handler}, around=quiet(clock))
    broker.ask(is_gone, lambda: False)
    for count in (1, 2):
        for _ in range(count):
            promised(at=clock.at)
        assert instead.rest() == 0.0
        assert instead.step()
        promised(at=clock.at)
        assert (instead.rest(), instead.step()) == (0.25, False)
        clock.move(timedelta(seconds=1))
    assert together == [1, 3]


class TestRest:
    """Which sleep until told, and for how long."""

    def test_a_stand_in_rests_until_the_workers_have_left_it_lying_too_long(self) -> None:
        clock = Clock()
        promised()
        clock.move(TOO_LONG - timedelta(seconds=2))
        assert stand_in(Diary(), clock).rest() == 2.0

    def test_while_the_broker_is_gone_it_looks_four_times_a_second(self, broker: Breaker) -> None:
        broker.ask(is_gone, lambda: False)
        assert stand_in(Diary(), Clock()).rest() == 0.25
        promised()
        assert stand_in(Diary(), Clock()).rest() == 0.0

    def test_a_nudger_rests_until_something_is_due_that_was_not(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nudged: list[str] = []
        monkeypatch.setattr(celery, "waiting_in", lambda _pool: 0)
        monkeypatch.setattr(celery, "nudge_pool", lambda pool, _times: nudged.append(pool))
        clock = Clock()
        nudger = Nudger(quiet(clock))
        assert nudger.rest() == 0.0
        promised(FINALISE)
        promised(FINALISE, at=T0 + timedelta(seconds=2))
        nudger.step()
        assert nudged == ["main"]
        assert nudger.rest() == 2.0
        clock.move(timedelta(seconds=2))
        assert nudger.rest() == 0.0
        nudger.step()
        assert nudger.rest() == 5.0
        clock.move(timedelta(seconds=5))
        assert nudger.rest() == 0.0


def test_every_pool_has_a_queue_and_says_how_many_are_woken_at_once(settings) -> None:
    pools = {handler.pool for handler in HANDLERS.values()}
    assert {queue.name for queue in settings.CELERY_TASK_QUEUES} == pools == celery.AT_ONCE.keys()


def test_a_task_ends_before_its_nudge_comes_again_and_after_every_lease(settings) -> None:
    longest = max(handler.lease for handler in HANDLERS.values()).total_seconds()
    visible_again = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert longest < settings.CELERY_TASK_TIME_LIMIT < visible_again
