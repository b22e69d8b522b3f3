"""Probes are answered by whatever name a server is asked; nothing else is."""

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["respite.example"]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "web", "respite.example", "not a host!"])
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_probe_is_answered_whatever_the_host(client: Client, address: str, host: str) -> None:
    answer = client.get(address, HTTP_HOST=host)
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/healthz/", "/api/v1/queues"])
def test_nothing_else_is(client: Client, address: str) -> None:
    assert client.get(address, HTTP_HOST="evil.example").status_code == 400


def test_a_probe_asks_neither_for_a_session_nor_for_a_user(client: Client) -> None:
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert "Vary" not in answer or "Cookie" not in answer["Vary"]


def test_only_reading_is_a_probe(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
