"""Whom to believe about where a request came from: the proxies that TRUSTED_PROXIES names, and nobody else."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ADDRESS: Final = "HTTP_X_FORWARDED_FOR"
SCHEME: Final = "HTTP_X_FORWARDED_PROTO"
NEVER: Final = ("HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_X_REAL_IP", "HTTP_FORWARDED")


class TrustedProxyMiddleware:
    """Take the client's address and scheme from a trusted proxy's headers; forget those headers from all others.

    Comes first of all: what follows sees only ``REMOTE_ADDR`` and a scheme that are true, or the connection's own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        for name in NEVER:
            meta.pop(name, None)
        forwarded_for = meta.pop(ADDRESS, "")
        if is_trusted(meta.get("REMOTE_ADDR", "")):
            meta["REMOTE_ADDR"] = last_address(forwarded_for) or meta["REMOTE_ADDR"]
        else:
            meta.pop(SCHEME, None)
        return self.get_response(request)


def is_trusted(address: str) -> bool:
    """Say whether this is the address of a proxy of ours."""
    try:
        peer = ip_address(address)
    except ValueError:
        return False
    return any(peer in network for network in settings.TRUSTED_PROXIES)


def last_address(forwarded_for: str) -> str:
    """Return the address that the proxy itself saw, which it wrote last; empty where that is none."""
    last = forwarded_for.rpartition(",")[2].strip()
    try:
        return str(ip_address(last))
    except ValueError:
        return ""
