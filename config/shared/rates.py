"""How often an API key called, counted for all processes together."""

from django.conf import settings
from limits.storage import MemoryStorage, RedisStorage

from config.shared.breaker import Breaker, impatient


class SharedStorage(MemoryStorage):
    """Counts in this process's memory and in Redis; what is larger holds.

    So a Redis that is gone never means 'unlimited', and one that came back empty gives nobody a second allowance here.
    """

    def __init__(self) -> None:
        super().__init__()
        self._breaker = Breaker()
        self._shared = RedisStorage(settings.REDIS_URL, key_prefix="respite-rates", **impatient())

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count *amount* more; return how many there are in the window."""
        own = super().incr(key, expiry, amount)
        return max(own, self._breaker.ask(lambda: self._shared.incr(key, int(expiry), amount), lambda: own))

    def get(self, key: str) -> int:
        """Return how many there are in the window."""
        own = super().get(key)
        return max(own, self._breaker.ask(lambda: self._shared.get(key), lambda: own))

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since 1970."""
        own = super().get_expiry(key)
        return max(own, self._breaker.ask(lambda: self._shared.get_expiry(key), lambda: own))

    def reset(self) -> int | None:
        """Count from nothing again."""
        self._breaker.ask(self._shared.reset, lambda: None)
        return super().reset()
