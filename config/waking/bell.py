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
        self._is_ringing = False
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="bell", daemon=True).start()
        atexit.register(self.drain)

    def ask(self, name: str) -> None:
        """Ask for a ring."""
        with self._changed:
            self._asked[name] += 1
            self._changed.notify_all()

    def drain(self, seconds: float = AT_THE_END_SECONDS) -> None:
        """Wait until all that was asked for is told: a command that ends at once has something to say, too."""
        with self._changed:
            self._changed.wait_for(lambda: not self._asked and not self._is_ringing, seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked)
                asked, self._asked, self._is_ringing = self._asked, Counter(), True
            self._ring(asked)
            with self._changed:
                self._is_ringing = False
                self._changed.notify_all()
            time.sleep(APART_SECONDS)
