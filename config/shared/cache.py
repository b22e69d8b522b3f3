"""The cache that every process shares: sign-in limits, and which second-factor codes were used.

While Redis is gone each process counts by itself. So a limit may be reached once per process, but there is no moment
without one, and no request fails for it.
"""

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from config.shared.breaker import MOST_COUNTED, Breaker

breaker = Breaker()


class SharedCache(RedisCache):
    """Redis, with a memory of this process's own writes to fall back to."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache(f"behind {server}", {"OPTIONS": {"MAX_ENTRIES": MOST_COUNTED}})

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return breaker.ask(
            lambda: super(SharedCache, self).get(key, default, version),
            lambda: self._own.get(key, default, version),
        )

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._own.set(key, value, timeout, version)
        breaker.ask(lambda: super(SharedCache, self).set(key, value, timeout, version), _nothing)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return breaker.ask(
            lambda: bool(super(SharedCache, self).add(key, value, timeout, version)),
            lambda: self._own.add(key, value, timeout, version),
        )

    def delete(self, key: Any, version: int | None = None) -> bool:
        own = self._own.delete(key, version)
        return breaker.ask(lambda: bool(super(SharedCache, self).delete(key, version)), lambda: own)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return breaker.ask(
            lambda: bool(super(SharedCache, self).has_key(key, version)),
            lambda: self._own.has_key(key, version),
        )

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return breaker.ask(
            lambda: int(super(SharedCache, self).incr(key, delta, version)),
            lambda: self._own.incr(key, delta, version),
        )

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        own = self._own.touch(key, timeout, version)
        return breaker.ask(lambda: bool(super(SharedCache, self).touch(key, timeout, version)), lambda: own)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return breaker.ask(
            lambda: dict(super(SharedCache, self).get_many(keys, version)),
            lambda: dict(self._own.get_many(keys, version)),
        )

    def set_many(
        self, data: dict[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        self._own.set_many(data, timeout, version)
        return breaker.ask(lambda: list(super(SharedCache, self).set_many(data, timeout, version)), list)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        kept = list(keys)
        self._own.delete_many(kept, version)
        breaker.ask(lambda: super(SharedCache, self).delete_many(kept, version), _nothing)

    def clear(self) -> None:
        self._own.clear()
        breaker.ask(super().clear, _nothing)


def _nothing() -> None:
    """Do without."""
