"""Whom Respite believes about where a request came from. Seen red without taking the headers from strangers."""

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from config.proxy import TrustedProxyMiddleware

pytestmark = pytest.mark.any_database

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "443",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;proto=https;host=evil.example",
}


def what_arrives(peer: str, headers: dict[str, str]) -> HttpRequest:
    """Return the request as every later part of the program sees it."""
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    TrustedProxyMiddleware(view)(
        RequestFactory().get("/", headers={**headers, "Host": "testserver"}, REMOTE_ADDR=peer)
    )
    return seen[0]


@pytest.fixture(autouse=True)
def proxies(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = [ip_network("172.30.77.0/24"), ip_network("::1/128")]


@pytest.mark.parametrize("peer", ["198.51.100.7", "172.30.78.1", "", "unix:", "2001:db8::1"])
def test_a_stranger_changes_neither_address_nor_scheme_nor_host(peer: str) -> None:
    request = what_arrives(peer, FORGED)
    assert request.META["REMOTE_ADDR"] == peer
    assert (request.scheme, request.get_host()) == ("http", "testserver")
    assert [name for name in request.META if "FORWARDED" in name or "REAL" in name] == []


@pytest.mark.parametrize("peer", ["172.30.77.5", "::1"])
def test_a_trusted_proxy_tells_address_and_scheme_and_no_host(peer: str) -> None:
    request = what_arrives(peer, FORGED)
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert (request.scheme, request.get_host()) == ("https", "testserver")


@pytest.mark.parametrize(
    ("forwarded_for", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9", "203.0.113.9"),  # what came before the proxy's own word is the client's
        ("203.0.113.9, nonsense", "172.30.77.5"),
        ("", "172.30.77.5"),
        ("2001:DB8::1", "2001:db8::1"),
    ],
)
def test_only_the_last_address_counts(forwarded_for: str, address: str) -> None:
    assert what_arrives("172.30.77.5", {"X-Forwarded-For": forwarded_for}).META["REMOTE_ADDR"] == address
