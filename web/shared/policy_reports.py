"""How often browsers reported that a page tried what its policy forbids (Content-Security-Policy).

A number a day, and one line an hour in the log that names the rule. Nothing of a report is kept: no address, no content,
and not who sent it. The numbers live in the cache, so they may be fewer than there were, and are gone after eight days.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

log = logging.getLogger("respite.policy")

DIRECTIVES: Final = frozenset(
    [
        "default-src",
        "script-src",
        "script-src-elem",
        "script-src-attr",
        "style-src",
        "style-src-elem",
        "style-src-attr",
        "img-src",
        "font-src",
        "connect-src",
        "media-src",
        "object-src",
        "worker-src",
        "manifest-src",
        "frame-src",
        "frame-ancestors",
        "form-action",
        "base-uri",
    ]
)
"""What may be repeated in a log: the rules there are. Whatever else a report says, anybody could have written it."""
OTHER: Final = "another rule"
DAYS: Final = 7
PER_MINUTE: Final = RateLimitItemPerMinute(60)
HOUR_SECONDS: Final = 3600
KEPT_SECONDS: Final = (DAYS + 1) * 24 * HOUR_SECONDS

# One window for everybody: counting by sender would keep who sent it.
_limiter = FixedWindowRateLimiter(import_string(settings.RATE_STORAGE)())


class Unreadable(Exception):
    """The body is no report of a browser."""


def may_come() -> bool:
    """Count a request with a report, and say whether the minute has room for it."""
    return _limiter.hit(PER_MINUTE, "policy-reports")


def forget() -> None:
    """Give the minute its room again, as a restart does."""
    _limiter.storage.reset()


def rule_in(body: bytes) -> str:
    """Return which rule a report is about, as ``report-uri`` sends it.

    Raises:
        Unreadable: it is none.
    """
    try:
        told = json.loads(body)["csp-report"]
        directive = told.get("effective-directive") or told.get("violated-directive")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise Unreadable from None
    return _known(directive)


def _known(directive: object) -> str:
    name = directive.partition(" ")[0] if isinstance(directive, str) else ""
    return name if name in DIRECTIVES else OTHER


def note(rule: str, *, at: datetime) -> None:
    """Count a report of a day, and say in the log which rule it is about, once an hour for each."""
    key = _key(at)
    cache.add(key, 0, KEPT_SECONDS)
    try:
        cache.incr(key)
    except ValueError:
        cache.set(key, 1, KEPT_SECONDS)  # it went between the two: the count begins again
    if cache.add(f"policy-reports-said:{rule.replace(' ', '-')}", 1, HOUR_SECONDS):
        log.warning("browsers report that a page tried what its policy forbids (%s)", rule)


def reported_lately(*, at: datetime) -> int:
    """Return how many reports came on this UTC date and the six before it."""
    found: dict[str, int] = cache.get_many([_key(at - timedelta(days=days)) for days in range(DAYS)])
    return sum(found.values())


def _key(at: datetime) -> str:
    return f"policy-reports:{at:%Y-%m-%d}"
