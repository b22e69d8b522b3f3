"""The OpenAPI document: what it names exists, and the answers are what it says."""

import json
from typing import Any

import jsonschema_rs
import pytest
from django.urls import reverse

from moderation.api.problems import KINDS
from moderation.models import Answer, ItemRevision
from tests import cast
from tests.cast import T0
from tests.moderation.api.caller import Caller, a_policy, a_secret, an_item
from tests.moderation.services.steps import decided

CODES_OF_API_MD = {
    "malformed", "invalid", "too_large", "key_missing", "key_unknown", "key_expired", "scope_missing", "not_found",
    "external_id_conflict", "in_flight", "already_decided", "idempotency_key_reused", "media_rejected",
    "rate_limited", "queue_closed", "queue_paused", "unavailable",
}  # fmt: skip


@pytest.fixture
def calls(lumen, photos, tmp_path, settings) -> Caller:
    settings.MEDIA_ROOT = tmp_path / "media"
    a_policy(photos)
    return Caller(a_secret(lumen))


@pytest.fixture
def document(client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {"components": document["components"]}


def assert_as_documented(document: dict[str, Any], method: str, path: str, response: Any) -> None:
    described = document["paths"][path][method]["responses"][str(response.status_code)]
    (content,) = [
        each for kind, each in described["content"].items() if response["Content-Type"].startswith(kind)
    ]
    jsonschema_rs.validate(resolved(document, content["schema"]), response.json())


def test_it_is_openapi_3_1_and_needs_no_key(document) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Respite"


def test_every_reference_leads_somewhere(document) -> None:
    text = json.dumps(document)
    named = {piece.split('"')[0] for piece in text.split("#/components/schemas/")[1:]}
    assert named <= set(document["components"]["schemas"])


def test_every_post_takes_an_idempotency_key(document) -> None:
    for path, methods in document["paths"].items():
        names = {parameter["name"] for parameter in methods.get("post", {}).get("parameters", ())}
        assert "post" not in methods or "Idempotency-Key" in names, path


def test_every_call_asks_for_a_key(document) -> None:
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    assert all(operation["security"] == [{"ApiKeyBearer": []}] for operation in operations)
    assert document["components"]["securitySchemes"]["ApiKeyBearer"]["scheme"] == "bearer"


def test_every_code_of_the_interface_is_known(document) -> None:
    assert set(KINDS) >= CODES_OF_API_MD
    told = json.dumps(document["paths"])
    assert all(f"`{code}`" in told for code in CODES_OF_API_MD)


def test_the_answers_are_as_documented(document, calls, lumen, photos) -> None:
    made = calls.post("/items", an_item(due_at="2030-01-01T00:00:00+01:00"))
    item = f"/items/{made.json()['id']}"
    answers = [
        ("post", "/api/v1/items", made),
        ("post", "/api/v1/items", calls.post("/items", an_item())),
        ("post", "/api/v1/items", calls.post("/items", {})),
        ("get", "/api/v1/items", calls.get("/items")),
        ("get", "/api/v1/items", Caller(None).get("/items")),
        ("get", "/api/v1/items/{item_id}", calls.get(item)),
        ("get", "/api/v1/items/{item_id}", calls.get("/items/x")),
        ("post", "/api/v1/items/{item_id}/reports", calls.post(f"{item}/reports", {"reports": [{"source": "user"}]})),
        ("post", "/api/v1/items/{item_id}/withdraw", calls.post(f"{item}/withdraw")),
        ("get", "/api/v1/categories", calls.get("/categories")),
        ("get", "/api/v1/queues", calls.get("/queues")),
        ("get", "/api/v1/decisions", calls.get("/decisions")),
    ]  # fmt: skip
    for method, path, response in answers:
        assert_as_documented(document, method, path, response)


def test_a_decision_is_as_documented(document, calls, lumen, photos) -> None:
    calls.post("/items", an_item())
    revision = ItemRevision.objects.get()
    decision = decided(revision.case, photos.policy_versions.get())
    made = Answer.objects.create(
        platform=lumen, revision=revision, decision=decision, decided_by="person", feed_position=1,
        appealable_until=T0, answered_at=T0,
    )  # fmt: skip
    feed = calls.get("/decisions")
    assert_as_documented(document, "get", "/api/v1/decisions", feed)
    one = calls.get(f"/decisions/dec_{made.id.hex}")
    assert_as_documented(document, "get", "/api/v1/decisions/{decision_id}", one)
    assert feed.json()["data"] == [one.json()]
    after = calls.get("/decisions", after=feed.json()["next_cursor"])
    assert after.json() == {"data": [], "next_cursor": None}


def test_anothers_decision_is_not_found(calls, lumen, photos) -> None:
    calls.post("/items", an_item())
    revision = ItemRevision.objects.get()
    decision = decided(revision.case, photos.policy_versions.get())
    made = Answer.objects.create(
        platform=lumen, revision=revision, decision=decision, decided_by="person", feed_position=1,
        appealable_until=T0, answered_at=T0,
    )  # fmt: skip
    other = Caller(a_secret(cast.a_platform("Umbra")))
    assert other.get(f"/decisions/dec_{made.id.hex}").json()["code"] == "not_found"
    assert other.get("/decisions").json()["data"] == []


# ── the readable page ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_docs_can_be_read_without_a_key_and_without_a_script(client, db) -> None:
    response = client.get("/api/v1/docs")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<script" not in page
    assert "style=" not in page
    assert "https://" not in page
    assert reverse("api-1:openapi-json") in page


def test_the_docs_name_every_call_and_every_code(client, db, document) -> None:
    page = client.get("/api/v1/docs").content.decode()
    assert all(path in page for path in document["paths"])
    assert all(f'id="{code}"' in page for code in KINDS)
    assert all(f'id="object-{name}"' in page for name in ("ItemIn", "ItemOut", "DecisionOut"))
