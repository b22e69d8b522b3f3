"""Every bad request gets its documented status and a sentence; nothing is stored half."""

import base64
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from moderation.models import Blob, Case, IdempotencyKey, Item, Report
from outbox.models import OutboxEntry
from queues.models import Job
from tests.moderation.api.caller import an_item, faults, in_base64, picture
from tests.moderation.media import corpus

DEEP = "[" * 200 + "]" * 200


def nothing_is_stored() -> bool:
    return not any(
        model.objects.exists() for model in (Item, Case, Report, Blob, IdempotencyKey, Job, OutboxEntry)
    )


def assert_problem(response, status: int, code: str) -> None:
    assert (response.status_code, response.json().get("code")) == (status, code), response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "instance", "code", "errors"}
    assert body["status"] == status
    assert body["detail"]
    assert nothing_is_stored()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", ""),  # an empty body is an empty object, whose fields are missing
        (b"{", "not JSON"),
        (b"\xff\xfe{", "not UTF-8"),
        (b'{"a": 1, "a": 2}', "same name twice"),
        (b'{"a": NaN}', "not a number"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too many digits"),
        (f'{{"metadata": {DEEP}}}'.encode(), "nested deeper"),
        (b'{"metadata": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested deeper"),
    ],
)
def test_a_body_that_cannot_be_read_is_malformed(lumen_calls, body, says) -> None:
    response = lumen_calls.post("/items", body)
    if not body:
        assert_problem(response, 422, "invalid")
        return
    assert_problem(response, 400, "malformed")
    assert says in response.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"categroy": "HATE"}, "/categroy"),
        ({"hints": {"chlid": True}}, "/hints/chlid"),
        ({"hints": {"child": "yes"}}, "/hints/child"),
        ({"external_id": ""}, "/external_id"),
        ({"external_id": "  "}, "/external_id"),
        ({"external_id": "x" * 201}, "/external_id"),
        ({"external_id": 7}, "/external_id"),
        ({"category": "NOT_A_CODE"}, "/category"),
        ({"category": "CSAM"}, "/category"),
        ({"category": None}, "/category"),
        ({"text": "x" * 100_001}, "/text"),
        ({"text": "nul \x00"}, "/text"),
        ({"text": ["a"]}, "/text"),
        ({"metadata": {"a": "x" * 8200}}, "/metadata"),
        ({"metadata": {"a": ["\x00"]}}, "/metadata/a/0"),
        ({"metadata": []}, "/metadata"),
        ({"priority": 101}, "/priority"),
        ({"priority": -1}, "/priority"),
        ({"priority": 10**400}, "/priority"),
        ({"priority": 1.0}, "/priority"),
        ({"priority": True}, "/priority"),
        ({"priority": "5"}, "/priority"),
        ({"revision": 0}, "/revision"),
        ({"revision": 10**30}, "/revision"),
        ({"due_at": "tomorrow"}, "/due_at"),
        ({"due_at": "2026-11-23T09:00:00"}, "/due_at"),
        ({"due_at": "2026-13-23T09:00:00Z"}, "/due_at"),
        ({"due_at": "9999-12-31T23:59:59-12:00"}, "/due_at"),
        ({"due_at": 1_790_000_000}, "/due_at"),
        ({"language": "no language at all"}, "/language"),
        ({"queue": "nobody's"}, "/queue"),
        ({"scores": {"HATE": 1.5}}, "/scores/HATE"),
        ({"scores": {"HATE": 10**400}}, "/scores/HATE"),
        ({"scores": {"a/b~c": 0.1}}, "/scores/a~1b~0c"),
        ({"scores": {"CSAM": 0.9}}, "/scores/CSAM"),
        ({"reports": [{"source": "user"}, {"source": "a friend"}]}, "/reports/1/source"),
        ({"reports": [{"reason": "why"}]}, "/reports/0/source"),
        ({"reports": [{"source": "user", "reason": "x" * 1001}]}, "/reports/0/reason"),
        ({"reports": [{"source": "user"}] * 101}, "/reports"),
        ({"media": [{"data": "not base64!"}]}, "/media/0/data"),
        ({"media": [{"data": "data:image/png;base64,AAAA"}]}, "/media/0/data"),
        ({"media": [{"data": "QQ"}]}, "/media/0/data"),
        ({"media": [{"url": "http://169.254.169.254/"}]}, "/media/0"),
        ({"media": [{"filename": "a.jpg"}]}, "/media/0"),
        ({"media": [{"data": "QQ==", "filename": "x" * 256}]}, "/media/0/filename"),
        ({"context": {"thread": [{"author": "a"}]}}, "/context/thread/0/text"),
        ({"author": {"id": 7}}, "/author/id"),
        ({"text": ""}, ""),
        ({"text": None}, ""),
        ({"text": " \n"}, ""),
    ],
)
def test_a_field_that_is_not_right_is_pointed_to(lumen_calls, changes, pointer) -> None:
    response = lumen_calls.post("/items", an_item(**changes))
    assert_problem(response, 422, "invalid")
    assert pointer in faults(response), response.content
    assert all(faults(response).values())


@pytest.mark.parametrize("body", [[], "text", 7, None, True])
def test_a_body_that_is_no_object_is_invalid(lumen_calls, body) -> None:
    assert_problem(lumen_calls.post("/items", json.dumps(body)), 422, "invalid")


def test_half_a_surrogate_pair_is_refused(lumen_calls) -> None:
    response = lumen_calls.post("/items", '{"external_id": "a", "category": "HATE", "text": "\\ud800"}')
    assert_problem(response, 422, "invalid")
    assert "surrogate" in faults(response)["/text"]


def test_a_field_whose_name_cannot_be_kept_is_refused(lumen_calls) -> None:
    response = lumen_calls.post("/items", '{"external_id": "a", "metadata": {"\\u0000": 1}}')
    assert_problem(response, 422, "invalid")
    assert "/metadata" in faults(response)


def test_whole_surrogate_pairs_and_every_script_come_back_as_sent(lumen_calls) -> None:
    metadata = {"😀": 'नमस्ते \u2028 \\ " é', "n": 2**70, "f": 1e-9}
    response = lumen_calls.post("/items", an_item(metadata=metadata))
    assert response.status_code == 201
    assert lumen_calls.get(f"/items/{response.json()['id']}").json()["metadata"] == metadata


def test_a_missing_category_says_that_unknown_exists(lumen_calls) -> None:
    item = an_item()
    del item["category"]
    response = lumen_calls.post("/items", item)
    assert_problem(response, 422, "invalid")
    assert "unknown" in faults(response)["/category"]
    assert "severity 3" in faults(response)["/category"]


def test_unknown_counts_as_severity_three(lumen_calls) -> None:
    assert lumen_calls.post("/items", an_item(category="unknown")).json()["severity"] == 3


def test_a_problem_repeats_nothing_of_what_was_sent(lumen_calls) -> None:
    response = lumen_calls.post("/items", an_item(category="a private word", language="another private word"))
    assert b"private" not in response.content


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_named(lumen_calls, content_type) -> None:
    response = lumen_calls.raw("POST", "/items", json.dumps(an_item()), content_type)
    assert_problem(response, 415, "unsupported_media_type")


# ── media ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", sorted(corpus.NOT_PICTURES))
def test_what_is_no_picture_is_rejected_with_a_pointer_to_the_file(lumen_calls, name) -> None:
    content, _code = corpus.NOT_PICTURES[name]
    response = lumen_calls.post("/items", an_item(media=[in_base64(picture()), in_base64(content)]))
    assert_problem(response, 422, "media_rejected")
    assert list(faults(response)) == ["/media/1"]


@pytest.mark.parametrize("bomb", [pytest.param(make, id=make.__name__) for make in corpus.BOMBS])
def test_a_bomb_that_its_headers_declare_is_rejected_at_the_door(lumen_calls, bomb) -> None:
    assert_problem(lumen_calls.post("/items", an_item(media=[in_base64(bomb())])), 422, "media_rejected")


@pytest.mark.parametrize("picture_format", corpus.FORMATS)
def test_a_truncated_file_is_rejected_at_the_door(lumen_calls, picture_format) -> None:
    file = SimpleUploadedFile("a.jpg", corpus.truncated(picture_format, 0.7))
    assert_problem(lumen_calls.parts(an_item(), file), 422, "media_rejected")


def test_nothing_of_a_request_is_stored_when_one_file_is_rejected(lumen_calls, media_root) -> None:
    lumen_calls.post("/items", an_item(media=[in_base64(picture()), in_base64(b"")]))
    assert nothing_is_stored()
    assert not [path for path in media_root.rglob("*") if path.is_file() and path.name != ".lock"]


def test_the_name_and_type_of_a_file_prove_nothing(lumen_calls) -> None:
    page = SimpleUploadedFile("holiday.jpg", b"<html><script>1</script>", content_type="image/jpeg")
    assert_problem(lumen_calls.parts(an_item(), page), 422, "media_rejected")


# ── multipart ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_multipart_without_an_item_is_malformed(lumen_calls) -> None:
    response = lumen_calls.client.post("/api/v1/items", {"text": "x"}, headers=lumen_calls.headers)
    assert_problem(response, 400, "malformed")


def test_multipart_with_an_unknown_part_is_refused(lumen_calls) -> None:
    parts = {"item": json.dumps(an_item()), "picture": SimpleUploadedFile("a.jpg", picture())}
    response = lumen_calls.client.post("/api/v1/items", parts, headers=lumen_calls.headers)
    assert_problem(response, 422, "invalid")


def test_media_both_ways_is_refused_because_their_order_is_unclear(lumen_calls) -> None:
    item = an_item(media=[in_base64(picture())])
    response = lumen_calls.parts(item, SimpleUploadedFile("a.jpg", picture()))
    assert_problem(response, 422, "invalid")
    assert "/media" in faults(response)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"no parts at all", "multipart/form-data; boundary=x"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x--", "multipart/form-data"),
        (b"--x--", "multipart/form-data; boundary=\xc3\xa9".encode("latin-1").decode("latin-1")),
    ],
)
def test_broken_multipart_is_malformed(lumen_calls, body, content_type) -> None:
    assert_problem(lumen_calls.raw("POST", "/items", body, content_type), 400, "malformed")


def test_the_item_may_be_a_file_part_too(lumen_calls) -> None:
    parts = {"item": SimpleUploadedFile("item.json", json.dumps(an_item()).encode()), "media": []}
    response = lumen_calls.client.post("/api/v1/items", parts, headers=lumen_calls.headers)
    assert response.status_code == 201, response.content


# ── size ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_body_over_the_size_is_refused(lumen_calls, settings) -> None:
    settings.MAX_BODY_BYTES = 1000
    assert_problem(lumen_calls.post("/items", an_item(text="x" * 1000)), 413, "too_large")


def test_a_multipart_body_over_the_size_is_refused(lumen_calls, settings) -> None:
    settings.MAX_BODY_BYTES = 1000
    file = SimpleUploadedFile("a.jpg", picture())
    assert_problem(lumen_calls.parts(an_item(), file), 413, "too_large")


def test_twenty_one_files_are_too_many(lumen_calls) -> None:
    media = [{"data": base64.b64encode(b"x").decode()}] * 21
    response = lumen_calls.post("/items", an_item(media=media))
    assert_problem(response, 422, "invalid")
    assert "/media" in faults(response)


# ── lists and addresses ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("/items", {"limit": 0}, "/limit"),
        ("/items", {"limit": 201}, "/limit"),
        ("/items", {"limit": "many"}, "/limit"),
        ("/items", {"limit": ["1", "2"]}, "/limit"),
        ("/items", {"status": "nearly"}, "/status"),
        ("/items", {"stauts": "waiting"}, "/stauts"),
        ("/items", {"external_id": "\x00"}, "/external_id"),
        ("/items", {"cursor": "x"}, "/cursor"),
        ("/items", {"cursor": "é"}, "/cursor"),
        ("/items", {"cursor": "aTA5"}, "/cursor"),
        ("/decisions", {"after": "aTk"}, "/after"),  # a cursor of the other list
        ("/decisions", {"after": "-1"}, "/after"),
        ("/categories", {"all": "1"}, "/all"),
    ],
)
def test_a_parameter_that_is_not_right_is_pointed_to(lumen_calls, path, query, pointer) -> None:
    response = lumen_calls.get(path, **query)
    assert (response.status_code, response.json()["code"]) == (422, "invalid"), response.content
    assert pointer in faults(response)


@pytest.mark.parametrize("item_id", ["itm_", "itm_" + "0" * 32, "0" * 32, "cas_" + "0" * 32, "x", "ITM_%00"])
def test_an_id_that_is_none_is_not_found(lumen_calls, item_id) -> None:
    for response in (
        lumen_calls.get(f"/items/{item_id}"),
        lumen_calls.post(f"/items/{item_id}/withdraw"),
        lumen_calls.post(f"/items/{item_id}/reports", {"reports": [{"source": "user"}]}),
        lumen_calls.get(f"/decisions/{item_id}"),
    ):
        assert_problem(response, 404, "not_found")


@pytest.mark.parametrize("path", ["/nothing", "/items/", "/items/a/b/c", "/../x", ""])
def test_an_address_that_does_not_exist_is_a_problem_too(lumen_calls, path) -> None:
    assert_problem(lumen_calls.get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/api/", "/api/v2/items", "/api/v1"])
def test_everything_below_api_answers_in_json(lumen_calls, path) -> None:
    response = lumen_calls.client.post(path, {})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_a_method_that_is_not_offered_is_named(lumen_calls, method) -> None:
    response = lumen_calls.raw(method, "/items", "", "application/json")
    assert response.status_code == 405
    assert response["Allow"] == "GET, POST"
    assert response["Content-Type"] == "application/problem+json"


def test_a_draining_queue_says_when_to_come_back(lumen_calls, lumens_queue) -> None:
    lumens_queue.state = "draining"
    lumens_queue.save()
    response = lumen_calls.post("/items", an_item())
    assert_problem(response, 429, "queue_paused")
    assert int(response["Retry-After"]) > 0


def test_a_closed_queue_says_so_and_names_no_time(lumen_calls, lumens_queue) -> None:
    lumens_queue.state = "closed"
    lumens_queue.save()
    response = lumen_calls.post("/items", an_item())
    assert_problem(response, 409, "queue_closed")
    assert "Retry-After" not in response


def test_a_draft_is_no_queue_to_a_platform(lumen_calls, lumens_queue) -> None:
    lumens_queue.state = "draft"
    lumens_queue.save()
    for item in (an_item(), an_item(queue=lumens_queue.name)):
        assert list(faults(lumen_calls.post("/items", item))) == ["/queue"]


def test_a_paused_queue_takes_items_in(lumen_calls, lumens_queue) -> None:
    lumens_queue.state = "paused"
    lumens_queue.save()
    assert lumen_calls.post("/items", an_item()).status_code == 201


def test_withdraw_takes_no_fields(lumen_calls) -> None:
    made = lumen_calls.post("/items", an_item()).json()
    response = lumen_calls.post(f"/items/{made['id']}/withdraw", {"reason": "x"})
    assert (response.status_code, list(faults(response))) == (422, ["/reason"])


@pytest.mark.parametrize("body", [{}, {"reports": []}, {"reports": [{}]}, {"reports": "x"}, []])
def test_reports_must_be_reports(lumen_calls, body) -> None:
    made = lumen_calls.post("/items", an_item()).json()
    assert lumen_calls.post(f"/items/{made['id']}/reports", body).status_code == 422
    assert not Report.objects.exists()
