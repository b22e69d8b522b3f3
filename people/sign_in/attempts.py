"""How often somebody may try to sign in as one person: counted by name and place together, so that nobody keeps another out.

A place is an address (of IPv6 the network), or a browser in which this person has signed in before: it says so by a cookie,
signed for them alone, and nobody else's tries count against it. A name that is tried in vain from everywhere is slowed, for
each place that is not such a browser, and never shut. The numbers are allauth's ``ACCOUNT_RATE_LIMITS``; they are counted in
the cache, in which every process looks.
"""

import secrets
import unicodedata
from datetime import timedelta
from typing import Final

from allauth.core.internal.ratelimit import RateLimitUsage, consume, get_ip
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE: Final = "respite_browser"
KNOWN_FOR: Final = timedelta(days=90)
SALT: Final = "people.sign_in.known_browser"

PASSWORD: Final = "login_failed"  # noqa: S105 - the name of a limit
CODE: Final = "code_failed"
"""What is tried. Each has three more limits: ``_here`` by place, ``_slow`` by place while a name is tried from everywhere,
``_anywhere`` which says when that is. Of codes there are only a million, so ``code_failed_at_most`` has the last word."""


def take_try(request: HttpRequest, *, who: str, what: str) -> RateLimitUsage | None:
    """Count one try to prove to be *who*; return what gives it back when it succeeds, or None where it is one too many."""
    name = folded(who)
    browser = known_browser(request, name)
    place = browser or get_ip(request)
    here = f"{name}\n{place}"
    counted = _taken(request, f"{what}_here", here) if browser else _taken_by_a_stranger(request, what, here)
    if counted is None:
        return None
    is_braked = not _count(request, f"{what}_anywhere", name, counted)
    if browser or not is_braked:
        return counted
    slowed = all(_count(request, f"{what}_{limit}", key, counted) for limit, key in _when_braked(name, here))
    return counted if slowed else None


def _when_braked(name: str, here: str) -> tuple[tuple[str, str], ...]:
    return ("slow", here), ("at_most", name)


def _taken_by_a_stranger(request: HttpRequest, what: str, here: str) -> RateLimitUsage | None:
    counted = _taken(request, what, here)
    return counted if counted is not None and _count(request, f"{what}_here", here, counted) else None


def _taken(request: HttpRequest, action: str, key: str) -> RateLimitUsage | None:
    return consume(request, app="allauth.account", action=action, key=key)


def _count(request: HttpRequest, action: str, key: str, counted: RateLimitUsage) -> bool:
    """Count under one more limit, together with what was *counted* already; say whether it allowed that."""
    more = _taken(request, action, key)
    if more is not None:
        counted.usage.extend(more.usage)
    return more is not None


def folded(who: str) -> str:
    """Return a name as it is counted: every spelling with which one can sign in as the same person."""
    return unicodedata.normalize("NFKC", who).strip().casefold()


def known_browser(request: HttpRequest, name: str) -> str:
    """Return what tells a browser in which *name* has signed in before from others, empty for every other one."""
    try:
        return _signer(name).unsign(request.COOKIES.get(COOKIE, ""), max_age=KNOWN_FOR)
    except signing.BadSignature:
        return ""


def remember_browser(request: HttpRequest, response: HttpResponse, *, who: str) -> None:
    """Let this browser say from now on that *who* signed in with it; whose it was before is forgotten."""
    name = folded(who)
    value = _signer(name).sign(known_browser(request, name) or secrets.token_urlsafe(12))
    response.set_cookie(
        COOKIE,
        value,
        max_age=KNOWN_FOR,
        path="/accounts/",
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Lax",
    )


def _signer(name: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"{SALT}.{name}")
