"""What is counted while Redis is gone: never nothing, and never by waiting.

Seen red without the breaker (every question is asked), and without the memory behind it (limits begin anew).
"""

from collections.abc import Callable
from typing import Any

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisGone

from config.shared import cache as shared_cache
from config.shared.breaker import REST_SECONDS, Breaker, impatient
from config.shared.cache import SharedCache
from config.shared.rates import SharedStorage

pytestmark = pytest.mark.any_database

NOWHERE = "redis://127.0.0.1:1/0"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Questions:
    """A Redis that can be taken away, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked, self.gone = 0, False

    def __call__(self) -> str:
        self.asked += 1
        if self.gone:
            raise RedisGone
        return "answer"


def without() -> str:
    return "without"


def test_a_dead_redis_is_asked_once_in_a_while() -> None:
    clock, questions = Clock(), Questions()
    breaker = Breaker(clock=clock)
    questions.gone = True
    assert [breaker.ask(questions, without) for _ in range(5)] == ["without"] * 5
    assert (questions.asked, breaker.is_closed) == (1, False)
    clock.now += REST_SECONDS
    assert breaker.ask(questions, without) == "without"
    assert breaker.ask(questions, without) == "without"
    assert questions.asked == 2


def test_one_that_is_back_is_asked_again() -> None:
    clock, questions = Clock(), Questions()
    breaker = Breaker(clock=clock)
    questions.gone = True
    breaker.ask(questions, without)
    questions.gone = False
    clock.now += REST_SECONDS
    assert [breaker.ask(questions, without) for _ in range(3)] == ["answer"] * 3
    assert breaker.is_closed


def test_only_one_of_many_waits_for_a_redis_that_may_be_back() -> None:
    clock, breaker_holder = Clock(), Questions()
    breaker = Breaker(clock=clock)
    breaker_holder.gone = True
    breaker.ask(breaker_holder, without)
    clock.now += REST_SECONDS

    def slow() -> str:
        assert breaker.ask(breaker_holder, without) == "without"
        return "answer"

    assert breaker.ask(slow, without) == "answer"
    assert breaker_holder.asked == 1


def test_our_own_mistakes_are_not_taken_for_an_outage() -> None:
    def wrong() -> str:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        Breaker().ask(wrong, without)


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> SharedCache:
    """A cache whose Redis is gone."""
    monkeypatch.setattr(shared_cache, "breaker", Breaker())
    found = SharedCache(NOWHERE, {"OPTIONS": impatient()})
    found.clear()
    return found


def test_a_cache_without_redis_remembers_for_this_process(cache: SharedCache) -> None:
    assert cache.add("lock", 1, 60)
    assert not cache.add("lock", 1, 60)
    cache.set("history", [1, 2], 60)
    assert cache.get("history") == [1, 2]
    assert cache.has_key("history")
    assert cache.incr("lock") == 2
    assert cache.delete("lock")
    assert cache.get("lock") is None


@pytest.mark.parametrize(
    "act",
    [
        lambda cache: cache.touch("k"),
        lambda cache: cache.get_many(["k"]),
        lambda cache: cache.set_many({"k": 1}),
        lambda cache: cache.delete_many(["k"]),
        lambda cache: cache.get_or_set("k", 1),
        lambda cache: cache.clear(),
    ],
)
def test_nothing_that_a_cache_can_do_fails_without_redis(
    cache: SharedCache, act: Callable[[SharedCache], Any]
) -> None:
    act(cache)


def test_a_rate_without_redis_is_still_a_rate(settings: Settings) -> None:
    settings.REDIS_URL = NOWHERE
    limiter, rate = FixedWindowRateLimiter(SharedStorage()), RateLimitItemPerMinute(2)
    assert [limiter.hit(rate, "a key") for _ in range(4)] == [True, True, False, False]
    assert limiter.hit(rate, "another key")
    assert limiter.get_window_stats(rate, "a key").remaining == 0
