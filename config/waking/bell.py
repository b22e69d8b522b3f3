"""Tells many small things as few large ones, from a thread of its own, so that no request waits for who is told."""

import atexit
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Final

from config.shared.breaker import ANSWER_SECONDS, CONNECT_SECONDS, REST_SECONDS

APART_SECONDS: Final = 0.05
AT_THE_END_SECONDS: Final = 1.0
TRY_AGAIN_SECONDS: Final = REST_SECONDS + CONNECT_SECONDS + ANSWER_SECONDS + APART_SECONDS
"""After so long what nobody took is rung again: when whoever did not answer is asked again."""


class Bell:
    """Rings at once, and then for all that was asked meanwhile together, at most 20 times a second.

    Args:
        ring: tells how often each name was asked for, and returns those that nobody took; it raises nothing.
    """

    def __init__(self, ring: Callable[[Mapping[str, int]], Collection[str]]) -> None:
        self._ring = ring
        self._asked: Counter[str] = Counter()
        self._apart: dict[str, float] = {}
        self._rung_at: dict[str, float] = {}
        self._is_ringing = self._is_ending = False
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="bell", daemon=True).start()
        atexit.register(self.drain)

    def ask(self, name: str, *, apart: float = 0.0) -> None:
        """Ask for a ring, no sooner than *apart* seconds after the last one of this name, unless another asks for it sooner."""
        with self._changed:
            self._note(name, 1, apart)
            self._changed.notify_all()

    def drain(self, seconds: float = AT_THE_END_SECONDS) -> None:
        """Wait until all that was asked for is told: a command that ends at once has something to say, too."""
        with self._changed:
            self._is_ending = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._asked and not self._is_ringing, seconds)
            self._is_ending = False

    def _run(self) -> None:
        while True:
            with self._changed:
                asked = self._wait()
                self._is_ringing = True
            missed = self._ring(asked)
            with self._changed:
                self._is_ringing = False
                # At the end nobody waits for whoever does not answer: what is due is found without a ring.
                for name in () if self._is_ending else missed:
                    self._note(name, asked[name], TRY_AGAIN_SECONDS)
                self._changed.notify_all()
            time.sleep(APART_SECONDS)

    def _note(self, name: str, times: int, apart: float) -> None:
        self._asked[name] += times
        self._apart[name] = min(apart, self._apart.get(name, apart))

    def _wait(self) -> Counter[str]:
        """Wait until something may be rung, and take all that may."""
        while True:
            now = time.monotonic()
            pauses = {name: self._pause(name, now) for name in self._asked}
            names = [name for name, pause in pauses.items() if pause <= 0]
            if names:
                self._rung_at |= dict.fromkeys(names, now)
                for name in names:
                    del self._apart[name]
                return Counter({name: self._asked.pop(name) for name in names})
            self._changed.wait(min(pauses.values(), default=None))

    def _pause(self, name: str, now: float) -> float:
        if self._is_ending or name not in self._rung_at:
            return 0.0
        return self._rung_at[name] + self._apart[name] - now
