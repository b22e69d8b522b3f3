"""How many requests a key may make: always counted in memory too, so the counting cannot fail and lift the limit."""

import math
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

PER_MINUTE: Final = 6000

_limiter = FixedWindowRateLimiter(import_string(settings.RATE_STORAGE)())


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a key in the present window; ``reset_seconds`` until the next."""

    allowed: bool
    limit: int
    remaining: int
    reset_seconds: int
    window_seconds: int

    def headers(self) -> dict[str, str]:
        """Return the RateLimit fields (draft-ietf-httpapi-ratelimit-headers), and Retry-After where it is refused."""
        fields = {
            "RateLimit-Policy": f'"default";q={self.limit};w={self.window_seconds}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset_seconds}',
        }
        return fields if self.allowed else fields | {"Retry-After": str(max(1, self.reset_seconds))}


def hit(key: str) -> Allowance:
    """Count a request of *key* and say whether it may go on."""
    rate = limit()
    allowed = _limiter.hit(rate, key)
    stats = _limiter.get_window_stats(rate, key)
    return Allowance(
        allowed=allowed,
        limit=rate.amount,
        remaining=max(0, stats.remaining),
        reset_seconds=max(0, math.ceil(stats.reset_time - time.time())),
        window_seconds=rate.get_expiry(),
    )


def limit() -> RateLimitItem:
    """Return the rate that every key has."""
    return RateLimitItemPerMinute(PER_MINUTE)


def forget() -> None:
    """Count from nothing again, as a restart does."""
    _limiter.storage.reset()
