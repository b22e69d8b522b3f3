"""What a platform's key may be: its scopes, its spelling, and how many at once."""

from collections.abc import Iterable
from datetime import datetime

from people.exceptions import ExpiryPast, UnknownScope

SCOPES = ("items:write", "items:read", "decisions:read", "webhooks:write")
LIVE = "rsp_live_"
TEST = "rsp_test_"
PREFIX_LENGTH = 19
# Two, so that a client can change from one to the other without a pause; a third would be a leak waiting.
AT_ONCE = 2


def check_scopes(scopes: Iterable[str]) -> list[str]:
    """Return *scopes* in their fixed order, each once.

    Raises:
        UnknownScope: one of them, or none at all was given.
    """
    wanted = set(scopes)
    for scope in sorted(wanted) or [""]:
        if scope not in SCOPES:
            raise UnknownScope(scope, known=SCOPES)
    return [scope for scope in SCOPES if scope in wanted]


def check_expiry(expires_at: datetime | None, *, at: datetime) -> datetime | None:
    """Return *expires_at*.

    Raises:
        ExpiryPast: it is not after *at*.
    """
    if expires_at is not None and expires_at <= at:
        raise ExpiryPast
    return expires_at
