"""How often browsers reported that a page tried what its policy forbids (Content-Security-Policy).

A number a day, and one line an hour in the log that names the rule. Nothing of a report is kept: no address, no content,
and not who sent it. The numbers live in the cache, so they may be fewer than there were, and are gone after eight days.
"""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

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
MOST_AT_ONCE: Final = 20
PER_MINUTE: Final = RateLimitItemPerMinute(60)
HOUR_SECONDS: Final = 3600
KEPT_SECONDS: Final = (DAYS + 1) * 24 * HOUR_SECONDS

# One window for everybody: counting by sender would keep who sent it.
_limiter = FixedWindowRateLimiter(import_string(settings.RATE_STORAGE)())


class Unreadable(Exception):
    """The body is no report of a browser."""


def may_come() -> bool:
    """Count a request with reports, and say whether the minute has room for it."""
    return _limiter.hit(PER_MINUTE, "policy-reports")


def forget() -> None:
    """Give the minute its room again, as a restart does."""
    _limiter.storage.reset()


def rules_in(body: bytes) -> list[str]:
    """Return which rule each report of a body is about: of ``report-uri`` (one) or of the Reporting API (a list).

    Raises:
        Unreadable: it is neither.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable from None
    rules = list(_rules(told))
    if not rules:
        raise Unreadable
    return rules[:MOST_AT_ONCE]


def _rules(told: Any) -> Iterator[str]:
    for report in told if isinstance(told, list) else [told]:
        if not isinstance(report, dict):
            continue
        if isinstance(one := report.get("csp-report"), dict):
            yield _known(one.get("effective-directive") or one.get("violated-directive"))
        if report.get("type") == "csp-violation" and isinstance(one := report.get("body"), dict):
            yield _known(one.get("effectiveDirective"))


def _known(directive: object) -> str:
    name = directive.partition(" ")[0] if isinstance(directive, str) else ""
    return name if name in DIRECTIVES else OTHER


def note(rules: list[str], *, at: datetime) -> None:
    """Count reports of a day, and say in the log which rule they are about, once an hour for each."""
    key = _key(at)
    cache.add(key, 0, KEPT_SECONDS)
    try:
        cache.incr(key, len(rules))
    except ValueError:
        cache.set(key, len(rules), KEPT_SECONDS)  # it went between the two: the count begins again
    for rule in dict.fromkeys(rules):
        if cache.add(f"policy-reports-said:{rule.replace(' ', '-')}", 1, HOUR_SECONDS):
            log.warning("browsers report that a page tried what its policy forbids (%s)", rule)


def reported_lately(*, at: datetime) -> int:
    """Return how many reports came on this UTC date and the six before it."""
    found: dict[str, int] = cache.get_many([_key(at - timedelta(days=days)) for days in range(DAYS)])
    return sum(found.values())


def _key(at: datetime) -> str:
    return f"policy-reports:{at:%Y-%m-%d}"
