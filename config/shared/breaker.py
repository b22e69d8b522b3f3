"""What to do while Redis is gone: ask it once in a while, and otherwise do without."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from redis.asyncio.retry import Retry as LoopRetry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

T = TypeVar("T")
log = logging.getLogger("respite.redis")

REST_SECONDS: Final = 5.0
CONNECT_SECONDS: Final = 0.5
ANSWER_SECONDS: Final = 1.0
"""Redis answers in a millisecond, or is of no use to a request."""
MOST_COUNTED: Final = 100_000
"""So many counts a process keeps in its own memory. Django's 300 would be a way out: a few hundred tries with names that
nobody bears, and what was counted before is gone."""


def impatient() -> dict[str, Any]:
    """Return the options of a connection that tries once: by itself the client would try for seconds."""
    return {
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": ANSWER_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }


def impatient_in_a_loop() -> dict[str, Any]:
    """Return the same for an event loop."""
    return impatient() | {"retry": LoopRetry(NoBackoff(), 0)}


class Breaker:
    """Lets a dead Redis cost one request every `REST_SECONDS`, and not each of them.

    Args:
        errors: what counts as 'gone'.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        *,
        errors: tuple[type[Exception], ...] = (RedisError, OSError),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._errors = errors
        self._clock = clock
        self._rests_until: float | None = None
        self._lock = threading.Lock()

    @property
    def is_closed(self) -> bool:
        """Say whether the last question was answered."""
        return self._rests_until is None

    def ask(self, question: Callable[[], T], otherwise: Callable[[], T]) -> T:
        """Return the answer of Redis, or what *otherwise* returns while it is gone."""
        if not self._may_ask():
            return otherwise()
        try:
            answer = question()
        except self._errors as error:
            self._note_failure(error)
            return otherwise()
        self._rests_until = None
        return answer

    def _may_ask(self) -> bool:
        """Let one caller through when a rest is over; the others rest on until they know what it found."""
        with self._lock:
            if self._rests_until is None:
                return True
            if self._clock() < self._rests_until:
                return False
            self._rests_until = self._clock() + REST_SECONDS
            return True

    def _note_failure(self, error: Exception) -> None:
        if self._rests_until is None:
            log.warning("Redis does not answer (%s); going on without", type(error).__name__)
        self._rests_until = self._clock() + REST_SECONDS
