"""What every answer says to browsers, and what comes of their reports."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from config import checks, health, policies
from tests.config.test_checks import ids
from web.shared import policy_reports
from web.shared.plain_line import is_told_by_browsers

pytestmark = pytest.mark.django_db

T0 = datetime(2026, 11, 29, 23, 59, 59, tzinfo=UTC)
SECRET = "https://127.0.0.1/desk/media/of-somebody"
REPORT = {
    "csp-report": {
        "document-uri": SECRET,
        "violated-directive": "img-src 'self'",
        "effective-directive": "img-src",
        "blocked-uri": SECRET,
        "script-sample": SECRET,
    }
}
EVERYWHERE = [
    "/accounts/login/",
    "/desk/",
    "/api/v1/items",
    "/api/v1/docs",
    "/healthz",
    "/static/js/desk.js",
    "/nothing",
]


@pytest.fixture(autouse=True)
def nothing_came_before() -> Iterator[None]:
    cache.clear()
    policy_reports.forget()
    yield
    cache.clear()
    policy_reports.forget()


def reports(told: Any, kind: str = "application/csp-report") -> int:
    """Report as a browser without a session and without a token."""
    body = told if isinstance(told, bytes) else json.dumps(told)
    answer = Client(enforce_csrf_checks=True).post("/policy-reports", body, content_type=kind)
    assert not answer.content or answer.status_code == 405
    assert "Set-Cookie" not in answer.headers
    return int(answer.status_code)


def counted() -> int:
    told: int = Client().get("/readyz").json()["policy_reports_7_days"]
    return told


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_says_what_no_page_needs_and_where_reports_go(client: Client, path: str) -> None:
    answer = client.get(path)
    answer.close()
    headers = answer.headers
    for feature in ("camera", "microphone", "geolocation", "display-capture", "fullscreen"):
        assert f"{feature}=()" in headers["Permissions-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "worker-src 'none'"):
        assert rule in headers["Content-Security-Policy"]
    assert "report-uri /policy-reports" in headers["Content-Security-Policy"]


def test_a_picture_keeps_its_narrower_policy(client: Client) -> None:
    nothing = "00000000-0000-4000-8000-000000000000"
    headers = client.get(f"/desk/media/{nothing}/{nothing}/grey").headers
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "camera=()" in headers["Permissions-Policy"]


def test_reports_are_counted_without_a_session_and_without_a_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        assert reports(REPORT) == 204
        assert reports(REPORT) == 204
    assert counted() == 2


def test_nothing_of_a_report_is_kept_or_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        reports(REPORT)
        reports({"csp-report": {"violated-directive": f"script-src-elem {SECRET}"}})
        reports({"csp-report": {"effective-directive": SECRET}})
    assert SECRET not in caplog.text
    assert [record.getMessage() for record in caplog.records if record.name == "respite.policy"] == [
        f"browsers report that a page tried what its policy forbids ({rule})"
        for rule in ("img-src", "script-src-elem", "another rule")
    ]
    kept = repr(vars(caches["default"])["_cache"])
    assert SECRET not in kept
    assert "127.0.0.1" not in kept


def test_a_rule_is_said_once_an_hour(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        reports(REPORT)
    assert [record.name for record in caplog.records].count("respite.policy") == 1
    assert counted() == 3


@pytest.mark.parametrize(
    ("told", "kind", "status"),
    [
        (b"no json", "application/csp-report", 400),
        (b"[" * 20_000, "application/csp-report", 400),
        ({}, "application/csp-report", 400),
        ([], "application/csp-report", 400),
        ([REPORT], "application/csp-report", 400),
        ("csp-report", "application/csp-report", 400),
        (None, "application/csp-report", 400),
        ({"csp-report": "img-src"}, "application/csp-report", 400),
        ({"csp-report": None}, "application/csp-report", 400),
        (b" " * (policies.MOST_BYTES + 1), "application/csp-report", 413),
        (REPORT, "application/json", 415),
        (REPORT, "text/plain", 415),
    ],
)
def test_what_is_no_report_is_refused_and_counts_nothing(told: Any, kind: str, status: int) -> None:
    assert reports(told, kind) == status
    assert counted() == 0


def test_a_body_that_does_not_say_how_long_it_is_is_not_read(client: Client) -> None:
    body = json.dumps(REPORT)
    answer = client.post("/policy-reports", body, content_type="application/csp-report", CONTENT_LENGTH="")
    assert (answer.status_code, counted()) == (413, 0)


def test_a_minute_holds_no_more_than_so_many_requests_from_all_together() -> None:
    for _ in range(policy_reports.PER_MINUTE.amount):
        policy_reports.may_come()
    assert reports(REPORT) == 429
    assert counted() == 0


def test_only_a_post_is_a_report(client: Client) -> None:
    assert client.get("/policy-reports").status_code == 405


def test_a_week_is_counted_and_what_lies_before_it_is_not() -> None:
    for days in (0, 6, 7):
        policy_reports.note("img-src", at=T0 - timedelta(days=days))
    assert policy_reports.reported_lately(at=T0) == 2
    assert policy_reports.reported_lately(at=T0 + timedelta(seconds=1)) == 1


def test_the_operator_is_told_how_many(olga: Any, client: Client) -> None:
    client.force_login(olga)
    assert "This installation" not in client.get("/people/").content.decode()
    reports(REPORT)
    assert "at least 1 time that a page tried" in client.get("/people/").content.decode()


# ── plain HTTP ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("https://respite.example", True),
        ("http://localhost:8000", True),
        ("http://desk.localhost", True),
        ("http://127.0.0.1:8000", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8000", True),
        ("http://respite.example", False),
        ("http://10.0.0.4:8000", False),
        ("http://localhost.example", False),
        ("http://127.0.0.1.example", False),
        ("", False),
    ],
)
def test_browsers_say_where_from_over_tls_and_on_their_own_machine(address: str, is_told: bool) -> None:
    assert is_told_by_browsers(address) is is_told


def test_that_a_guard_is_missing_is_said_by_the_check_by_readyz_and_to_the_operator(
    olga: Any, client: Client, settings: Settings
) -> None:
    client.force_login(olga)
    settings.PUBLIC_URL = "https://respite.example"
    assert checks.browsers_say_where_from() == []
    assert not any("plain HTTP" in sentence for sentence in health.degraded())
    assert "plain HTTP" not in client.get("/people/").content.decode()
    settings.PUBLIC_URL = "http://respite.example"
    assert ids(checks.browsers_say_where_from()) == ["respite.W020"]
    assert "plain HTTP" in client.get("/readyz").json()["degraded"][0]
    assert client.get("/readyz").status_code == 200
    assert "plain HTTP" in client.get("/people/").content.decode()
