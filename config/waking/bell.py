"""Tells many small things as few large ones, from a thread of its own, so that no request waits for who is told."""

import atexit
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

APART_SECONDS: Final = 0.05
AT_THE_END_SECONDS: Final = 1.0


class Bell:
    """Rings at once, and then for all that was asked meanwhile together, at most 20 times a second.

    Args:
        ring: tells how often each name was asked for; it raises nothing.
    """

    def __init__(self, ring: Callable[[Mapping[str, int]], None]) -> None:
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
            self._asked[name] += 1
            self._apart[name] = min(apart, self._apart.get(name, apart))
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
            self._ring(asked)
            with self._changed:
                self._is_ringing = False
                self._changed.notify_all()
            time.sleep(APART_SECONDS)

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
