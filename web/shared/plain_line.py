"""Whether browsers say where a request comes from, and what is missing where they do not."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext as _


def is_told_by_browsers(public_url: str) -> bool:
    """Say whether browsers send ``Sec-Fetch-*`` to this address: over TLS, and to their own machine (Secure Contexts)."""
    address = urlsplit(public_url)
    return address.scheme == "https" or _is_this_machine(address.hostname or "")


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def missing_guards(public_url: str) -> list[str]:
    """Return what an operator must know about an address at which browsers say nothing."""
    if is_told_by_browsers(public_url):
        return []
    return [
        _(
            "Respite is opened over plain HTTP, so browsers do not say where a request comes from. A desk without a "
            "script cannot tell a picture on its stage from the same address in another tab. Serve it over HTTPS."
        )
    ]
