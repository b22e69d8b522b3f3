"""Keys, scopes, tenants and rates."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from moderation.api import limiting
from moderation.models import Item, Report
from people.models import ApiKey
from tests.moderation.api.caller import SCOPES, Caller, a_secret, an_item
from tests.moderation.api.test_bad_input import nothing_is_stored

CALLS = [
    ("POST", "/items", "items:write"),
    ("GET", "/items", "items:read"),
    ("GET", "/items/{id}", "items:read"),
    ("POST", "/items/{id}/withdraw", "items:write"),
    ("POST", "/items/{id}/reports", "items:write"),
    ("GET", "/decisions", "decisions:read"),
    ("GET", "/decisions/{id}", "decisions:read"),
    ("GET", "/categories", "items:read"),
    ("GET", "/queues", "items:read"),
]


def call(caller: Caller, method: str, path: str):
    return caller.raw(method, path.format(id="itm_" + "0" * 32), "{}", "application/json")


@pytest.mark.parametrize(("method", "path", "_scope"), CALLS)
def test_every_call_needs_a_key(lumen_calls, method, path, _scope) -> None:
    response = call(Caller(None), method, path)
    assert (response.status_code, response.json()["code"]) == (401, "key_missing")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path", "_scope"), CALLS)
def test_every_call_refuses_a_key_that_nobody_issued(lumen_calls, method, path, _scope) -> None:
    response = call(Caller("rsp_live_" + "x" * 40), method, path)
    assert (response.status_code, response.json()["code"]) == (401, "key_unknown")


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
def test_every_call_asks_for_its_scope(lumen, lumen_calls, method, path, scope) -> None:
    others = tuple(other for other in SCOPES if other != scope)
    response = call(Caller(a_secret(lumen, scopes=others)), method, path)
    assert (response.status_code, response.json()["code"]) == (403, "scope_missing")
    assert scope in response.json()["detail"]


def test_an_expired_key_says_so(lumen, lumen_calls) -> None:
    caller = Caller(a_secret(lumen, expires_at=timezone.now() - timedelta(seconds=1)))
    response = caller.post("/items", an_item())
    assert (response.status_code, response.json()["code"]) == (401, "key_expired")
    assert nothing_is_stored()


def test_a_revoked_key_is_unknown(lumen, lumen_calls) -> None:
    ApiKey.objects.update(revoked_at=timezone.now())
    assert lumen_calls.get("/items").json()["code"] == "key_unknown"


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer ", "Basic cnNw", "bearer", "rsp_live_abc", "Bearer \u00e9"]
)
def test_a_header_that_is_no_bearer_key_is_refused(lumen_calls, value) -> None:
    caller = Caller(None)
    caller.headers = {"Authorization": value}
    response = caller.get("/items")
    assert response.status_code == 401
    assert response.json()["code"] in {"key_missing", "key_unknown"}


def test_a_signed_in_person_is_no_platform(lumen_calls, alice) -> None:
    caller = Caller(None)
    caller.client.force_login(alice)
    assert caller.get("/items").status_code == 401


def test_no_token_of_a_form_is_asked_for(lumen_calls) -> None:
    lumen_calls.client.handler.enforce_csrf_checks = True
    assert lumen_calls.post("/items", an_item()).status_code == 201


# ── tenants ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("method", "path", "_scope"), [call for call in CALLS if "{id}" in call[1]])
def test_anothers_object_looks_like_one_that_does_not_exist(
    lumen_calls, other_calls, method, path, _scope
) -> None:
    made = other_calls.post("/items", an_item()).json()
    body = '{"reports": [{"source": "user"}]}' if path.endswith("reports") else "{}"
    absent = lumen_calls.raw(method, path.format(id="itm_" + "0" * 32), body, "application/json")
    foreign = lumen_calls.raw(method, path.format(id=made["id"]), body, "application/json")
    assert absent.status_code == foreign.status_code == 404
    hidden = {"instance"}
    assert {k: v for k, v in absent.json().items() if k not in hidden} == {
        k: v for k, v in foreign.json().items() if k not in hidden
    }
    assert other_calls.get(f"/items/{made['id']}").json() == made
    assert not Report.objects.exists()


def test_every_address_with_an_id_is_among_the_calls_walked_here(lumen_calls) -> None:
    paths = lumen_calls.client.get("/api/v1/openapi.json").json()["paths"]
    walked = {("/api/v1" + path, method) for method, path, _scope in CALLS}
    offered = {
        (path.replace("{item_id}", "{id}").replace("{decision_id}", "{id}"), method.upper())
        for path, methods in paths.items()
        for method in methods
    }
    assert offered == walked


def test_nothing_of_another_platform_is_listed(lumen_calls, other_calls) -> None:
    other_calls.post("/items", an_item("theirs"))
    assert lumen_calls.get("/items").json()["data"] == []
    assert lumen_calls.get("/items", external_id="theirs").json()["data"] == []
    assert lumen_calls.get("/decisions").json() == {"data": [], "next_cursor": None}


def test_another_platforms_queue_does_not_exist(lumen_calls, other_calls, lumens_queue) -> None:
    lumens_queue.name = "Only Lumen's"
    lumens_queue.save()
    response = other_calls.post("/items", an_item(queue="Only Lumen's"))
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/queue")


def test_two_platforms_may_use_the_same_external_id_and_key(lumen_calls, other_calls) -> None:
    first = lumen_calls.post("/items", an_item(), key="k")
    second = other_calls.post("/items", an_item(), key="k")
    assert first.json()["id"] != second.json()["id"]
    assert "Idempotent-Replayed" not in second


# ── rates ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_answer_tells_what_is_left(lumen_calls) -> None:
    response = lumen_calls.get("/items")
    assert response["RateLimit-Policy"] == '"default";q=6000;w=60'
    assert response["RateLimit"].startswith('"default";r=5999;t=')


def test_too_many_requests_are_told_when_to_go_on(lumen_calls, other_calls, monkeypatch) -> None:
    monkeypatch.setattr(limiting, "PER_MINUTE", 2)
    statuses = [lumen_calls.post("/items", an_item(str(number))).status_code for number in range(3)]
    assert statuses == [201, 201, 429]
    refused = lumen_calls.get("/items")
    assert refused.json()["code"] == "rate_limited"
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"].startswith('"default";r=0;t=')
    assert Item.objects.count() == 2
    assert other_calls.get("/items").status_code == 200


# ── outages ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_unreachable_database_is_unavailable(lumen_calls) -> None:
    def refuse(*_args):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(refuse):
        response = lumen_calls.post("/items", an_item())
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0
    assert nothing_is_stored()


def test_a_database_that_goes_away_in_the_middle_leaves_nothing(lumen_calls) -> None:
    def refuse_the_job(execute, sql, params, many, context):
        if sql.startswith("INSERT") and '"queues_job"' in sql:
            raise OperationalError("server closed the connection")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse_the_job):
        response = lumen_calls.post("/items", an_item(), key="k")
    assert response.status_code == 503
    assert nothing_is_stored()
    assert lumen_calls.post("/items", an_item(), key="k").status_code == 201


def test_what_nobody_foresaw_is_a_problem_that_tells_nothing(lumen_calls, caplog) -> None:
    def break_down(execute, sql, params, many, context):
        if "content of the item" in str(params):
            raise RuntimeError(params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(break_down):
        response = lumen_calls.post("/items", an_item(text="content of the item"))
    assert (response.status_code, response.json()["code"]) == (500, "failed")
    assert b"content of" not in response.content
    assert "RuntimeError" in caplog.text
    assert "content of the item'" not in caplog.text
    assert nothing_is_stored()


def test_a_disk_that_takes_nothing_is_unavailable(lumen_calls, media_root) -> None:
    from tests.moderation.api.caller import in_base64, picture

    media_root.write_bytes(b"a file where the folder should be")
    response = lumen_calls.post("/items", an_item(media=[in_base64(picture())]))
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert nothing_is_stored()
